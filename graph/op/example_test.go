package op_test

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// A graph is built, differentiated, given values and run. Errors are looked at once.
func Example() {
	b := op.New(tensor.Float64)
	x, w := b.Input("x", 1, 2), b.Input("W", 3, 2)
	h := b.Relu(b.MatMul(x, w, op.N, op.T)) // relu(x Wᵀ)
	g := b.Pullback(h, b.OnesLike(h), w)[0] // what W receives if h receives ones
	for n, values := range map[*G.Node][]float64{x: {1, 2}, w: {1, 1, -1, 0, 0, 3}} {
		if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(values))); err != nil {
			fmt.Println(err)
			return
		}
	}
	vm, err := engine.Sequential(b, []*G.Node{h, g})
	if err != nil {
		fmt.Println(err) // the first error of the builder too
		return
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("relu(x Wᵀ)", h.Value().Data())
	fmt.Println("by W      ", g.Value().Data())

	b.MatMul(x, b.Input("y", 3, 3), op.N, op.N)
	fmt.Println(b.Err())
	// Output:
	// relu(x Wᵀ) [3 0 6]
	// by W       [1 2 0 0 1 2]
	// MatMul: operands of shape [1 2] and [3 3]: want inner sizes that agree, transposes NN (inner step 0)
}

// Exp is c = eᵃ, an op of one's own. a receives g ∘ c.
func Exp(b *op.Builder, a *G.Node) *G.Node {
	if !b.Usable(a) {
		return nil
	}
	return b.Define(op.Primitive{
		Kind:  "Exp",
		Shape: a.Shape(),
		F32:   func(out []float32, in [][]float32) { exp(out, in[0]) },
		F64:   func(out []float64, in [][]float64) { exp(out, in[0]) },
		Grad:  func(_ int, c, g *G.Node) *G.Node { return b.Mul(g, c) },
		Over:  []int{0},
	}, a)
}

func exp[F float32 | float64](out, a []F) {
	for i, x := range a {
		out[i] = F(math.Exp(float64(x)))
	}
}

// An op of one's own is a kernel for each type and a derivative made of nodes. It is
// differentiated and run like those of the package.
func ExampleBuilder_Define() {
	b := op.New(tensor.Float64)
	a := b.Input("a", 2)
	c := Exp(b, b.Scale(a, 2))
	g := b.Pullback(c, b.OnesLike(c), a)[0]
	if err := G.Let(a, tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{0, 0.5}))); err != nil {
		fmt.Println(err)
		return
	}
	vm, err := engine.Sequential(b, []*G.Node{c, g})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f %.4f\n", c.Value().Data(), g.Value().Data())
	// Output:
	// [1.0000 2.7183] [2.0000 5.4366]
}
