package metaopt

import (
	"math"
	"strings"
	"testing"

	"metaplast/metaopt/optim"
)

func TestSettingsValidate(t *testing.T) {
	s := Settings{Steps: -1, Clip: math.NaN(), Schedule: optim.MultiStep{Milestones: []int{5, 2}}, Rates: map[string]float64{"wieghts": 1}}
	err := s.Validate()
	for _, part := range []string{"steps", "batch", "clip", "milestones", "wieghts", "eval.episodes", "checkpoint_every"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v: want it to name %s", err, part)
		}
	}
}
