package metaopt

import (
	"context"
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
