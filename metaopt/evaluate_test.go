package metaopt

import (
	"context"
	"math"
	"testing"

	"metaplast/data"
)

// TestEvaluate compares the inner loop step by step with the unrolled graph.
func TestEvaluate(t *testing.T) {
	p := tiny(t)
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Build(); err != nil {
		t.Fatal(err)
	}
	evals, err := tr.Evaluate(context.Background(), 3)
	if err != nil {
		t.Fatal(err)
	}
	for e := range 3 {
		ep, err := p.Sampler.Sample(p.Seed, data.HeldOut, 0, uint64(e))
		if err != nil {
			t.Fatal(err)
		}
		u := tr.Graphs()[0]
		if err := u.Bind(ep.Arrays()); err != nil {
			t.Fatal(err)
		}
		for i := range evals {
			if err := u.SetParams(i, tr.Theta(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := u.Run(); err != nil {
			t.Fatal(err)
		}
		for i, ev := range evals {
			if u.Loss(i) != ev.Losses[e] {
				t.Errorf("episode %d, %s: unrolled %v, step by step %v", e, ev.Learner, u.Loss(i), ev.Losses[e])
			}
		}
	}
}

func TestSummarize(t *testing.T) {
	// Mean 3, sd √2.5, t_{0.975,4} = 2.7764451: half width 1.9632432.
	e := Summarize("a", []float64{1, 2, 3, 4, 5})
	if e.Mean != 3 || e.Median != 3 || math.Abs(e.High-4.9632432) > 1e-6 || math.Abs(e.Low-1.0367568) > 1e-6 {
		t.Errorf("%+v", e)
	}
	e = Summarize("a", []float64{1, math.NaN(), 2, math.Inf(1), 3})
	if e.Mean != 2 || e.Diverged != 2 || e.Median != 3 {
		t.Errorf("%+v: want mean 2, 2 diverged, median 3", e)
	}
	// Losses are not negative, nor are the ends of their interval; logarithms may be.
	if e = SummarizeLosses("a", []float64{0.1, 0.4}); e.Low != 0 || !(e.High > 2) {
		t.Errorf("%+v: want an interval from 0", e)
	}
	if e = Summarize("a", []float64{0.1, 0.4}); !(e.Low < -1) {
		t.Errorf("%+v: want an interval from below 0", e)
	}
	if e = Summarize("a", []float64{math.NaN()}); !math.IsNaN(e.Mean) || !math.IsInf(e.Median, 1) {
		t.Errorf("%+v: want no mean and an infinite median", e)
	}
}
