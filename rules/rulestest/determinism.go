package rulestest

import (
	"fmt"
	"math"

	"metaplast/graph"
	"metaplast/rules"
)

// determinism: the same bits in a second run, a second build and on the other machine.
func (o Options) determinism(rule rules.Rule, d dims) []Finding {
	var first [][]float64
	for _, m := range []struct {
		name    string
		machine graph.Machine
	}{{"Sequential", sequential}, {"Sequential, built again", sequential}, {"Tape", tape}} {
		g, err := o.gradient(rule, d, m.machine)
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
				return []Finding{{"determinism", d.String() + ", " + m.name, fmt.Sprintf("derivatives by %d operands, then by %d", len(first)-2, len(values)-2)}}
			}
			for i, v := range values {
				if at := differ(first[i], v); at >= 0 {
					return []Finding{{"determinism", d.String() + ", " + m.name + ", " + run, fmt.Sprintf("%s at %s is %v, on Sequential it was %v at first: want the same bits", g.names[i], element("", g.outputs[i].Shape(), at), v[at], first[i][at])}}
				}
			}
		}
	}
	return nil
}

// float32: Δ in single precision is Δ in double precision, rounded.
func (o Options) float32(rule rules.Rule, d dims) []Finding {
	double, err := o.build(rule, d, float64s)
	if err != nil {
		return failed("float32", d, err)
	}
	single, err := o.build(rule, d, float32s)
	if err != nil {
		return failed("float32", d, err)
	}
	want, err := double.run(sequential)
	if err != nil {
		return failed("float32", d, err)
	}
	got, err := single.run(sequential)
	if err != nil {
		return failed("float32", d, err)
	}
	const tolerance = 1e-4 // a thousand roundings of numbers near 1
	scale := max(1, magnitude(want))
	for i := range want {
		if !(math.Abs(want[i]-got[i]) <= tolerance*scale) {
			return []Finding{{"float32", d.String(), fmt.Sprintf("%s is %g, in float64 %g", element("Δ", []int{d.out, d.in}, i), got[i], want[i])}}
		}
	}
	return nil
}
