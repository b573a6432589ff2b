package engine_test

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// A cost with its gradient, run twice with other data.
func Example() {
	b := op.New(tensor.Float64)
	x := b.Input("x", 3)
	cost := b.Dot(b.Mul(x, x), x) // Σ x³
	grads, err := engine.Grad(b, cost, x)
	if err != nil {
		fmt.Println(err)
		return
	}
	values := []float64{1, 2, 3}
	if err := G.Let(x, tensor.New(tensor.WithShape(3), tensor.WithBacking(values))); err != nil {
		fmt.Println(err)
		return
	}
	vm, err := engine.Planned(engine.Options{Threads: 2})(b, append(grads, cost))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer vm.Close()
	for range 2 {
		if err := vm.RunAll(); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(cost.Value().Data(), grads[0].Value().Data())
		values[0] = -1 // the input keeps this array
	}
	// Output:
	// [36] [3 12 27]
	// [34] [3 12 27]
}
