package rulestest

import (
	"fmt"
	"math"
)

// outcome is the comparison of one element with central differences.
type outcome struct {
	ok      bool
	rough   bool    // not ok, and the differences do not converge: nothing is shown
	err     float64 // |extrapolated difference − derivative|/scale, the least of all steps tried
	exact   float64
	numeric float64 // extrapolated difference of that step
	step    float64
	wide    float64 // |difference − derivative| at the step and at half of it
	narrow  float64
}

func (v outcome) String() string {
	text := fmt.Sprintf("derivative is %.10g, central differences tend to %.10g (relative error %.2g); "+
		"difference from it %.2g at step %.2g and %.2g at half of it: want it to fall fourfold, to nothing",
		v.exact, v.numeric, v.err, v.wide, v.step, v.narrow)
	if v.rough {
		text += "; the differences do not converge among themselves, as at a kink (relu, an absolute value, a comparison), for any values drawn"
	}
	return text
}

// compare checks the derivative g of f by its argument at 0 as the package comment says.
func (o Options) compare(f func(dx float64) float64, g, scale float64) outcome {
	const epsilon = 0x1p-52
	v := outcome{err: math.Inf(1), exact: g, rough: true}
	d := make([]float64, 0, o.Halvings+1) // differences, step by step
	size := 1.0                           // a sum rounds like its terms, which may be larger than it
	extend := func() {
		h := math.Ldexp(o.Step, -len(d))
		up, down := f(h), f(-h)
		size = max(size, math.Abs(up), math.Abs(down))
		d = append(d, (up-down)/(2*h))
	}
	// falls says whether what a difference is off by falls as h² from step k to the next.
	falls := func(k int, wide, narrow float64) bool {
		rounding := 64 * epsilon * size / math.Ldexp(o.Step, -k)
		return math.Abs(narrow) <= math.Abs(wide)/3 || math.Abs(wide) <= rounding && math.Abs(narrow) <= 2*rounding
	}
	// halving judges g by the steps k and k+1.
	halving := func(k int) (ok bool, err float64) {
		wide, narrow := d[k]-g, d[k+1]-g
		extrapolated := (4*d[k+1] - d[k]) / 3
		err = math.Abs(extrapolated-g) / scale
		if err < v.err {
			v.err, v.numeric, v.step = err, extrapolated, math.Ldexp(o.Step, -k)
			v.wide, v.narrow = math.Abs(wide), math.Abs(narrow)
		}
		return err <= o.Tolerance && falls(k, wide, narrow), err
	}
	extend()
	extend()
	before, beforeErr := halving(0)
	sure := math.Inf(1) // the least error that two halvings in a row agree on
	for k := 1; k < o.Halvings; k++ {
		extend()
		now, nowErr := halving(k)
		if before && now {
			if both := max(beforeErr, nowErr); both < sure {
				sure = both
			} else {
				break // rounding takes over
			}
		}
		before, beforeErr = now, nowErr
	}
	if !math.IsInf(sure, 1) {
		v.ok, v.rough, v.err = true, false, sure
		return v
	}
	// converges says whether the differences settle from step k on, for some halvings.
	converges := func(k, halvings int) bool {
		if k+halvings+1 >= len(d) {
			return false
		}
		for j := k; j < k+halvings; j++ {
			if !falls(j, d[j]-d[j+1], d[j+1]-d[j+2]) {
				return false
			}
		}
		return true
	}
	for k := 0; k+3 < len(d); k++ {
		_, wide := halving(k + 1)
		_, narrow := halving(k + 2)
		if !(wide > o.Tolerance && narrow > o.Tolerance) {
			continue
		}
		// Rounding is small beside the derivatives; or, where these are claimed to be small, it is
		// small beside the error for many halvings, which no chance explains.
		const many = 6
		rounding := func(k int) float64 { return 64 * epsilon * size / math.Ldexp(o.Step, -k) / scale }
		if rounding(k+3) <= o.Tolerance && converges(k, 2) || rounding(k+many+1) <= 1e-3*min(wide, narrow) && converges(k, many) {
			// They converge to something else than g: it is wrong, unless this is the middle
			// between the slopes on the two sides of a kink.
			h, middle := math.Ldexp(o.Step, -o.Halvings), f(0)
			right, left := (f(h)-middle)/h, (middle-f(-h))/h
			v.rough = !(math.Abs(right-left) <= max(1e-3, 1e-2*narrow)*scale)
			v.err = math.Inf(1)
			halving(k + 2)
			break
		}
	}
	return v
}
