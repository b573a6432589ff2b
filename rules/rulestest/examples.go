package rulestest

import (
	"fmt"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/engine"
	"metaplast/rules"
)

// What Δ may change by when the examples come in another order, which is that of a sum: relative
// to its largest element, and for each example where terms near 1 cancel each other.
const (
	orderTolerance = 1e-12
	orderRounding  = 1e-14
)

// examples: the order of the examples of a step does not matter to Δ. They are one set: a rule
// that pairs the activity of one with another's, or looks at the first only, has lost some.
func (o Options) examples(rule rules.Rule, d dims) []Finding {
	s, err := o.build(rule, d, float64s)
	if err != nil {
		return failed("examples", d, err)
	}
	vm, err := engine.Sequential(s.b, []*G.Node{s.delta})
	if err != nil {
		return failed("examples", d, err)
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return failed("examples", d, err)
	}
	before := read(s.delta)
	bound := orderTolerance*magnitude(before) + orderRounding*float64(d.n)
	for first := 1; first < d.n; first++ { // each swap moves another example to the front
		for _, a := range s.inputs {
			if a.name == "W" {
				continue
			}
			cols := a.shape[1]
			front := slices.Clone(a.data[:cols])
			copy(a.data[:cols], a.data[first*cols:])
			copy(a.data[first*cols:], front)
		}
		if err := vm.RunAll(); err != nil {
			return failed("examples", d, err)
		}
		for i, x := range read(s.delta) {
			if !(math.Abs(x-before[i]) <= bound) {
				return []Finding{{"examples", d.String(), fmt.Sprintf("%s is %.10g, and %.10g with the same examples in another order: want the same but for rounding",
					element("Δ", []int{d.out, d.in}, i), before[i], x)}}
			}
		}
	}
	return nil
}
