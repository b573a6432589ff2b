package continual

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"metaplast/data"
	"metaplast/data/fault"
)

func streams(b *data.Bank, classes ...int) []Stream {
	var s []Stream
	for _, n := range classes {
		for _, order := range []string{data.Continual, data.IID} {
			s = append(s, Stream{Split: data.HeldOut, Trajectory: data.Trajectory{Bank: b, Classes: n, Order: order}})
		}
	}
	return s
}

// TestTrajectories compares every accuracy with that of the unrolled stream. The longest has 150
// taught drawings, more than a portion of queries, and 50 held-out ones, less than one.
func TestTrajectories(t *testing.T) {
	b, p := bank(t), plan(t, 11)
	const runs = 2
	s := streams(b, 2, 10)
	results, err := p.Trajectories(t.Context(), s, runs)
	if err != nil {
		t.Fatal(err)
	}
	if s[0].Outputs != 0 {
		t.Error("the caller's streams were changed")
	}
	differs := false
	for k := range s {
		for i, r := range results[k] {
			if r.Learner != p.Subjects[i].Name || r.Diverged != 0 || len(r.HeldOut) != runs {
				t.Errorf("%+v", r)
			}
			for run := range runs {
				st := s[k].Trajectory
				st.Outputs = 11
				e, err := st.Plan(p.Seed, data.HeldOut, 0, uint64(run))
				if err != nil {
					t.Fatal(err)
				}
				if want := unrolled(t, p, i, e, e.Steps(), e.Query); r.HeldOut[run] != want {
					t.Errorf("%s, stream %d, run %d: held-out accuracy %v, want %v", r.Learner, k, run, r.HeldOut[run], want)
				}
				if want := unrolled(t, p, i, e, e.Steps(), e.Support); r.Trained[run] != want {
					t.Errorf("%s, stream %d, run %d: trained accuracy %v, want %v", r.Learner, k, run, r.Trained[run], want)
				}
				differs = differs || r.HeldOut[run] != r.Trained[run]
			}
			if in := r.HeldOutInterval(); in.Estimate != (r.HeldOut[0]+r.HeldOut[1])/2 || !(in.Low <= in.Estimate && in.Estimate <= in.High) {
				t.Errorf("%+v of %v", in, r.HeldOut)
			}
		}
	}
	if !differs || results[0][0].HeldOut[0] < 0.5 {
		t.Errorf("nothing is learned, or all accuracies are equal: %+v", results)
	}
}

func TestTrajectoriesOnAnyNumberOfWorkers(t *testing.T) {
	b := bank(t)
	var want [][]Result
	for _, workers := range []int{0, 2, 5} {
		p := plan(t, 6)
		p.Workers = workers
		got, err := p.Trajectories(t.Context(), streams(b, 3, 5), 3)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers: %+v, want %+v", workers, got, want)
		}
	}
}

// A learner that explodes is counted, its answers are wrong, and others are not disturbed.
func TestTrajectoriesDiverge(t *testing.T) {
	b, p := bank(t), plan(t, 5)
	want, err := p.Trajectories(t.Context(), streams(b, 4), 2)
	if err != nil {
		t.Fatal(err)
	}
	p.Subjects[1].Graph.Learners[0].Learner.InnerLR = 1e200
	got, err := p.Trajectories(t.Context(), streams(b, 4), 2)
	if err != nil {
		t.Fatal(err)
	}
	for k := range got {
		if got[k][1].Diverged != 2 || got[k][1].HeldOut[0] > 0.5 {
			t.Errorf("%+v", got[k][1])
		}
		got[k][1] = want[k][1]
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestTrajectoriesRefuse(t *testing.T) {
	b := bank(t)
	for _, c := range []struct {
		name    string
		classes int
		runs    int
		edit    func(*Plan)
		says    string
	}{
		{"more classes than outputs", 8, 1, func(*Plan) {}, "outputs: 6, want at least 8"},
		{"more classes than the split has", 13, 1, func(p *Plan) { *p = plan(t, 20) }, "classes: 13, want at most 12"},
		{"no runs", 3, 0, func(*Plan) {}, "0 runs"},
		{"no subjects", 3, 1, func(p *Plan) { p.Subjects = nil }, "no subjects"},
		{"learners of two networks", 3, 1, func(p *Plan) { p.Subjects[1] = plan(t, 7).Subjects[1] }, "one graph for all"},
		{"parameters of another learner", 3, 1, func(p *Plan) { p.Subjects[0].Theta = p.Subjects[1].Theta }, "flp"},
		{"NaN", 3, 1, func(p *Plan) { p.Subjects[0].Theta[0] = math.NaN() }, "NaN"},
	} {
		p := plan(t, 6)
		c.edit(&p)
		if _, err := p.Trajectories(t.Context(), streams(b, c.classes), c.runs); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := plan(t, 6).Trajectories(ctx, streams(b, 3), 1); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := plan(t, 6).Trajectories(t.Context(), streams(b, 3), -1); !errors.Is(err, fault.ErrSetting) {
		t.Error(err)
	}
}
