package optim

import (
	"errors"
	"math"
	"strings"
	"testing"

	"metaplast/data/fault"
)

func TestMultiStep(t *testing.T) {
	m := MultiStep{Milestones: []int{10, 20, 40}, Gamma: 0.5}
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	for step, want := range map[int]float64{0: 1, 9: 1, 10: 0.5, 19: 0.5, 20: 0.25, 39: 0.25, 40: 0.125, 1 << 40: 0.125} {
		if got := m.Factor(step); got != want {
			t.Errorf("factor(%d) = %v, want %v", step, got, want)
		}
	}
	if got := (MultiStep{}).Factor(1000); got != 1 {
		t.Errorf("no milestones: %v", got)
	}
	if got := (MultiStep{Milestones: []int{1}}).Factor(1); got != 0.1 {
		t.Errorf("default gamma: %v", got)
	}
}

func TestMultiStepFaults(t *testing.T) {
	err := MultiStep{Milestones: []int{0, 20, 20, 10}, Gamma: math.NaN()}.Validate()
	if _, ok := errors.AsType[*fault.Field](err); !ok {
		t.Fatal(err)
	}
	for _, want := range []string{"milestones[0]: 0", "milestones[2]: 20, want more than 20", "milestones[3]: 10, want more than 20", "gamma: NaN"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in: %v", want, err)
		}
	}
}
