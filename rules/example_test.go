package rules_test

import (
	"errors"
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/suggest"
	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// One update by Oja's rule of the synapses from two neurons to one, for a single example.
func Example() {
	b := op.New(tensor.Float64)
	input := func(name string, rows, cols int, values ...float64) *G.Node {
		n := b.Input(name, rows, cols)
		if b.Err() == nil {
			b.Lift(n, G.Let(n, tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(values))))
		}
		return n
	}
	w, _ := rules.Apply(b, rules.Oja{}, rules.Synapses{
		Pre:  input("h", 1, 2, 1, 2), // two neurons below
		Post: input("p", 1, 1, 3),    // one above, with its feedback mixed in
		W:    input("W", 1, 2, 0.5, 0.25),
	}, op.Plasticity{Scale: 0.1})
	vm, err := engine.Sequential(b, []*G.Node{w})
	if err != nil {
		fmt.Println(err) // the first error of the builder too
		return
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f\n", w.Value().Data()) // W + 0.1 (pᵀ h − p² W)
	// Output:
	// [0.350 0.625]
}

// Learners name their rule and pathway. A name that is not known is answered by the nearest.
func ExampleLookupRule() {
	r, err := rules.LookupRule("oja")
	fmt.Println(r.Info().Formula, err)
	_, err = rules.LookupRule("ojja")
	var unknown *suggest.UnknownError
	if errors.As(err, &unknown) {
		fmt.Printf("%q is not a %s; is it %q?\n", unknown.Name, unknown.Kind, unknown.Nearest)
	}
	// Output:
	// Δ = pᵀ h − diag(Σ_n p²) W <nil>
	// "ojja" is not a rule; is it "oja"?
}
