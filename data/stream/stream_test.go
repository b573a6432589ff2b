package stream

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func first(r *rand.Rand, n int) []uint64 {
	v := make([]uint64, n)
	for i := range v {
		v[i] = r.Uint64()
	}
	return v
}

// Pinned: a change of these values changes every run there has been.
func TestPinned(t *testing.T) {
	for _, c := range []struct {
		seed          uint64
		purpose       string
		step, episode uint64
		want          []uint64
	}{
		{0, "", 0, 0, []uint64{0xb27df656dc6f6b4e, 0x36c9df93a6476360}},
		{1, "train/sine", 0, 0, []uint64{0x92f1e14e893afe7f, 0x2b4f771d94b29e26}},
		{1, "heldout/sine", 7, 3, []uint64{0x36224344ad591d5e, 0xd6ec1087ca11f084}},
		{math.MaxUint64, "init/flp/W0", math.MaxUint64, math.MaxUint64, []uint64{0x8f8c384d2881f6a4, 0x26ab7d373b9c3af7}},
	} {
		if got := first(New(c.seed, c.purpose, c.step, c.episode), 2); !slices.Equal(got, c.want) {
			t.Errorf("New(%d, %q, %d, %d) begins with %#x, want %#x", c.seed, c.purpose, c.step, c.episode, got, c.want)
		}
	}
}

func TestReproducible(t *testing.T) {
	a := New(3, "train/sine", 5, 8)
	New(3, "train/sine", 5, 8).Uint64() // another stream of the key shares no state
	want := first(a, 100)
	if got := first(New(3, "train/sine", 5, 8), 100); !slices.Equal(got, want) {
		t.Error("two streams of one key differ")
	}
}

// Every part of the key matters, a value in one place is not the same value in another, and
// no purpose runs into the numbers or into a longer purpose.
func TestKeysDiffer(t *testing.T) {
	numbers := []uint64{0, 1, 2, 255, 256, 1 << 32, 1 << 56, math.MaxUint64, '/', 'a'}
	purposes := []string{"", "a", "aa", "/", "a/", "\x00", "\x00\x00", "\x01",
		"\x00\x00\x00\x00\x00\x00\x00\x00", "train/sine", "train/sine2", "train/sin", "heldout/sine"}
	seen := map[[2]uint64]string{}
	for _, purpose := range purposes {
		for _, seed := range numbers {
			for _, step := range numbers {
				for _, episode := range numbers {
					key := fmt.Sprintf("New(%d, %q, %d, %d)", seed, purpose, step, episode)
					r := New(seed, purpose, step, episode)
					v := [2]uint64{r.Uint64(), r.Uint64()}
					if other, ok := seen[v]; ok {
						t.Fatalf("%s and %s begin alike", key, other)
					}
					seen[v] = key
				}
			}
		}
	}
}

// Neighbouring keys give streams that are uncorrelated.
func TestNeighboursUncorrelated(t *testing.T) {
	const n = 20_000
	for _, c := range []struct {
		name string
		a, b *rand.Rand
	}{
		{"seed", New(1, "p", 0, 0), New(2, "p", 0, 0)},
		{"purpose", New(1, "train/sine", 0, 0), New(1, "heldout/sine", 0, 0)},
		{"step", New(1, "p", 0, 0), New(1, "p", 1, 0)},
		{"episode", New(1, "p", 0, 0), New(1, "p", 0, 1)},
	} {
		var sum float64
		for range n {
			sum += (c.a.Float64() - 0.5) * (c.b.Float64() - 0.5)
		}
		r := 12 * sum / n
		if math.Abs(r) > 4/math.Sqrt(n) { // four standard errors; the streams are fixed
			t.Errorf("%s: correlation %.4f", c.name, r)
		}
	}
}
