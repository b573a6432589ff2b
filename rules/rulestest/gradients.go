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
// with other values. What is undecided after the last of them has failed. A derivative that
// is wrong where the function is smooth fails at once.
func (o Options) decide(run func(o Options) (result, error)) (result, error) {
	const draws = 5
	all, err := run(o)
	for o.draw = 1; o.draw < draws && err == nil && len(all.failed) == 0 && len(all.rough) > 0; o.draw++ {
		o.only = all.rough
		r, failure := run(o)
		if failure != nil {
			continue // an episode that diverges, say: these values show nothing either
		}
		if len(r.failed) > 0 || r.worst > all.worst {
			all.worst, all.place = r.worst, r.place
		}
		all.failed, all.places, all.rough, all.roughAs = r.failed, r.places, r.rough, r.roughAs
		all.elements += r.elements
	}
	if err == nil && len(all.failed) == 0 && len(all.rough) > 0 {
		all.worst, all.place = math.Inf(1), all.rough[0]
		all.failed, all.places = all.roughAs, all.rough
		all.elements += len(all.rough)
	}
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
