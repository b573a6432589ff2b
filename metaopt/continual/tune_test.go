package continual

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/metaopt/measure"
)

// TestTune tries every factor by hand, by changing the rate where it is: in the settings of flp and
// oml, and in the parameters of meta-sgd.
func TestTune(t *testing.T) {
	p := plan(t, 8)
	p.Subjects[0].Graph.Learners[0].Learner.HiddenScale = 1
	before := plan(t, 8)
	before.Subjects[0].Graph.Learners[0].Learner.HiddenScale = 1
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
	s.set = tuning // by hand on the same streams
	for i := range how {
		best, at := -1, 0.0
		for j, f := range factors {
			q := plan(t, 8)
			q.Subjects[0].Graph.Learners[0].Learner.HiddenScale = 1
			switch i {
			case 0:
				q.Subjects[0].Graph.Learners[0].Learner.HiddenScale = f
			case 1:
				q.Subjects[1].Graph.Learners[0].Learner.InnerLR *= f
			case 2:
				layout := len(q.Subjects[2].Theta) - (12*24 + 12 + 8*12 + 8) // α and α_b of two layers are the last segments
				for n := layout; n < len(q.Subjects[2].Theta); n++ {
					q.Subjects[2].Theta[n] *= f
				}
			}
			r, err := q.Trajectories(t.Context(), []Stream{s}, 2)
			if err != nil {
				t.Fatal(err)
			}
			a, n := r[0][i].HeldOutInterval(), r[0][i].Right
			if asked := float64(2 * 8 * data.TrajectoryQuery); math.Abs(float64(n)/asked-a.Estimate) > 1e-12 {
				t.Errorf("%s × %v: %d right answers of %v, but accuracy %v", how[i].Learner, f, n, asked, a.Estimate)
			}
			if how[i].Factors[j] != f || how[i].Accuracy[j] != a || how[i].Right[j] != n {
				t.Errorf("%s × %v: %+v, want %+v", how[i].Learner, f, how[i].Accuracy[j], a)
			} else if n > best || n == best && f == 1 {
				best, at = n, f
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
		factors []float64
		right   []int
		want    float64
	}{
		{[]float64{0.1, 1, 10}, []int{2, 5, 4}, 1},
		{[]float64{0.1, 1, 10}, []int{2, 4, 5}, 10},
		{[]float64{0.01, 0.1, 3}, []int{5, 5, 5}, 3},
		{[]float64{0.1, 1, 10}, []int{6, 6, 6}, 1},
		{[]float64{0.3, 1 / 0.3}, []int{6, 6}, 0.3},
		{[]float64{0.7, 1 / 0.7}, []int{6, 6}, 0.7},
	} {
		n := Tuning{Factors: c.factors, Right: c.right}
		if n.choose(); n.Factor != c.want {
			t.Errorf("%v with %v: %v, want %v", c.factors, c.right, n.Factor, c.want)
		}
	}
}

// Two factors with as many right answers are equal, also where the means of their shares differ in
// the last bit.
func TestTuneComparesCounts(t *testing.T) {
	shares := [][]float64{{0.1, 0.7, 0.3}, {0.3, 0.1, 0.7}} // 11 of 30 right, in both
	a, b := measure.StudentT(shares[0], measure.Share), measure.StudentT(shares[1], measure.Share)
	if a.Estimate == b.Estimate {
		t.Fatal("the means are equal: nothing is tested")
	}
	n := Tuning{Factors: []float64{0.1, 1}, Right: []int{11, 11}, Accuracy: []measure.Interval{a, b}}
	if a.Estimate < b.Estimate {
		n.Accuracy = []measure.Interval{b, a} // the factor far from 1 has the greater mean
	}
	if n.choose(); n.Factor != 1 {
		t.Errorf("× %v, want × 1: as many right answers, nearest to 1", n.Factor)
	}
}

// What is reported after tuning, on whatever split, are no streams that were tuned on.
func TestTuneOnOtherStreams(t *testing.T) {
	s := Stream{Split: data.Validation, Trajectory: data.Trajectory{Bank: bank(t), Classes: 8}}
	on := s
	on.set = tuning
	for run := range uint64(3) {
		for other := range uint64(3) {
			a, err1 := s.Plan(5, s.Split, s.set, run)
			b, err2 := on.Plan(5, on.Split, on.set, other)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			if reflect.DeepEqual(a.Support, b.Support) {
				t.Errorf("run %d is the stream %d that was tuned on", run, other)
			}
		}
	}
	// With one factor nothing is chosen, so that the accuracies would be equal on the same streams.
	p := plan(t, 8)
	tuned, how, err := p.Tune(t.Context(), s, 4, []float64{1})
	if err != nil {
		t.Fatal(err)
	}
	r, err := tuned.Trajectories(t.Context(), []Stream{s}, 4)
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for i := range how {
		if how[i].Accuracy[0] == r[0][i].HeldOutInterval() {
			same++
		}
	}
	if same == len(how) {
		t.Error("what is reported is what was tuned on")
	}
}

// Where only the output layer is plastic there is nothing to tune; factors must be positive.
func TestTuneRefuses(t *testing.T) {
	p := plan(t, 8)
	s := Stream{Split: data.Validation, Trajectory: data.Trajectory{Bank: bank(t), Classes: 2}}
	for _, f := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, _, err := p.Tune(t.Context(), s, 1, []float64{1, f}); !errors.Is(err, fault.ErrSetting) {
			t.Errorf("%v: %v", measure.Number(f), err)
		}
	}
	p.Subjects = p.Subjects[:1]
	p.Subjects[0].Graph.Network.Layers[1].Plastic = false
	if q, how, err := p.Tune(t.Context(), s, 1, Factors); err != nil || how != nil || !reflect.DeepEqual(p, q) {
		t.Errorf("%+v, %v", how, err)
	}
}
