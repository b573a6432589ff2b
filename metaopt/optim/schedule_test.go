package optim

import (
	"math"
	"testing"
)

func TestCosine(t *testing.T) {
	c := Cosine{Steps: 100, Final: 0.2}
	for s, want := range map[int]float64{0: 1, 50: 0.6, 100: 0.2, 101: 0.2, 150: 0.2, 1000: 0.2, 25: 0.2 + 0.8*(1+math.Sqrt2/2)/2} {
		if have := c.Factor(s); math.Abs(have-want) > 1e-15 {
			t.Errorf("factor(%d) = %v, want %v", s, have, want)
		}
	}
	for s := range 99 {
		if !(c.Factor(s+1) < c.Factor(s)) {
			t.Errorf("factor(%d) = %v after %v", s+1, c.Factor(s+1), c.Factor(s))
		}
	}
	for _, bad := range []Cosine{{}, {Steps: 1, Final: 2}, {Steps: 1, Final: math.NaN()}} {
		if bad.Validate() == nil {
			t.Errorf("%+v: want a fault", bad)
		}
	}
}

func TestWarmUp(t *testing.T) {
	w := WarmUp{Steps: 4, Then: MultiStep{Milestones: []int{2}, Gamma: 0.5}}
	for s, want := range []float64{0.2, 0.4, 0.3, 0.4, 0.5, 0.5, 0.5} {
		if have := w.Factor(s); math.Abs(have-want) > 1e-15 {
			t.Errorf("factor(%d) = %v, want %v", s, have, want)
		}
	}
	if f := (WarmUp{Steps: 1}).Factor(7); f != 1 {
		t.Errorf("without another schedule: %v", f)
	}
	if (WarmUp{Steps: -1}).Validate() == nil || (WarmUp{Then: Cosine{}}).Validate() == nil {
		t.Error("want faults")
	}
}
