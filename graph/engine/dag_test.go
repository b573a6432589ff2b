package engine_test

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
)

// dag is a random graph in the making.
type dag struct {
	*rapid.T
	b      *op.Builder
	inputs []*G.Node
	nodes  []*G.Node // all, inputs included
	sizes  []int     // few, so that shapes meet
}

func (d *dag) size() int       { return rapid.SampledFrom(d.sizes).Draw(d.T, "size") }
func (d *dag) factor() float64 { return rapid.SampledFrom([]float64{1, -1, 0.5}).Draw(d.T, "factor") }
func (d *dag) flag() bool      { return rapid.Bool().Draw(d.T, "flag") }
func (d *dag) activation() op.Activation {
	return rapid.SampledFrom([]op.Activation{op.Linear, op.Relu, op.LeakyRelu, op.Tanh, op.Sigmoid, "softplus(4)"}).Draw(d.T, "activation")
}
func (d *dag) below(n int) int  { return rapid.IntRange(0, n-1).Draw(d.T, "choice") }
func (d *dag) add(n ...*G.Node) { d.nodes = append(d.nodes, n...) }

// like is a node of some shape, a new input if there is none. The latest are preferred, so
// that graphs are deep.
func (d *dag) like(shape ...int) *G.Node {
	var fit []*G.Node
	for _, n := range d.nodes {
		if slices.Equal(n.Shape(), tensor.Shape(shape)) {
			fit = append(fit, n)
		}
	}
	if len(fit) > 0 && d.below(12) > 0 {
		return fit[len(fit)-1-min(d.below(len(fit)), d.below(len(fit)))]
	}
	n := d.b.Input(fmt.Sprint("input ", len(d.inputs)), shape...)
	d.inputs = append(d.inputs, n)
	d.add(n)
	return n
}

// any is any node, matrix any matrix.
func (d *dag) any() *G.Node { return d.nodes[d.below(len(d.nodes))] }

func (d *dag) matrix() *G.Node {
	var fit []*G.Node
	for _, n := range d.nodes {
		if n.Dims() == 2 {
			fit = append(fit, n)
		}
	}
	if len(fit) == 0 {
		return d.like(d.size(), d.size())
	}
	return fit[d.below(len(fit))]
}

// steps are what a graph can grow by.
var steps = []func(d *dag){
	func(d *dag) { x := d.any(); d.add(d.b.AddScaled(x, d.like(x.Shape()...), d.factor())) },
	func(d *dag) { x := d.any(); d.add(d.b.Mul(x, d.like(x.Shape()...))) },
	func(d *dag) { d.add(d.b.Scale(d.any(), 0.75)) },
	func(d *dag) { d.add(d.b.Relu(d.any())) },
	func(d *dag) { x := d.any(); d.add(d.b.Gate(x, d.like(x.Shape()...))) },
	func(d *dag) { d.add(d.b.Activate(d.any(), d.activation())) },
	func(d *dag) { x := d.any(); d.add(d.b.GateBy(x, d.like(x.Shape()...), d.activation())) },
	func(d *dag) { d.add(d.b.StopGradient(d.any())) },
	func(d *dag) { d.add(d.b.ScaleBy(d.any(), d.like(1))) },
	func(d *dag) { x := d.any(); d.add(d.b.Dot(x, d.like(x.Shape()...))) },
	func(d *dag) { d.add(d.b.Softmax(d.matrix())) },
	func(d *dag) { d.add(d.b.OnesLike(d.any())) },
	func(d *dag) { x := d.any(); d.add(d.b.Reshape(x, x.Shape().TotalSize())) },
	func(d *dag) { x := d.matrix(); d.add(d.b.Reshape(x, x.Shape()[1], x.Shape()[0])) },
	(*dag).rows, (*dag).rows, (*dag).ranges, (*dag).repeated,
	func(d *dag) {
		x := d.matrix()
		at := d.below(x.Shape()[0])
		part := d.like(1+d.below(x.Shape()[0]-at), x.Shape()[1])
		d.add(d.b.PadRows(x.Shape()[0]+1, at, part))
	},
	(*dag).product, (*dag).product,
	func(d *dag) { x := d.matrix(); d.add(d.b.RowScale(d.like(x.Shape()[0]), x), d.b.RowSum(x)) },
	func(d *dag) { x := d.matrix(); d.add(d.b.AddBias(x, d.like(x.Shape()[1])), d.b.SumBias(x)) },
	func(d *dag) { // a layer, what goes back through it, and its change
		n, in, out := d.size(), d.size(), d.size()
		h, w := d.like(n, in), d.like(out, in)
		y := d.b.Dense(h, w, d.like(out), d.activation())
		p := d.b.Post(y, d.like(n, out), d.like(1))
		d.add(y, p, d.b.DenseBack(p, w, h, d.activation()))
	},
	func(d *dag) {
		n, in, out := d.size(), d.size(), d.size()
		a := op.Plasticity{Scale: 0.125}
		if d.flag() {
			a.Alpha = d.like([][]int{{1}, {out}, {out, in}}[d.below(3)]...)
		}
		step := []func(b *op.Builder, w, p, h *G.Node, a op.Plasticity) *G.Node{(*op.Builder).HebbStep, (*op.Builder).OjaStep}[d.below(2)]
		d.add(step(d.b, d.like(out, in), d.like(n, out), d.like(n, in), a))
	},
	func(d *dag) { // ops that are not ours, a view before one of them perhaps
		n := len(d.b.Graph().AllNodes())
		if d.flag() {
			d.rows()
		}
		d.add(graphtest.Sine(d.b, fmt.Sprint("sine ", n), d.nodes[len(d.nodes)-1], nil))
	},
	func(d *dag) { d.add(d.b.Lift(G.Tanh(d.any()))) },
	(*dag).gradient,
}

func (d *dag) rows() {
	x := d.any()
	n := x.Shape()[0]
	from := d.below(n)
	d.add(d.b.Rows(x, from, from+1+d.below(n-from)))
}

// ranges differentiates by an array that is read in parts, which may overlap or leave gaps,
// and by the parts.
func (d *dag) ranges() {
	x := d.matrix()
	rows := x.Shape()[0]
	var sum *G.Node
	wrt := []*G.Node{x}
	for from := 0; from < rows; {
		to := from + 1 + d.below(rows-from)
		part := d.b.Rows(x, from, to)
		y := d.b.Dot(part, d.like(part.Shape()...))
		if sum != nil {
			y = d.b.Add(sum, y)
		}
		sum, wrt = y, append(wrt, part)
		if from = to; d.below(4) == 0 {
			from += 2*d.below(2) - 1
		}
	}
	d.add(sum)
	former := d.b.At(op.Label{Layer: -1, Step: op.Query, Backward: true})
	defer d.b.At(former)
	for _, g := range d.b.Pullback(sum, d.like(1), wrt...) {
		if g != nil {
			d.add(g)
		}
	}
}

// repeated has ops with one array for several operands, which nobody reads any more: it must
// not be written to while it is read in another order.
func (d *dag) repeated() {
	n := d.size()
	x := d.b.MatMul(d.like(n, n), d.like(n, n), op.N, op.N)
	switch d.below(6) {
	case 0:
		d.add(d.b.AddMatMul(x, x, d.like(n, n), op.Trans(d.flag()), op.N, 1))
	case 1:
		d.add(d.b.AddMatMul(x, d.like(n, n), x, op.N, op.Trans(d.flag()), 1))
	case 2:
		d.add(d.b.OjaStep(x, x, x, op.Plasticity{Alpha: x, Scale: 0.125}))
	case 3: // the gradient that comes in is an operand too, and adds to itself
		w := d.like(n, n)
		y := d.b.OjaStep(w, x, d.like(n, n), op.Plasticity{Scale: 0.125})
		former := d.b.At(op.Label{Layer: -1, Step: op.Query, Backward: true})
		d.add(d.b.Pullback(y, x, w)[0])
		d.b.At(former)
	case 4: // what α has received already is what W receives
		w, alpha := d.like(n, n), d.like(n, n)
		y := d.b.Add(alpha, d.b.OjaStep(w, d.like(n, n), d.like(n, n), op.Plasticity{Alpha: alpha, Scale: 0.125}))
		for _, g := range d.b.Pullback(y, x, w, alpha) {
			if g != nil { // w may be alpha
				d.add(g)
			}
		}
	case 5:
		d.add(d.b.Add(d.b.Post(x, x, d.like(1)), x))
	}
}

func (d *dag) product() {
	x := d.matrix()
	tx, ty := op.Trans(d.flag()), op.Trans(d.flag())
	m, k, n := x.Shape()[0], x.Shape()[1], d.size()
	if tx {
		m, k = k, m
	}
	shape := []int{k, n}
	if ty {
		shape = []int{n, k}
	}
	y := d.like(shape...)
	if d.flag() {
		d.add(d.b.AddMatMul(d.like(m, n), x, y, tx, ty, d.factor()))
		return
	}
	d.add(d.b.MatMul(x, y, tx, ty))
}

// gradient adds derivatives of something by something before it.
func (d *dag) gradient() {
	x := d.any()
	former := d.b.At(op.Label{Layer: -1, Step: op.Query, Backward: true})
	defer d.b.At(former)
	wrt := []*G.Node{d.any(), d.any(), d.any()}
	for _, g := range d.b.Pullback(x, d.b.Scale(x, 0.5), wrt...) {
		if g != nil {
			d.add(g)
		}
	}
}

// draw makes a graph and chooses outputs from all of it: views, inputs, some twice.
func (d *dag) draw() (outputs []*G.Node) {
	for range 3 {
		d.sizes = append(d.sizes, rapid.OneOf(rapid.IntRange(1, 9), rapid.SampledFrom([]int{8, 16, 37, 64})).Draw(d.T, "size"))
	}
	d.like(d.size(), d.size())
	label := op.Label{Layer: -1}
	for range rapid.IntRange(1, 40).Draw(d.T, "nodes") {
		if d.below(4) == 0 {
			label.Step++
		}
		label.Backward = d.below(5) == 0
		d.b.At(label)
		steps[d.below(len(steps))](d)
		if err := d.b.Err(); err != nil {
			d.Fatal(err)
		}
	}
	outputs = append(outputs, d.nodes[len(d.nodes)-1])
	for range d.below(5) {
		outputs = append(outputs, d.any())
	}
	for i, n := range outputs {
		if d.exposed(n) {
			outputs[i] = d.b.Scale(n, 0.5)
		}
	}
	return outputs
}
