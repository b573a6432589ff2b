package checkpoint

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"metaplast/data/fault"
	"metaplast/graph"
	"metaplast/metaopt/optim"
)

// testLayout has a learned, a fixed, and another learned segment of its own group.
func testLayout() []optim.Segment {
	return []optim.Segment{
		{Name: "W0", Group: graph.Weights, Shape: []int{2, 3}, Offset: 0, Size: 6, Learned: true},
		{Name: "B0", Group: graph.Feedback, Shape: []int{2}, Offset: 6, Size: 2},
		{Name: "alpha", Group: graph.Plasticity, Shape: []int{}, Offset: 8, Size: 1, Learned: true},
	}
}

// sample is a checkpoint of two learners with every kind of float64 in it.
func sample() *Checkpoint {
	rng := rand.New(rand.NewPCG(3, 4))
	vector := func() []float64 {
		v := make([]float64, 9)
		for i := range v {
			v[i] = math.Float64frombits(rng.Uint64())
		}
		return v
	}
	c := &Checkpoint{Fingerprint: "c0ffee", Seed: math.MaxUint64, Step: 500, ScheduleStep: 498, Unlogged: 7, Pending: true}
	for i, name := range []string{"flp", "oml"} {
		l := Learner{
			Name: name, Layout: testLayout(), Theta: vector(),
			Optimizer:     []optim.State{adam(1 << 63), {Method: "own", Step: 1<<63 + 1, Vectors: []optim.Vector{{Name: "own_x"}}}}[i],
			DivergedInRow: i, Diverged: 2 * i,
		}
		for k := range l.Optimizer.Vectors {
			v := vector()
			v[6], v[7] = 0, 0 // the fixed segment
			l.Optimizer.Vectors[k].Values = v
		}
		c.Learners = append(c.Learners, l)
	}
	copy(c.Learners[0].Theta, []float64{math.SmallestNonzeroFloat64, math.Copysign(0, -1), math.Inf(-1),
		math.Float64frombits(0x7ff0000000000123), math.MaxFloat64, 0x1p-1030, -0x1.fffffffffffffp-1023})
	return c
}

func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

func sameCheckpoint(a, b *Checkpoint) bool {
	return a.Fingerprint == b.Fingerprint && a.Seed == b.Seed && a.Step == b.Step && a.ScheduleStep == b.ScheduleStep &&
		a.Unlogged == b.Unlogged && a.Pending == b.Pending &&
		slices.EqualFunc(a.Learners, b.Learners, func(x, y Learner) bool {
			return x.Name == y.Name && slices.EqualFunc(x.Layout, y.Layout, optim.Segment.Equal) &&
				sameBits(x.Theta, y.Theta) && x.Optimizer.Step == y.Optimizer.Step && x.Optimizer.Same(y.Optimizer) &&
				slices.EqualFunc(x.Optimizer.Vectors, y.Optimizer.Vectors, func(a, b optim.Vector) bool { return sameBits(a.Values, b.Values) }) && x.DivergedInRow == y.DivergedInRow && x.Diverged == y.Diverged
		})
}

func encoded(t testing.TB, c *Checkpoint) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encodeCheckpoint(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decoded(b []byte) (*Checkpoint, error) {
	return decodeCheckpoint(bytes.NewReader(b), int64(len(b)))
}

func TestCheckpointRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.npz")
	c := sample()
	if err := Save(path, c); err != nil {
		t.Fatal(err)
	}
	if !sameCheckpoint(c, sample()) {
		t.Error("saving modified the checkpoint")
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !sameCheckpoint(got, sample()) {
		t.Errorf("got %+v\nwant %+v", got, sample())
	}
	first := read(t, path)
	if err := Save(path, got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, read(t, path)) {
		t.Error("saved, loaded and saved again, the bytes differ")
	}
	if err := got.Match(path, sample()); err != nil {
		t.Error(err)
	}
	for _, c := range []*Checkpoint{{}, {Learners: []Learner{{Name: "empty"}}}} {
		if got, err := decoded(encoded(t, c)); err != nil || !sameCheckpoint(got, c) {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
	}
}

// What the archive promises to other programs.
func TestCheckpointEntries(t *testing.T) {
	b := encoded(t, sample())
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range z.File {
		got = append(got, f.Name)
	}
	want := []string{"state.json"}
	for _, a := range []string{"W0", "B0", "alpha", "adam_m/W0", "adam_m/alpha", "adam_v/W0", "adam_v/alpha"} {
		want = append(want, "flp/"+a+".npy")
	}
	for _, a := range []string{"W0", "B0", "alpha", "own_x/W0", "own_x/alpha"} {
		want = append(want, "oml/"+a+".npy")
	}
	if !slices.Equal(got, want) {
		t.Errorf("entries %q, want %q", got, want)
	}
	sum := sha256.Sum256(b[:len(b)-64])
	if z.Comment != "sha256 of all bytes before: "+hex.EncodeToString(sum[:]) {
		t.Errorf("comment %q", z.Comment)
	}
}

func TestCheckpointMatch(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Checkpoint)
		want   string
	}{
		{"fingerprint", func(c *Checkpoint) { c.Fingerprint = "decaf" }, "another configuration (fingerprint c0ffee…, want decaf…)"},
		{"seed", func(c *Checkpoint) { c.Seed = 7 }, "seed 18446744073709551615, want 7"},
		{"name", func(c *Checkpoint) { c.Learners[1].Name = "fa" }, `learner 1 is "oml", want "fa"`},
		{"fewer", func(c *Checkpoint) { c.Learners = c.Learners[:1] }, `a learner "oml" too many`},
		{"more", func(c *Checkpoint) { c.Learners = append(c.Learners, Learner{Name: "dfa"}) }, `no learner "dfa"`},
		{"shape", func(c *Checkpoint) { c.Learners[0].Layout[0].Shape = []int{6} }, "W0[2 3] weights learned, want W0[6] weights learned"},
		{"fixed", func(c *Checkpoint) { c.Learners[0].Layout[0].Learned = false }, "want W0[2 3] weights fixed"},
		{"fewer segments", func(c *Checkpoint) { c.Learners[0].Layout = c.Learners[0].Layout[:2] }, `a segment "alpha" too many`},
		{"more segments", func(c *Checkpoint) {
			c.Learners[0].Layout = append(c.Learners[0].Layout, optim.Segment{Name: "beta"})
		}, `no segment "beta"`},
		{"optimiser", func(c *Checkpoint) { c.Learners[0].Optimizer = c.Learners[1].Optimizer },
			`learner "flp" was trained by adam [adam_m adam_v], want own [own_x]`},
		{"vectors", func(c *Checkpoint) {
			c.Learners[1].Optimizer.Vectors = []optim.Vector{{Name: "own_y"}}
		}, `learner "oml" was trained by own [own_x], want own [own_y]`},
	} {
		want := sample()
		c.change(want)
		err := sample().Match("run/checkpoint.npz", want)
		e, ok := errors.AsType[*Error](err)
		if !ok || !errors.Is(err, ErrMismatch) || e.Path != "run/checkpoint.npz" || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestSaveRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.npz")
	if err := Save(path, sample()); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	for _, c := range []struct {
		name   string
		change func(*Checkpoint)
		is     error
	}{
		{"short θ", func(c *Checkpoint) { c.Learners[0].Theta = nil }, fault.ErrLength},
		{"long m", func(c *Checkpoint) { c.Learners[1].Optimizer.Vectors[0].Values = make([]float64, 10) }, fault.ErrLength},
		{"fixed v", func(c *Checkpoint) { c.Learners[0].Optimizer.Vectors[1].Values[6] = 1 }, optim.ErrLayout},
		{"vector twice", func(c *Checkpoint) {
			v := c.Learners[1].Optimizer.Vectors
			c.Learners[1].Optimizer.Vectors = append(v, v...)
		}, fault.ErrSetting},
		{"vector's name", func(c *Checkpoint) { c.Learners[1].Optimizer.Vectors[0].Name = "../x" }, fault.ErrSetting},
		{"no method", func(c *Checkpoint) { c.Learners[1].Optimizer.Method = "" }, fault.ErrSetting},
		{"layout", func(c *Checkpoint) { c.Learners[1].Layout[2].Size = 2 }, optim.ErrLayout},
		{"step", func(c *Checkpoint) { c.Step = -1 }, fault.ErrSetting},
		{"twice", func(c *Checkpoint) { c.Learners[1].Name = "flp" }, fault.ErrSetting},
	} {
		bad := sample()
		c.change(bad)
		if err := Save(path, bad); !errors.Is(err, c.is) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if !bytes.Equal(before, read(t, path)) || len(names(t, filepath.Dir(path))) != 1 {
		t.Errorf("something was written: %q", names(t, filepath.Dir(path)))
	}
	err := Save(filepath.Join(path, "x.npz"), sample())
	if e, ok := errors.AsType[*Error](err); !ok || e.Path == "" {
		t.Errorf("a file for a folder: %v", err)
	}
}

// limited fails after n bytes.
type limited struct{ n int }

func (w *limited) Write(p []byte) (int, error) {
	if w.n -= len(p); w.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestEncodeFails(t *testing.T) {
	size := len(encoded(t, sample()))
	for n := 0; n < size; n += 97 {
		if err := encodeCheckpoint(&limited{n}, sample()); !errors.Is(err, errFull) {
			t.Errorf("disk full after %d bytes: %v", n, err)
		}
	}
}

func TestLoadFallback(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.npz")
	if _, err := Load(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("no file: %v", err)
	}
	for step := range 2 {
		c := sample()
		c.Step, c.Unlogged = step, 0
		if err := Save(path, c); err != nil {
			t.Fatal(err)
		}
	}
	write(t, path, read(t, path)[:100])
	_, err := Load(path)
	want := "the one before it is sound: rename " + PreviousPath(path) + " to " + path + " and resume"
	if e, ok := errors.AsType[*Error](err); !ok || e.Fallback != PreviousPath(path) || !strings.Contains(err.Error(), want) {
		t.Fatalf("%v", err)
	}
	if err := os.Rename(PreviousPath(path), path); err != nil {
		t.Fatal(err)
	}
	if c, err := Load(path); err != nil || c.Step != 0 {
		t.Errorf("after the rename: %v", err)
	}
	if _, err := Load(t.TempDir()); !errors.Is(err, ErrDamaged) {
		t.Errorf("a folder: %v", err)
	}
}
