package measure

import "math"

// Verdict is what an interval says about a claim.
type Verdict int

const (
	// Undecided: the interval contains the threshold, or there is no interval. The zero value.
	Undecided Verdict = iota
	// Supported: the whole interval lies on the claimed side of the threshold.
	Supported
	// Refuted: the whole interval lies on the other side.
	Refuted
)

func (v Verdict) String() string {
	switch v {
	case Supported:
		return "supported"
	case Refuted:
		return "refuted"
	}
	return "undecided"
}

// Direction is the side of the threshold that a claim puts the effect on.
type Direction int

const (
	// Greater: the effect is above the threshold. The zero value.
	Greater Direction = iota
	// Less: the effect is below the threshold.
	Less
)

// Claim says on which side of a threshold an effect lies. The zero value claims that it is
// positive.
type Claim struct {
	Direction Direction
	Threshold float64 // finite; 0 for an effect that is a difference
}

// Judge reads a claim from a confidence interval of the effect.
//
//	Greater: Supported if Low > Threshold,  Refuted if High < Threshold
//	Less:    Supported if High < Threshold, Refuted if Low > Threshold
//
// Otherwise it is Undecided, also where an end equals the threshold, and where both ends
// are NaN, as for a single value: no interval, no evidence. Undecided is not evidence for
// no effect. An infinite end is legal and means no bound. The estimate is not read.
//
// Fix claim, direction and level before looking: at 95 %, one in twenty claims about an
// effect that equals its threshold is decided all the same.
//
// Errors: fault.ErrSetting for an unknown direction, a threshold that is not finite, one end NaN,
// or Low > High.
func (c Claim) Judge(iv Interval) (Verdict, error) {
	if c.Direction != Greater && c.Direction != Less {
		return Undecided, &SettingError{Field: "Claim.Direction", Value: int(c.Direction), Want: "Greater or Less"}
	}
	if !isFinite(c.Threshold) {
		return Undecided, &SettingError{Field: "Claim.Threshold", Value: c.Threshold, Want: "a finite number"}
	}
	if math.IsNaN(iv.Low) && math.IsNaN(iv.High) {
		return Undecided, nil
	}
	if !(iv.Low <= iv.High) {
		return Undecided, &SettingError{Field: "Interval", Value: [2]float64{iv.Low, iv.High}, Want: "Low ≤ High, or both NaN"}
	}
	above, below := iv.Low > c.Threshold, iv.High < c.Threshold
	switch {
	case above && c.Direction == Greater, below && c.Direction == Less:
		return Supported, nil
	case above, below:
		return Refuted, nil
	}
	return Undecided, nil
}
