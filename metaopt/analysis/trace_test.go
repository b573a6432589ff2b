package analysis

import (
	"context"
	"math"
	"testing"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
)

// TestRecord follows an episode: weights and updates add up, gradients are those of brute force,
// and the loss at the end is that of the unrolled episode.
func TestRecord(t *testing.T) {
	c := settings(t)["sine"]
	ep, err := c.sampler.Sample(1, data.HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	spec := c.sampler.Spec()
	for _, preset := range []string{"flp", "oml", "output-only"} {
		s := subject(t, preset, c.network)
		tr, err := Record(context.Background(), s, ep, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(tr.Updates) != spec.Steps || len(tr.Weights) != spec.Steps+1 || len(tr.Steps) != spec.Steps {
			t.Fatalf("%d updates, %d weights", len(tr.Updates), len(tr.Weights))
		}
		want, err := TraceLen(s, spec.Steps)
		if have := tr.Fast.Total() * (3*spec.Steps + 1); err != nil || have != want {
			t.Errorf("%s: TraceLen %d, %v: the trace has %d values", preset, want, err, have)
		}
		for k, u := range tr.Updates {
			for i := range u {
				if tr.Weights[k+1][i] != tr.Weights[k][i]+u[i] && math.Abs(tr.Weights[k+1][i]-tr.Weights[k][i]-u[i]) > 1e-15 {
					t.Fatalf("%s, step %d: W + ΔW is not the next W at %d", preset, k, i)
				}
				if preset == "oml" {
					near(t, "ΔW = −η∇W", u[i], -0.01*tr.Gradients[k][i], 1e-14)
				}
			}
		}
		if preset != "output-only" {
			r := newBrute(s)
			nx, ny := len(ep.SupportX.Data().([]float64))/spec.Steps, len(ep.SupportY.Data().([]float64))/spec.Steps
			for i, g := range r.gradient(ep.SupportX.Data().([]float64)[:nx], ep.SupportY.Data().([]float64)[:ny]) {
				near(t, "∇W", tr.Gradients[0][i], g, 1e-8)
			}
		}
		near(t, "loss at the end", tr.QueryLoss, unrolled(t, s, ep, spec.Steps), 1e-13)
		if h := tr.Activities[len(tr.Activities)-1]; len(h.Data) != spec.Query {
			t.Errorf("%d predictions", len(h.Data))
		}

		third, err := Record(context.Background(), s, ep, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(third.Steps) != 4 || third.Steps[3] != 9 || third.Updates[3][0] != tr.Updates[9][0] || third.Weights[4][0] != tr.Weights[12][0] {
			t.Errorf("every third step: %v", third.Steps)
		}
	}
}

func TestRecordRefuses(t *testing.T) {
	c := settings(t)["sine"]
	ep, err := c.sampler.Sample(1, data.HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	good := subject(t, "oml", c.network)
	short, none := good, good
	short.Theta = short.Theta[1:]
	none.Graph.Learners = []graph.NamedLearner{}
	if _, err := Record(context.Background(), good, ep, 0); err == nil {
		t.Error("every 0-th step: no error")
	}
	for _, s := range []evaluate.Subject{short, none} {
		if _, err := Record(context.Background(), s, ep, 1); err == nil {
			t.Errorf("%d parameters, %d learners: no error", len(s.Theta), len(s.Graph.Learners))
		}
	}
}
