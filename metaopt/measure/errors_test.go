package measure

import (
	"errors"
	"testing"

	"metaplast/data/fault"
)

func TestErrors(t *testing.T) {
	sentinels := []error{ErrNonFinite, fault.ErrLength, ErrShape, ErrTooFew, fault.ErrSetting, ErrUnsupported, ErrNoConvergence}
	for _, c := range []struct {
		err      error
		sentinel error
		want     string
	}{
		{&NonFiniteError{What: "updates", Index: []int{2, 5}, Value: nan}, ErrNonFinite, "non-finite value: updates: element [2 5] is NaN"},
		{&NonFiniteError{What: "norm ratio", Value: inf}, ErrNonFinite, "non-finite value: norm ratio is +Inf"},
		{&fault.Length{What: "updates", Index: []int{2}, Got: 3, Want: 4}, fault.ErrLength, "wrong length: updates [2] of 3 elements, want 4"},
		{&fault.Length{What: "gradient", Got: 3, Want: 4}, fault.ErrLength, "wrong length: gradient of 3 elements, want 4"},
		{&ShapeError{Op: "feedback", Got: []int{2, 3}, Want: wanted(3, 2)}, ErrShape, "shapes do not fit: feedback has shape [2 3], want [3 2]"},
		{&TooFewError{What: "tasks", Got: 1, Need: 2}, ErrTooFew, "too few tasks: 1, need at least 2"},
		{&SettingError{Field: "bins", Value: 0, Want: "at least 1"}, fault.ErrSetting, "bad setting: bins is 0, want at least 1"},
	} {
		if c.err.Error() != c.want {
			t.Errorf("%q, want %q", c.err, c.want)
		}
		for _, s := range sentinels {
			if errors.Is(c.err, s) != (s == c.sentinel) {
				t.Errorf("%q is %q: %v", c.err, s, errors.Is(c.err, s))
			}
		}
	}
}
