package continual

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"metaplast/data"
	"metaplast/metaopt"
	"metaplast/metaopt/measure"
)

// TestTune tries every factor by hand, by changing the rate where it is: in the settings of flp and
// oml, and in the parameters of meta-sgd.
func TestTune(t *testing.T) {
	p := plan(t, 8)
	p.Graph.Learners[0].Learner.HiddenScale = 1
	before := plan(t, 8)
	before.Graph.Learners[0].Learner.HiddenScale = 1
	s := Stream{Split: data.Validation, Trajectory: data.Trajectory{Bank: bank(t), Classes: 8}}
	factors := []float64{10, 0.1, 1, 0.1}
	tuned, how, err := p.Tune(t.Context(), s, 2, factors)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p, before) {
		t.Error("the plan was changed")
	}
	if len(how) != 3 || how[0].Setting != HiddenScale || how[1].Setting != InnerRate || how[2].Setting != InnerRate {
		t.Fatalf("%+v", how)
	}
	factors = []float64{0.1, 1, 10}
	for i := range how {
		best, at := -1.0, 0.0
		for j, f := range factors {
			q := plan(t, 8)
			q.Graph.Learners[0].Learner.HiddenScale = 1
			switch i {
			case 0:
				q.Graph.Learners[0].Learner.HiddenScale = f
			case 1:
				q.Graph.Learners[1].Learner.InnerLR *= f
			case 2:
				layout := len(q.Theta[2]) - (12*24 + 12 + 8*12 + 8) // α and α_b of two layers are the last segments
				for n := layout; n < len(q.Theta[2]); n++ {
					q.Theta[2][n] *= f
				}
			}
			r, err := q.Trajectories(t.Context(), []Stream{s}, 2)
			if err != nil {
				t.Fatal(err)
			}
			if a := r[0][i].HeldOutInterval(); how[i].Factors[j] != f || how[i].Accuracy[j] != a {
				t.Errorf("%s × %v: %+v, want %+v", how[i].Learner, f, how[i].Accuracy[j], a)
			} else if a.Mean > best || a.Mean == best && f == 1 {
				best, at = a.Mean, f
			}
		}
		if how[i].Factor != at {
			t.Errorf("%+v, want × %v", how[i], at)
		}
	}
	if how[0].Factor == 1 && how[1].Factor == 1 && how[2].Factor == 1 {
		t.Error("all factors are 1, so that nothing was tried here")
	}
	// What was chosen is what the plan returned has.
	r, err := tuned.Trajectories(t.Context(), []Stream{s}, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := range how {
		for j, f := range how[i].Factors {
			if f == how[i].Factor && r[0][i].HeldOutInterval() != how[i].Accuracy[j] {
				t.Errorf("%+v, but the plan reaches %+v", how[i], r[0][i])
			}
		}
	}
}

func TestTuneChooses(t *testing.T) {
	for _, c := range []struct {
		factors, means []float64
		want           float64
	}{
		{[]float64{0.1, 1, 10}, []float64{0.2, 0.5, 0.4}, 1},
		{[]float64{0.1, 1, 10}, []float64{0.2, 0.4, 0.5}, 10},
		{[]float64{0.01, 0.1, 3}, []float64{0.5, 0.5, 0.5}, 3},
		{[]float64{0.1, 1, 10}, []float64{0.6, 0.6, 0.6}, 1},
	} {
		n := Tuning{Factors: c.factors}
		for _, m := range c.means {
			n.Accuracy = append(n.Accuracy, Interval{Mean: m})
		}
		if n.choose(); n.Factor != c.want {
			t.Errorf("%v with %v: %v, want %v", c.factors, c.means, n.Factor, c.want)
		}
	}
}

// Where only the output layer is plastic there is nothing to tune; factors must be positive.
func TestTuneRefuses(t *testing.T) {
	p := plan(t, 8)
	s := Stream{Split: data.Validation, Trajectory: data.Trajectory{Bank: bank(t), Classes: 2}}
	for _, f := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, _, err := p.Tune(t.Context(), s, 1, []float64{1, f}); !errors.Is(err, metaopt.ErrSetting) {
			t.Errorf("%v: %v", measure.Number(f), err)
		}
	}
	p.Graph.Learners, p.Theta = p.Graph.Learners[:1], p.Theta[:1]
	p.Graph.Network.Layers[1].Plastic = false
	if q, how, err := p.Tune(t.Context(), s, 1, Factors); err != nil || how != nil || !reflect.DeepEqual(p, q) {
		t.Errorf("%+v, %v", how, err)
	}
}
