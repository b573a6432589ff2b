package rulestest

import (
	"fmt"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// stepTolerance is what Step may differ by from the change that it stands for, relative to
// the largest element: both compute the same in float64, in another order.
const stepTolerance = 1e-11

// step: Step, where the rule has one, is the change by Δ, and so is its derivative by every
// operand and by α, for every granularity of α and with Δ detached; in single precision too.
func (o Options) step(rule rules.Rule, d dims) []Finding {
	stepper, ok := rule.(rules.Stepper)
	if !ok {
		return nil
	}
	change := func(s *setup) *G.Node { return s.b.Change(s.syn.W, rule.Delta(s.b, s.syn), s.rate) }
	step := func(s *setup) *G.Node { return stepper.Step(s.b, s.syn, s.rate) }
	var found []Finding
	for _, alpha := range rates(d) {
		for _, detach := range []bool{false, true} {
			place := d.String() + ", " + alpha.name
			if detach {
				place += ", detached"
			}
			want, err := o.updated(rule, change, d, alpha.shape, detach, float64s)
			if err != nil {
				return append(found, Finding{"step", place, "cannot run: the change by Δ: " + err.Error()})
			}
			have, err := o.updated(rule, step, d, alpha.shape, detach, float64s)
			if err != nil {
				return append(found, Finding{"step", place, "cannot run: Step: " + err.Error()})
			}
			if message := unequal(have, want, stepTolerance, 0); message != "" {
				found = append(found, Finding{"step", place, message})
				continue
			}
			single, err := o.updated(rule, step, d, alpha.shape, detach, float32s)
			if err != nil {
				return append(found, Finding{"step", place + ", float32", "cannot run: Step: " + err.Error()})
			}
			if message := unequal(single, want, singleTolerance, singleRounding); message != "" {
				found = append(found, Finding{"step", place + ", float32", message})
			}
		}
	}
	return found
}

// rate is a granularity of α.
type rate struct {
	name  string
	shape []int // nil without α
}

func rates(d dims) []rate {
	return []rate{{"no α", nil}, {"α [1]", []int{1}}, {"α [out]", []int{d.out}}, {"α [out,in]", []int{d.out, d.in}}}
}

// at binds a plasticity of a granularity.
func (o Options) at(s *setup, alpha []int, detach bool) error {
	s.inputs = slices.DeleteFunc(s.inputs, func(a array) bool { return a.name == "α" })
	s.rate = op.Plasticity{Scale: updateScale, Detach: detach}
	if alpha == nil {
		return nil
	}
	a, err := input(s.b, fmt.Sprint("α ", alpha), o.values("step/α", tensor.Shape(alpha).TotalSize()), alpha...)
	a.name = "α"
	s.inputs, s.rate.Alpha = append(s.inputs, a), a.node
	return err
}

// updated is the weights after one update and the derivatives of their inner product with
// fixed random numbers; what there is no path to has no data.
func (o Options) updated(rule rules.Rule, apply func(*setup) *G.Node, d dims, alpha []int, detach bool, dt tensor.Dtype) ([]array, error) {
	s, err := o.operands(rule, d, dt)
	if err == nil {
		err = o.at(s, alpha, detach)
	}
	if err != nil {
		return nil, err
	}
	b, in := s.b, s.inputs
	weights, err := input(b, "projection", o.values("step/projection", d.out*d.in), d.out, d.in)
	if err != nil {
		return nil, err
	}
	w := apply(s)
	switch err := b.Err(); {
	case err != nil:
		return nil, err
	case w == nil:
		return nil, errSilent
	case w.Graph() != b.Graph():
		return nil, fmt.Errorf("the new weights: %w", op.ErrForeignGraph)
	case !slices.Equal(w.Shape(), s.syn.W.Shape()):
		return nil, fmt.Errorf("the new weights have shape %v: want [out,in] = %v", []int(w.Shape()), []int{d.out, d.in})
	}
	values := []array{{name: "W'", node: w, shape: []int{d.out, d.in}}}
	operands := in
	var wrt []*G.Node
	for _, a := range operands {
		wrt = append(wrt, a.node)
	}
	grads, err := engine.Grad(b, b.Dot(w, weights.node), wrt...)
	if err != nil {
		return nil, err
	}
	outputs := []*G.Node{w}
	for i, g := range grads {
		values = append(values, array{name: "the derivative by " + operands[i].name, node: g, shape: operands[i].shape})
		if g != nil {
			outputs = append(outputs, g)
		}
	}
	vm, err := sequential(b, outputs)
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	var before [][]float64
	for _, a := range in {
		before = append(before, read(a.node))
	}
	if err := vm.RunAll(); err != nil {
		return nil, err
	}
	for i, a := range in {
		if at := differ(before[i], read(a.node)); at >= 0 {
			return nil, fmt.Errorf("%s has another value after a run: want operands not to be written to", a.place(at))
		}
	}
	for i := range values {
		if n := values[i].node; n != nil {
			values[i].data = read(n)
		}
	}
	return values, nil
}

// unequal says where two updates differ by more than a tolerance of the largest element and by
// rounding, a missing path being zeros.
func unequal(have, want []array, tolerance, rounding float64) string {
	for i, w := range want {
		n := 1
		for _, s := range w.shape {
			n *= s
		}
		h := have[i].data
		if h == nil {
			h = make([]float64, n)
		}
		v := w.data
		if v == nil {
			v = make([]float64, n)
		}
		// What is all cancellation is measured by W′, where it comes from.
		scale := max(magnitude(v), 1e-3*magnitude(want[0].data))
		for j := range v {
			if d := math.Abs(h[j] - v[j]); !(d <= tolerance*scale+rounding) {
				return fmt.Sprintf("Step: %s is %.17g, by Change of Δ %.17g: want the same but for rounding, %g of the largest",
					element(w.name, w.shape, j), h[j], v[j], tolerance)
			}
		}
	}
	return ""
}
