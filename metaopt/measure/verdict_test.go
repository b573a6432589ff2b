package measure

import (
	"testing"

	"metaplast/data/fault"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name          string
		low, high     float64
		threshold     float64
		greater, less Verdict
	}{
		{"above", 0.1, 0.5, 0, Supported, Refuted},
		{"below", -0.5, -0.1, 0, Refuted, Supported},
		{"across", -0.1, 0.5, 0, Undecided, Undecided},
		{"touches from above", 0, 0.5, 0, Undecided, Undecided},
		{"touches from below", -0.5, 0, 0, Undecided, Undecided},
		{"a point off the threshold", 0.5, 0.5, 0, Supported, Refuted},
		{"a point on it", 0, 0, 0, Undecided, Undecided},
		{"positive, below the threshold", 0.1, 0.5, 1, Refuted, Supported},
		{"negative, above the threshold", -0.5, -0.1, -1, Supported, Refuted},
		{"across the threshold", 0.1, 0.5, 0.3, Undecided, Undecided},
		{"no upper bound", 0.1, inf, 0, Supported, Refuted},
		{"no bound", -inf, inf, 0, Undecided, Undecided},
		{"no interval", nan, nan, 0, Undecided, Undecided},
	} {
		// The estimate is not read: it lies on the other side.
		iv := Interval{Estimate: -c.low * 100, Low: c.low, High: c.high, N: 3}
		for d, want := range map[Direction]Verdict{Greater: c.greater, Less: c.less} {
			got, err := Claim{Direction: d, Threshold: c.threshold}.Judge(iv)
			if err != nil || got != want {
				t.Errorf("%s, direction %d: %v, %v, want %v", c.name, d, got, err, want)
			}
		}
	}
	if got, err := (Claim{}).Judge(Interval{Low: 1, High: 2}); err != nil || got != Supported {
		t.Errorf("the zero claim of a positive effect: %v, %v", got, err)
	}
}

func TestJudgeRefused(t *testing.T) {
	good := Interval{Low: 1, High: 2}
	_, err := Claim{Direction: 2}.Judge(good)
	fails(t, "direction", err, &SettingError{Field: "Claim.Direction", Value: 2, Want: "Greater or Less"}, fault.ErrSetting)
	for _, v := range []float64{nan, inf, -inf} {
		_, err = Claim{Threshold: v}.Judge(good)
		fails(t, "threshold", err, &SettingError{Field: "Claim.Threshold", Value: v, Want: "a finite number"}, fault.ErrSetting)
	}
	for _, ends := range [][2]float64{{2, 1}, {nan, 1}, {1, nan}} {
		_, err = Claim{}.Judge(Interval{Low: ends[0], High: ends[1]})
		fails(t, "interval", err, &SettingError{Field: "Interval", Value: ends, Want: "Low ≤ High, or both NaN"}, fault.ErrSetting)
	}
}

func TestVerdictNames(t *testing.T) {
	for v, want := range map[Verdict]string{Undecided: "undecided", Supported: "supported", Refuted: "refuted"} {
		if v.String() != want {
			t.Errorf("%d prints %q, want %q", v, v, want)
		}
	}
	if Undecided != 0 {
		t.Error("the zero value is a decision")
	}
}
