package rulestest

import (
	"fmt"
	"math"
	"slices"

	"metaplast/data/stream"
)

// probe is an array of arguments with the derivative that is claimed for each.
type probe struct {
	array
	exact []float64
}

// outcome is the comparison of one element with central differences.
type outcome struct {
	ok      bool
	err     float64 // |extrapolated difference − derivative|/scale, the least of all steps tried
	exact   float64
	numeric float64 // difference at the step of err
	step    float64 // that step
	wide    float64 // error at the step and at half of it, without extrapolation
	narrow  float64
	kink    bool // the function has a corner or a jump here
}

func (v outcome) String() string {
	text := fmt.Sprintf("derivative is %.10g, central differences tend to %.10g (relative error %.2g); "+
		"error %.2g at step %.2g and %.2g at half of it: want it to fall fourfold, to nothing",
		v.exact, v.numeric, v.err, v.wide, v.step, v.narrow)
	if v.kink {
		text += "; the differences to the left and to the right disagree: this may be a kink (relu, an absolute value, a comparison): try another Seed"
	}
	return text
}

// compare checks the derivative g of f by its argument at 0 as the package comment says.
func (o Options) compare(f func(dx float64) float64, g, scale float64) outcome {
	const epsilon = 0x1p-52
	best := outcome{err: math.Inf(1), exact: g}
	differences := make([]float64, o.Halvings+1)
	size := 0.0
	central := func(k int) float64 {
		h := math.Ldexp(o.Step, -k)
		up, down := f(h), f(-h)
		size = max(size, math.Abs(up), math.Abs(down))
		return (up - down) / (2 * h)
	}
	// halving judges the pair of steps k and k+1.
	halving := func(k int) (ok bool, err float64) {
		h := math.Ldexp(o.Step, -k)
		wide, narrow := differences[k]-g, differences[k+1]-g
		extrapolated := (4*differences[k+1] - differences[k]) / 3
		err = math.Abs(extrapolated-g) / scale
		if err < best.err {
			best.err, best.numeric, best.step = err, extrapolated, h
			best.wide, best.narrow = math.Abs(wide), math.Abs(narrow)
		}
		rounding := 64 * epsilon * size / h
		falls := math.Abs(narrow) <= math.Abs(wide)/3 || math.Abs(wide) <= rounding && math.Abs(narrow) <= 2*rounding
		return falls && err <= o.Tolerance, err
	}
	differences[0], differences[1] = central(0), central(1)
	before, beforeErr := halving(0)
	sure := math.Inf(1) // the least error that two halvings in a row agree on
	for k := 2; k <= o.Halvings; k++ {
		differences[k] = central(k)
		now, nowErr := halving(k - 1)
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
		best.ok, best.err = true, sure
		return best
	}
	h := math.Ldexp(o.Step, -o.Halvings)
	middle := f(0)
	right, left := (f(h)-middle)/h, (middle-f(-h))/h
	best.kink = math.Abs(right-left) > 1e-3*scale
	return best
}

// result is the comparison of many elements.
type result struct {
	elements int
	worst    float64 // error of the worst element
	place    string  // of the worst element
	failed   []string
	places   []string // of failed
	nonzero  bool     // some derivative is not zero
}

// gradients compares every element of the probes (a sample, if Elements says so). f
// evaluates the function at the arguments that the probes' data hold now.
func (o Options) gradients(f func() (float64, error), probes []probe) (result, error) {
	value, err := f()
	if err != nil {
		return result{}, err
	}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return result{}, fmt.Errorf("the function is %v", value)
	}
	largest := 0.0
	for _, p := range probes {
		if i := notFinite(p.exact); i >= 0 {
			return result{}, fmt.Errorf("the derivative by %s is %v", p.place(i), p.exact[i])
		}
		largest = max(largest, magnitude(p.exact))
	}
	r := result{worst: -1, nonzero: largest > 0}
	var failure error
	for _, p := range probes {
		// An array with small derivatives is measured by itself, down to what rounding of
		// the function's value allows.
		scale := max(magnitude(p.exact), 1e-3*largest, 1e-4*math.Abs(value), math.SmallestNonzeroFloat32)
		for _, i := range o.sample(p.name, len(p.data)) {
			x := p.data[i]
			v := o.compare(func(dx float64) float64 {
				p.data[i] = x + dx
				y, err := f()
				if err != nil {
					failure = err
				}
				return y
			}, p.exact[i], scale)
			p.data[i] = x
			if failure != nil {
				return r, failure
			}
			r.elements++
			// A failure is worse than anything that passes.
			first := !v.ok && len(r.failed) == 0
			if first || v.ok == (len(r.failed) == 0) && v.err > r.worst {
				r.worst, r.place = v.err, p.place(i)
			}
			if !v.ok {
				r.failed, r.places = append(r.failed, v.String()), append(r.places, p.place(i))
			}
		}
	}
	return r, nil
}

// findings turns failed elements into findings.
func (r result) findings(check, place string) []Finding {
	var found []Finding
	for i, text := range r.failed {
		found = append(found, Finding{check, place + ", by " + r.places[i], text})
	}
	return found
}

// sample is the indices to check of an array of n elements, in order.
func (o Options) sample(name string, n int) []int {
	which := stream.New(o.Seed, "rulestest/sample/"+name, 0, 0).Perm(n)
	if o.Elements > 0 && o.Elements < n {
		which = which[:o.Elements]
	}
	slices.Sort(which)
	return which
}

func magnitude(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		m = max(m, math.Abs(v))
	}
	return m
}
