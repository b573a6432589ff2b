package rulestest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"metaplast/graph/engine"
	"metaplast/rules"
)

// determinism: the same bits in a second run, a second build and on the other machine, and from a
// second call in the same graph, as the next inner step is.
func (o Options) determinism(rule rules.Rule, d dims) []Finding {
	var first [][]float64
	for _, m := range []struct {
		name    string
		machine engine.Machine
	}{{"Sequential", sequential}, {"Sequential, built again", sequential}, {"Tape", tape}} {
		g, err := o.gradient(rule, d, m.machine, float64s)
		if err != nil {
			return failed("determinism", d, err)
		}
		defer g.vm.Close()
		for _, run := range []string{"first run", "second run"} {
			values, err := g.run()
			if err != nil {
				return failed("determinism", d, err)
			}
			if first == nil {
				first = values
			}
			if len(values) != len(first) {
				return []Finding{{"determinism", d.String() + ", " + m.name, fmt.Sprintf("%d results and derivatives, then %d", len(first), len(values))}}
			}
			for i, v := range values {
				if at := differ(first[i], v); at >= 0 {
					return []Finding{{"determinism", d.String() + ", " + m.name + ", " + run, fmt.Sprintf("%s at %s is %v, on Sequential it was %v at first: want the same bits", g.names[i], element("", g.outputs[i].Shape(), at), v[at], first[i][at])}}
				}
			}
		}
	}
	return o.again(rule, d)
}

// again calls the rule twice in one graph, on the same operands.
func (o Options) again(rule rules.Rule, d dims) []Finding {
	s, err := o.build(rule, d, float64s)
	if err != nil {
		return failed("determinism", d, err)
	}
	second := *s
	if err := second.call(rule, d); err != nil {
		return failed("determinism", d, fmt.Errorf("calling the rule again in one graph: %w", err))
	}
	vm, err := engine.Sequential(s.b, append(s.nodes(), second.nodes()...))
	if err != nil {
		return failed("determinism", d, err)
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return failed("determinism", d, err)
	}
	for k, r := range s.results {
		one, two := read(r.node), read(second.results[k].node)
		if at := differ(one, two); at >= 0 {
			return []Finding{{"determinism", d.String() + ", called again in one graph", fmt.Sprintf("%s is %v, at the first call it was %v: want the same bits, and no state in the rule",
				r.place(at), two[at], one[at])}}
		}
	}
	return nil
}

// What single precision may differ by from double: relative to the largest element of an array,
// and where terms near 1 cancel each other; a thousand roundings, and sixteen.
const (
	singleTolerance = 1e-4
	singleRounding  = 1e-6
)

// float32: Δ, the state and their derivatives in single precision are those in double precision, rounded.
func (o Options) float32(rule rules.Rule, d dims) []Finding {
	double, err := o.gradient(rule, d, sequential, float64s)
	if err != nil {
		return failed("float32", d, err)
	}
	defer double.vm.Close()
	single, err := o.gradient(rule, d, sequential, float32s)
	if err != nil {
		return failed("float32", d, err)
	}
	defer single.vm.Close()
	want, err := double.run()
	if err != nil {
		return failed("float32", d, err)
	}
	got, err := single.run()
	if err != nil {
		return failed("float32", d, err)
	}
	if !slices.Equal(double.names, single.names) {
		return []Finding{{"float32", d.String(), fmt.Sprintf("there is %s, in float64 %s", strings.Join(single.names, ", "), strings.Join(double.names, ", "))}}
	}
	for k, name := range double.names {
		bound := singleTolerance*magnitude(want[k]) + singleRounding
		for i := range want[k] {
			if !(math.Abs(want[k][i]-got[k][i]) <= bound) {
				return []Finding{{"float32", d.String(), fmt.Sprintf("%s is %g at %s, in float64 %g", name, got[k][i], element("", double.outputs[k].Shape(), i), want[k][i])}}
			}
		}
	}
	return nil
}
