package glyphs

import (
	"context"
	"encoding/hex"
	"errors"
	"runtime"
	"strings"
	"testing"

	"metaplast/data"
)

func mustLoad(t testing.TB, c Config) *data.Bank {
	t.Helper()
	b, err := Load(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// small is an alphabet that is quick to draw.
var small = Config{Train: 6, Validation: 3, HeldOut: 4, Drawings: 5, Size: 16, Seed: 3}

func drawing(t testing.TB, b *data.Bank, split data.Split, class, d int) string {
	t.Helper()
	s := b.Shape()
	buf := make([]uint8, s[1]*s[2])
	if err := b.Bytes(buf, split, class, d); err != nil {
		t.Fatal(err)
	}
	return string(buf)
}

func TestLoad(t *testing.T) {
	b := mustLoad(t, small)
	if b.Name() != "glyphs" || b.Len(data.Train) != 6 || b.Len(data.Validation) != 3 || b.Len(data.HeldOut) != 4 {
		t.Errorf("%s has %d, %d and %d classes", b.Name(), b.Len(data.Train), b.Len(data.Validation), b.Len(data.HeldOut))
	}
	if s := b.Shape(); len(s) != 3 || s[0] != 1 || s[1] != 16 || s[2] != 16 {
		t.Errorf("shape %v", s)
	}
	c, err := b.Class(data.HeldOut, 2)
	if want := (data.Class{Name: "heldout/0002", Split: data.HeldOut, Drawings: 5}); err != nil || c != want {
		t.Errorf("%+v, %v, want %+v", c, err, want)
	}
	if b := mustLoad(t, Config{}); b.Len(data.Train) != 200 || b.Len(data.Validation) != 50 || b.Len(data.HeldOut) != 100 || b.Shape()[1] != 28 {
		t.Error("the zero value is another alphabet")
	}
}

// Pinned: a change of this value changes every run with glyphs there has been.
func TestPinned(t *testing.T) {
	got, err := mustLoad(t, small).Digest()
	const want = "bae83a56b687cff9"
	if h := hex.EncodeToString(got[:8]); err != nil || h != want {
		t.Errorf("digest %s, %v, want %s", h, err, want)
	}
}

func TestSameBytesOnAnyNumberOfWorkers(t *testing.T) {
	want, _ := mustLoad(t, small).Digest()
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	for _, n := range []int{1, 3, 20} {
		runtime.GOMAXPROCS(n)
		if got, _ := mustLoad(t, small).Digest(); got != want {
			t.Errorf("%d workers draw another alphabet", n)
		}
	}
}

// A class depends on the seed and its number alone.
func TestClassesStay(t *testing.T) {
	a := mustLoad(t, small)
	more := small
	more.Train, more.Validation, more.HeldOut, more.Drawings = 9, 4, 8, 7
	b := mustLoad(t, more)
	for split, n := range map[data.Split]int{data.Train: 6, data.Validation: 3, data.HeldOut: 4} {
		for class := range n {
			for d := range 5 {
				if drawing(t, a, split, class, d) != drawing(t, b, split, class, d) {
					t.Fatalf("%v %d/%d changes with the size of the alphabet", split, class, d)
				}
			}
		}
	}
	other := small
	other.Seed++
	if drawing(t, a, data.Train, 0, 0) == drawing(t, mustLoad(t, other), data.Train, 0, 0) {
		t.Error("the seed does not matter")
	}
}

// No two drawings of the default alphabet are the same, within a class, across classes or splits.
func TestDrawingsDiffer(t *testing.T) {
	b := mustLoad(t, Config{})
	seen := map[string]bool{}
	n := 0
	for _, split := range data.Splits() {
		for class := range b.Len(split) {
			for d := range DefaultDrawings {
				seen[drawing(t, b, split, class, d)] = true
				n++
			}
		}
	}
	if n != 7000 || len(seen) != n {
		t.Errorf("%d of %d drawings are different", len(seen), n)
	}
}

// Every drawing has ink, as much as a character has, and most of it is on the canvas.
func TestInk(t *testing.T) {
	for _, size := range []int{8, 28, 84} {
		b := mustLoad(t, Config{Train: 20, Validation: 1, HeldOut: 1, Size: size})
		for class := range 20 {
			for d := range DefaultDrawings {
				sum, full := 0, false
				for _, v := range []byte(drawing(t, b, data.Train, class, d)) {
					sum += int(v)
					full = full || v == 255
				}
				if part := float64(sum) / float64(255*size*size); part < 0.02 || part > 0.5 || (!full && size > 8) {
					t.Errorf("size %d, class %d, drawing %d: %.3f inked, full pixels: %v", size, class, d, part, full)
				}
			}
		}
	}
}

// Learnable, but not trivial: what comparing pixels achieves in 5-way 1-shot episodes must lie far
// from chance (0.2) and from 1, and more shots must help.
func TestNearestNeighbour(t *testing.T) {
	b := mustLoad(t, Config{})
	for _, c := range []struct {
		ways, shots int
		least, most float64
	}{{5, 1, 0.6, 0.85}, {5, 5, 0.85, 0.97}, {20, 1, 0.4, 0.65}} {
		s := data.Classification{Bank: b, Ways: c.ways, Shots: c.shots, Batch: 1, Query: 5}
		mean := 0.0
		const episodes = 60
		for i := range uint64(episodes) {
			e, err := s.Sample(1, data.HeldOut, 0, i)
			if err != nil {
				t.Fatal(err)
			}
			mean += data.NearestNeighbour(e) / episodes
		}
		t.Logf("%d-way %d-shot: %.3f", c.ways, c.shots, mean)
		if mean < c.least || mean > c.most {
			t.Errorf("%d-way %d-shot: %.3f of the queries are nearest to their class, want %v to %v", c.ways, c.shots, mean, c.least, c.most)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		c    Config
		want []string
	}{
		{Config{}, nil},
		{Config{Train: -1, HeldOut: -2, Size: 7}, []string{"train: -1, want 1 to", "heldout: -2, want 1 to", "size: 7, want 8 to 512"}},
		{Config{Validation: -1, Drawings: -1, Size: 513}, []string{"validation: -1", "drawings: -1", "size: 513"}},
		{Config{Train: 1 << 20, Drawings: 1 << 10}, []string{"(train + validation + heldout) × drawings: "}},
	} {
		err := c.c.Validate()
		if c.want == nil {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%+v: no fault", c.c)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != len(c.want) {
			t.Errorf("%+v: %v", c.c, err)
			continue
		}
		for i, w := range c.want {
			if !strings.HasPrefix(lines[i], w) {
				t.Errorf("%q, want %q", lines[i], w)
			}
		}
		if _, lerr := Load(context.Background(), c.c); lerr == nil || lerr.Error() != err.Error() {
			t.Errorf("Load: %v", lerr)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Load(ctx, Config{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		mustLoad(b, Config{})
	}
}
