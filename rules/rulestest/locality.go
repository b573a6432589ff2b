package rulestest

import (
	"fmt"
	"math"
	"slices"

	"metaplast/graph/engine"
	"metaplast/rules"
)

// kind is what a row or column of an array belongs to.
type kind int

const (
	example kind = iota
	post         // unit i
	pre          // unit j
	nothing      // of no unit, as a parameter of the layer
)

// belongs says what rows and columns of an operand or result are, vectors having one of them.
func belongs(name string, shape []int, rule rules.Rule, d dims) (kinds []kind) {
	switch name {
	case "pre", "pre_feedback":
		return []kind{example, pre}
	case "post", "feedback", "activity":
		return []kind{example, post}
	case "W", "W(0)", "α", "Δ", "W′":
		return []kind{post, pre}
	case "modulator":
		return []kind{nothing}
	}
	for _, v := range rules.StateOf(rule) {
		if name != statePrefix+v.Name && name != "s(t+1) "+v.Name {
			continue
		}
		switch v.Per {
		case rules.PerPost:
			return []kind{post}
		case rules.PerPre:
			return []kind{pre}
		}
		return []kind{post, pre}
	}
	for _, p := range rules.ParamsOf(rule) {
		if name == paramPrefix+p.Name && p.Shape == nil && d.perNeuron {
			return []kind{post}
		}
	}
	return slices.Repeat([]kind{nothing}, len(shape))
}

// owner is the postsynaptic and presynaptic unit that an element belongs to, -1 for none.
func owner(kinds []kind, shape []int, element int) (i, j int) {
	i, j = -1, -1
	for d := len(shape) - 1; d >= 0; d-- {
		at := element % shape[d]
		element /= shape[d]
		switch kinds[d] {
		case post:
			i = at
		case pre:
			j = at
		}
	}
	return i, j
}

// may says whether an element of a result, of units i and j, may see an operand's element, of units
// atI and atJ; -1 is none. See rules.NonLocal.
func may(i, j, atI, atJ int) bool {
	switch {
	case atI < 0 && atJ < 0:
		return true
	case i < 0: // of a presynaptic unit, which sees itself
		return atI < 0 && atJ == j
	case atI >= 0: // of a unit or of one of its synapses, which see the unit's and the whole row
		return atI == i
	}
	return j < 0 || atJ == j // a unit sees what reaches its synapses
}

// visible says in words what an element of a result may see of an operand.
func visible(name string, kinds []kind, i, j int) string {
	var at []string
	allowed := true
	for _, k := range kinds {
		switch {
		case k == post && i >= 0:
			at = append(at, fmt.Sprint(i))
		case k == pre && !slices.Contains(kinds, post) && j >= 0:
			at = append(at, fmt.Sprint(j))
		case k == post:
			allowed = false
		default:
			at = append(at, ":")
		}
	}
	if !allowed {
		return "nothing"
	}
	text := name + "["
	for n, a := range at {
		if n > 0 {
			text += ","
		}
		text += a
	}
	return text + "] only"
}

// locality changes one element of one operand at a time and looks for elements of Δ and of the state
// after the step that must not see it but change, were it by one bit. A rule that says it is not local
// must have some.
func (o Options) locality(rule rules.Rule, d dims) []Finding {
	why := rules.Locality(rule)
	if why == "" {
		return o.reaches(rule, d)
	}
	whole := o.forms(rule)[0]
	if d != whole {
		return nil
	}
	forms := o.forms(rule)
	if deaf, _ := o.withoutFeedback(rule); deaf {
		whole.deaf = true
		forms = append(forms, whole)
	}
	for _, d := range forms {
		if len(o.reaches(rule, d)) > 0 {
			return nil
		}
	}
	return []Finding{{"locality", d.String(), fmt.Sprintf("the rule says that it is not local, %q, and is: want NonLocal to be empty", why)}}
}

// reaches are the faults of a rule that is to be local.
func (o Options) reaches(rule rules.Rule, d dims) []Finding {
	s, err := o.build(rule, d, float64s)
	if err != nil {
		return failed("locality", d, err)
	}
	vm, err := engine.Sequential(s.b, s.nodes())
	if err != nil {
		return failed("locality", d, err)
	}
	defer vm.Close()
	run := func() ([][]float64, error) {
		err := vm.RunAll()
		return s.read(), err
	}
	before, err := run()
	if err != nil {
		return failed("locality", d, err)
	}
	kinds := make([][]kind, len(s.results))
	for k, r := range s.results {
		kinds[k] = belongs(r.name, r.shape, rule, d)
	}
	var found []Finding
	for _, a := range s.inputs {
		of := belongs(a.name, a.shape, rule, d)
		count := 0
	elements:
		for e, x := range a.data {
			atI, atJ := owner(of, a.shape, e)
			if atI < 0 && atJ < 0 {
				break // everyone sees it
			}
			for _, change := range []float64{0.5, -1.25} {
				a.data[e] = x + math.Copysign(change, x*change)
				after, err := run()
				a.data[e] = x
				if err != nil {
					return append(found, failed("locality", d, err)...)
				}
				for k, r := range s.results {
					v := violation(before[k], after[k], func(v int) bool {
						i, j := owner(kinds[k], r.shape, v)
						return may(i, j, atI, atJ)
					})
					if v < 0 {
						continue
					}
					if count++; count == 1 {
						i, j := owner(kinds[k], r.shape, v)
						found = append(found, Finding{"locality", d.String(), fmt.Sprintf("%s changes by %.3g with %s: of %s it may see %s",
							r.place(v), after[k][v]-before[k][v], a.place(e), a.name, visible(a.name, of, i, j))})
					}
					continue elements
				}
			}
		}
		if count > 1 {
			found[len(found)-1].Message += fmt.Sprintf(" (and %d more elements of %s reach too far)", count-1, a.name)
		}
	}
	return found
}

func violation(before, after []float64, may func(v int) bool) int {
	for v := range before {
		if math.Float64bits(before[v]) != math.Float64bits(after[v]) && !may(v) {
			return v
		}
	}
	return -1
}
