package omniglot

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"metaplast/data"
	"metaplast/data/fetch"
)

// real returns the folder of the real archives, or skips.
func real(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("METAPLAST_OMNIGLOT")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data", "omniglot")
	}
	for _, name := range []string{fetch.BackgroundZip, fetch.EvaluationZip} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Skipf("SKIPPED: THE REAL OMNIGLOT IS NOT TESTED: no %s in %s; set METAPLAST_OMNIGLOT to its folder", name, dir)
		}
	}
	return dir
}

// raceEnabled: the race detector makes decoding some twenty times slower.
var raceEnabled bool

// realDigest identifies the data set at 28×28. Runs have it in their records: with another one they would all
// be refused.
const realDigest = "30db59a9f8e772753d6d89c3d547ba4fcf1bd07e53b09e50e5515c3ded7676e6"

func TestReal(t *testing.T) {
	if raceEnabled || testing.Short() {
		t.Skip("SKIPPED: THE REAL OMNIGLOT IS NOT TESTED: too slow with -race or -short")
	}
	c := Config{Dir: real(t), Root: t.TempDir()}
	b, info := mustLoad(t, c)
	if info.FromCache {
		t.Errorf("%+v", info)
	}
	if !info.Known {
		t.Logf("archives with checksums that are not known: %+v", info)
	}
	if b.Len(data.Train) != 869 || b.Len(data.Validation) != 95 || b.Len(data.HeldOut) != 659 {
		t.Errorf("%d, %d and %d classes, want 869, 95 and 659", b.Len(data.Train), b.Len(data.Validation), b.Len(data.HeldOut))
	}
	for _, k := range []struct {
		split data.Split
		i     int
		want  string
	}{
		{data.Train, 0, "Alphabet_of_the_Magi/character01"}, {data.Train, 868, "Sanskrit/character42"},
		{data.Validation, 0, "Syriac_(Estrangelo)/character01"}, {data.Validation, 94, "Tifinagh/character55"},
		{data.HeldOut, 0, "Angelic/character01"}, {data.HeldOut, 658, "ULOG/character26"},
	} {
		if got, err := b.Class(k.split, k.i); err != nil || got.Name != k.want || got.Drawings != Drawings {
			t.Errorf("%v %d is %+v, %v, want %s", k.split, k.i, got, err, k.want)
		}
	}
	if o := b.Origin(); info.Known && (o.Archives != data.Official || o.Classes != 1623 || o.Drawings != 32460 || o.SHA256 != realDigest) {
		t.Errorf("%+v with SHA-256 %s, want the official ones, %s", o, o.SHA256, realDigest)
	}
	cached, info := mustLoad(t, c)
	if !info.FromCache || digest(t, cached) != digest(t, b) {
		t.Error("the cache gives another bank")
	}

	// Strokes survive: every drawing has ink, about as much as its original, and dark pixels.
	buf := make([]uint8, 28*28)
	for _, split := range data.Splits() {
		for class := range b.Len(split) {
			for d := range Drawings {
				if err := b.Bytes(buf, split, class, d); err != nil {
					t.Fatal(err)
				}
				sum := 0
				for _, v := range buf {
					sum += int(v)
				}
				if ink := float64(sum) / (255 * 28 * 28); ink < 0.002 || ink > 0.4 || slices.Max(buf) < 90 {
					t.Errorf("%v %d/%d: %.4f inked, darkest %d", split, class, d, ink, slices.Max(buf))
				}
			}
		}
	}

	// Comparing pixels achieves what is published: Vinyals et al., NeurIPS 2016, table 1, have 0.417
	// for 5-way 1-shot, on another split.
	s := data.Classification{Bank: b, Ways: 5, Shots: 1, Batch: 1, Query: 5}
	mean := 0.0
	const episodes = 120
	for i := range uint64(episodes) {
		e, err := s.Sample(1, data.HeldOut, 0, i)
		if err != nil {
			t.Fatal(err)
		}
		mean += data.NearestNeighbour(e) / episodes
	}
	t.Logf("5-way 1-shot: %.3f", mean)
	if mean < 0.37 || mean > 0.49 {
		t.Errorf("nearest neighbours: %.3f", mean)
	}
}

func BenchmarkReal(b *testing.B) {
	dir := real(b)
	for _, size := range []struct {
		name string
		n    int
	}{{"28", 28}, {"84", 84}} {
		c := Config{Dir: dir, Root: b.TempDir(), Size: size.n, NoCache: true}
		b.Run("cold/"+size.name, func(b *testing.B) {
			for b.Loop() {
				mustLoad(b, c)
			}
		})
		c.NoCache = false
		mustLoad(b, c)
		b.Run("cache/"+size.name, func(b *testing.B) {
			for b.Loop() {
				mustLoad(b, c)
			}
		})
	}
}
