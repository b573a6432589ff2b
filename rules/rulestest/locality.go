package rulestest

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/engine"
	"metaplast/rules"
)

// locality changes one element of one operand at a time and looks for elements of Δ that
// must not see it but change, were it by one bit.
func (o Options) locality(rule rules.Rule, d dims) []Finding {
	s, err := o.build(rule, d, float64s)
	if err != nil {
		return failed("locality", d, err)
	}
	vm, err := engine.Sequential(s.b, []*G.Node{s.delta})
	if err != nil {
		return failed("locality", d, err)
	}
	defer vm.Close()
	run := func() ([]float64, error) {
		err := vm.RunAll()
		return read(s.delta), err
	}
	before, err := run()
	if err != nil {
		return failed("locality", d, err)
	}
	// reach says which elements of Δ element [row,col] of an operand may change.
	reach := map[string]func(col, row, i, j int) bool{
		"pre":      func(col, _, _, j int) bool { return j == col },
		"post":     func(col, _, i, _ int) bool { return i == col },
		"feedback": func(col, _, i, _ int) bool { return i == col },
		"W":        func(_, row, i, _ int) bool { return i == row },
	}
	sees := map[string]string{"pre": "pre[:,%[2]d]", "post": "post[:,%[1]d]", "feedback": "feedback[:,%[1]d]", "W": "W[%[1]d,:]"}
	var found []Finding
	for _, a := range s.inputs {
		count := 0
		for e, x := range a.data {
			for _, change := range []float64{0.5, -1.25} {
				a.data[e] = x + math.Copysign(change, x*change)
				after, err := run()
				a.data[e] = x
				if err != nil {
					return append(found, failed("locality", d, err)...)
				}
				row, col := e/a.shape[1], e%a.shape[1]
				v := violation(before, after, d, func(i, j int) bool { return reach[a.name](col, row, i, j) })
				if v < 0 {
					continue
				}
				if count++; count == 1 {
					i, j := v/d.in, v%d.in
					found = append(found, Finding{"locality", d.String(), fmt.Sprintf("Δ[%d,%d] changes by %.3g with %s: of %s it may see %s only",
						i, j, after[v]-before[v], a.place(e), a.name, fmt.Sprintf(sees[a.name], i, j))})
				}
				break
			}
		}
		if count > 1 {
			found[len(found)-1].Message += fmt.Sprintf(" (and %d more elements of %s reach too far)", count-1, a.name)
		}
	}
	return found
}

func violation(before, after []float64, d dims, may func(i, j int) bool) int {
	for v := range before {
		if math.Float64bits(before[v]) != math.Float64bits(after[v]) && !may(v/d.in, v%d.in) {
			return v
		}
	}
	return -1
}
