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
	for k := 0; k+3 < len(d); k++ {
		clear := 64*epsilon*size/math.Ldexp(o.Step, -k-3) <= o.Tolerance*scale
		_, wide := halving(k + 1)
		_, narrow := halving(k + 2)
		if clear && wide > o.Tolerance && narrow > o.Tolerance &&
			falls(k, d[k]-d[k+1], d[k+1]-d[k+2]) && falls(k+1, d[k+1]-d[k+2], d[k+2]-d[k+3]) {
			v.rough = false // they converge, to something else than g
		}
	}
	return v
}

// result is the comparison of many elements.
type result struct {
	elements int
	worst    float64  // error of the worst element
	place    string   // of the worst element
	failed   []string // messages
	places   []string // of failed
	rough    []string // places where nothing is shown
	roughAs  []string // their messages
	nonzero  bool     // some derivative is not zero
}

// decide runs a comparison and, for elements about which it shows nothing, does so again
// with other values. What is still undecided after that has failed. A derivative that is
// wrong where the function is smooth fails at once.
func (o Options) decide(run func(o Options) (result, error)) (result, error) {
	const draws = 5
	all, err := run(o)
	for o.draw = 1; o.draw < draws && err == nil && len(all.rough) > 0; o.draw++ {
		o.only = all.rough
		var r result
		r, err = run(o)
		all.rough, all.roughAs = r.rough, r.roughAs
		if len(r.failed) > 0 && len(all.failed) == 0 || (len(r.failed) > 0) == (len(all.failed) > 0) && r.worst > all.worst {
			all.worst, all.place = r.worst, r.place
		}
		all.failed, all.places = append(all.failed, r.failed...), append(all.places, r.places...)
		all.elements += r.elements
	}
	if len(all.rough) > 0 && len(all.failed) == 0 {
		all.worst, all.place = math.Inf(1), all.rough[0]
	}
	all.failed, all.places = append(all.failed, all.roughAs...), append(all.places, all.rough...)
	return all, err
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
			if o.only != nil && !slices.Contains(o.only, p.place(i)) {
				continue
			}
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
			switch {
			case v.rough:
				r.rough, r.roughAs = append(r.rough, p.place(i)), append(r.roughAs, v.String())
				continue
			case v.ok == (len(r.failed) == 0) && v.err > r.worst, !v.ok && len(r.failed) == 0:
				// A failure is worse than anything that passes.
				r.worst, r.place = v.err, p.place(i)
			}
			r.elements++
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
