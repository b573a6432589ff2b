package data

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"metaplast/data/stream"
)

// No function of training is ever one of the evaluation's, and the streams' keys differ.
func TestSineSplitsDisjoint(t *testing.T) {
	s := Sine{Functions: 10, Steps: 1, Batch: 1, Query: 1}
	train, err1 := Purpose(Train, s.Spec().Name)
	held, err2 := Purpose(HeldOut, s.Spec().Name)
	if err1 != nil || err2 != nil || train == held {
		t.Fatalf("purposes %q and %q, %v, %v", train, held, err1, err2)
	}
	// The sampler draws from the streams of these purposes.
	for split, purpose := range map[Split]string{Train: train, HeldOut: held} {
		waves, err := s.Waves(1, split, 2, 3)
		if want := 5 * (stream.New(1, purpose, 2, 3).Float64() + 0.02); err != nil || waves[0].Amplitude != want {
			t.Errorf("%v: first amplitude %v, want %v from %q", split, waves[0].Amplitude, want, purpose)
		}
	}
	seen := map[Wave]Split{}
	amplitudes := map[float64]Split{}
	for step := range uint64(100) {
		for episode := range uint64(100) {
			for _, split := range []Split{Train, HeldOut} {
				waves, err := s.Waves(1, split, step, episode)
				if err != nil {
					t.Fatal(err)
				}
				for _, w := range waves {
					// Stronger than asked for: no two of 200,000 functions are equal at all,
					// and no amplitude crosses over.
					if other, ok := seen[w]; ok {
						t.Fatalf("%+v is in %v and in %v", w, other, split)
					}
					if other, ok := amplitudes[w.Amplitude]; ok && other != split {
						t.Fatalf("amplitude %v is in %v and in %v", w.Amplitude, other, split)
					}
					seen[w], amplitudes[w.Amplitude] = split, split
				}
			}
		}
	}
	if len(seen) != 200_000 {
		t.Errorf("%d functions", len(seen))
	}
}

// No query input is one that the learner has been taught.
func TestSineQueryIsNew(t *testing.T) {
	for ep := range uint64(50) {
		e := mustSample(t, quick, 1, Train, 0, ep)
		taught := map[float64]bool{}
		sx, qx := floats(t, e.SupportX.Data()), floats(t, e.QueryX.Data())
		for i := 0; i < len(sx); i += 6 {
			taught[sx[i]] = true
		}
		for i := 0; i < len(qx); i += 6 {
			if taught[qx[i]] {
				t.Fatalf("episode %d: query input %v is in the support stream", ep, qx[i])
			}
		}
	}
}

func TestSineDistributions(t *testing.T) {
	s := Sine{Functions: 10, Steps: 2, Batch: 3, Query: 4}
	var amplitude, phase, support, query []float64
	for ep := range uint64(2000) {
		waves, err := s.Waves(1, Train, 0, ep)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range waves {
			amplitude, phase = append(amplitude, w.Amplitude), append(phase, w.Phase)
		}
		if ep < 400 {
			e := mustSample(t, s, 1, Train, 0, ep)
			for i, x := range floats(t, e.SupportX.Data()) {
				if i%11 == 0 {
					support = append(support, x)
				}
			}
			for i, x := range floats(t, e.QueryX.Data()) {
				if i%11 == 0 {
					query = append(query, x)
				}
			}
		}
	}
	for _, c := range []struct {
		name   string
		values []float64
		lo, hi float64
	}{
		{"amplitude", amplitude, 0.1, 5.1},
		{"phase", phase, 0, math.Pi},
		{"support x", support, -5, 5},
		{"query x", query, -5, 5},
	} {
		n, width := float64(len(c.values)), c.hi-c.lo
		lo, hi := slices.Min(c.values), slices.Max(c.values)
		if lo < c.lo || hi >= c.hi || lo > c.lo+20*width/n || hi < c.hi-20*width/n {
			t.Errorf("%s: values from %v to %v, want [%v, %v) filled", c.name, lo, hi, c.lo, c.hi)
		}
		// A uniform distribution has variance w²/12, and its fourth moment w⁴/80 gives the
		// variance of a sample variance; four standard errors each.
		mean, variance := stat.MeanVariance(c.values, nil)
		if d := math.Abs(mean - (c.lo+c.hi)/2); d > 4*width/math.Sqrt(12*n) {
			t.Errorf("%s: mean %v is off by %v", c.name, mean, d)
		}
		if d := math.Abs(variance - width*width/12); d > 4*width*width*math.Sqrt((1./80-1./144)/n) {
			t.Errorf("%s: variance %v is off by %v", c.name, variance, d)
		}
	}
	if r := stat.Correlation(amplitude, phase, nil); math.Abs(r) > 4/math.Sqrt(float64(len(phase))) {
		t.Errorf("amplitude and phase correlate: %v", r)
	}
}
