package continual

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"metaplast/data"
	"metaplast/data/fault"
)

func task(b *data.Bank) data.Classification {
	return data.Classification{Bank: b, Ways: 3, Shots: 4, Batch: 2, Query: 5, Order: data.IID, Outputs: 5}
}

// TestMatrices compares every element of R with that of the unrolled stream up to the block, and the
// measures with their formulas written out.
func TestMatrices(t *testing.T) {
	p, c := plan(t, 5), task(bank(t))
	const episodes = 3
	all, err := p.Matrices(t.Context(), c, data.Validation, episodes)
	if err != nil {
		t.Fatal(err)
	}
	c.Order = data.Continual // Matrices does not read it
	for i, m := range all {
		r, before := newTable(3).r, make([]float64, 3)
		var acc, bwt, fwt, forgot float64
		for k := range episodes {
			e, err := c.Plan(p.Seed, data.Validation, 0, uint64(k))
			if err != nil {
				t.Fatal(err)
			}
			var one [3][3]float64
			var first [3]float64
			for col := range 3 {
				first[col] = unrolled(t, p, i, e, 0, e.Query[5*col:5*col+5])
				before[col] += first[col] / episodes
				for row := range 3 {
					one[row][col] = unrolled(t, p, i, e, 2*(row+1), e.Query[5*col:5*col+5])
					r[row][col] += one[row][col] / episodes
				}
			}
			acc += (one[2][0] + one[2][1] + one[2][2]) / 3 / episodes
			bwt += (one[2][0] - one[0][0] + one[2][1] - one[1][1]) / 2 / episodes
			fwt += (one[0][1] - first[1] + one[1][2] - first[2]) / 2 / episodes
			forgot += (math.Max(one[0][0], one[1][0]) - one[2][0] + math.Max(one[0][1], one[1][1]) - one[2][1]) / 2 / episodes
		}
		if !reflect.DeepEqual(m.R, r) || !reflect.DeepEqual(m.Before, before) || m.Diverged != 0 || m.Learner != p.Subjects[i].Name {
			t.Errorf("%+v, want %v and %v before", m, r, before)
		}
		for _, v := range []struct {
			name       string
			have, want float64
		}{{"ACC", m.Average.Estimate, acc}, {"BWT", m.Backward.Estimate, bwt}, {"FWT", m.Forward.Estimate, fwt}, {"F", m.Forgetting.Estimate, forgot}} {
			if math.Abs(v.have-v.want) > 1e-12 {
				t.Errorf("%s: %s is %v, want %v", m.Learner, v.name, v.have, v.want)
			}
		}
	}
	if all[1].Average.Estimate < 0.5 || all[1].Forgetting.Estimate == all[0].Forgetting.Estimate {
		t.Errorf("nothing is learned, or all learners are alike: %+v", all)
	}
	p.Workers = 3
	again, err := p.Matrices(t.Context(), c, data.Validation, episodes)
	if err != nil || !reflect.DeepEqual(all, again) {
		t.Errorf("three workers: %+v, %v, want %+v", again, err, all)
	}
}

func TestMatricesDiverge(t *testing.T) {
	p := plan(t, 5)
	p.Subjects[1].Graph.Learners[0].Learner.InnerLR = 1e200
	all, err := p.Matrices(t.Context(), task(bank(t)), data.HeldOut, 2)
	if err != nil || all[0].Diverged != 0 || all[1].Diverged != 2 {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestMatricesRefuse(t *testing.T) {
	for _, c := range []struct {
		ways, episodes int
		says           string
		kind           error
	}{
		{1, 2, "1 class in an episode, want at least 2", fault.ErrSetting},
		{13, 2, "at most 12", nil},
		{3, 0, "0 runs", fault.ErrSetting},
	} {
		k := task(bank(t))
		k.Ways, k.Outputs = c.ways, 0
		if _, err := plan(t, max(c.ways, 5)).Matrices(t.Context(), k, data.HeldOut, c.episodes); err == nil || !strings.Contains(err.Error(), c.says) || c.kind != nil && !errors.Is(err, c.kind) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
