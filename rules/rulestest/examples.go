package rulestest

import (
	"fmt"
	"math"
	"slices"

	"metaplast/graph/engine"
	"metaplast/rules"
)

// What Δ may change by when the examples come in another order, which is that of a sum: relative
// to its largest element, and for each example where terms near 1 cancel each other.
const (
	orderTolerance = 1e-12
	orderRounding  = 1e-14
)

// examples: the order of the examples of a step does not matter to Δ and to the state. They are one set: a
// rule that pairs the activity of one with another's, or looks at the first only, has lost some.
func (o Options) examples(rule rules.Rule, d dims) []Finding {
	s, err := o.build(rule, d, float64s)
	if err != nil {
		return failed("examples", d, err)
	}
	vm, err := engine.Sequential(s.b, s.nodes())
	if err != nil {
		return failed("examples", d, err)
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return failed("examples", d, err)
	}
	before := s.read()
	for first := 1; first < d.n; first++ { // each swap moves another example to the front
		for _, a := range s.inputs {
			cols := 1
			switch of := belongs(a.name, a.shape, rule, d); {
			case of[0] == example:
				cols = a.shape[1]
			case a.name != "modulator" || a.shape[0] != d.n:
				continue
			}
			front := slices.Clone(a.data[:cols])
			copy(a.data[:cols], a.data[first*cols:])
			copy(a.data[first*cols:], front)
		}
		if err := vm.RunAll(); err != nil {
			return failed("examples", d, err)
		}
		for k, r := range s.results {
			bound := orderTolerance*magnitude(before[k]) + orderRounding*float64(d.n)
			for i, x := range read(r.node) {
				if !(math.Abs(x-before[k][i]) <= bound) {
					return []Finding{{"examples", d.String(), fmt.Sprintf("%s is %.10g, and %.10g with the same examples in another order: want the same but for rounding",
						r.place(i), before[k][i], x)}}
				}
			}
		}
	}
	return nil
}
