package graph_test

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"metaplast/graph"
	"metaplast/graph/blas"
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

func (d *dag) size() int        { return rapid.SampledFrom(d.sizes).Draw(d.T, "size") }
func (d *dag) factor() float64  { return rapid.SampledFrom([]float64{1, -1, 0.5}).Draw(d.T, "factor") }
func (d *dag) flag() bool       { return rapid.Bool().Draw(d.T, "flag") }
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
	func(d *dag) { d.add(d.b.StopGradient(d.any())) },
	func(d *dag) { d.add(d.b.ScaleBy(d.any(), d.like(1))) },
	func(d *dag) { x := d.any(); d.add(d.b.Dot(x, d.like(x.Shape()...))) },
	func(d *dag) { d.add(d.b.Softmax(d.matrix())) },
	func(d *dag) { d.add(d.b.OnesLike(d.any())) },
	func(d *dag) { x := d.any(); d.add(d.b.Reshape(x, x.Shape().TotalSize())) },
	func(d *dag) { x := d.matrix(); d.add(d.b.Reshape(x, x.Shape()[1], x.Shape()[0])) },
	(*dag).rows, (*dag).rows, (*dag).ranges,
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
		y := d.b.Dense(h, w, d.like(out), d.flag())
		p := d.b.Post(y, d.like(n, out), d.like(1))
		d.add(y, p, d.b.DenseBack(p, w, h))
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
		d.add(sine(d.b, fmt.Sprint("sine ", n), d.nodes[len(d.nodes)-1], nil))
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

// exposed says whether one of Gorgonia's own ops reads a node. Its machine knows of no outputs
// and lets such an op write its result there.
func (d *dag) exposed(n *G.Node) bool {
	for _, reader := range d.b.Graph().AllNodes() {
		if _, ours := reader.Op().(*op.Kernel); !ours && reader.Op() != nil && slices.Contains(op.Children(reader), n) {
			return true
		}
	}
	return false
}

// crooked says whether a product reads part of an array, from where on gonum's products of
// float32 add in another order than in a copy of it, which Gorgonia's machine makes.
func (d *dag) crooked() bool {
	lib, err := blas.Default()
	if err != nil || lib.Name() != "gonum" || d.b.Dtype() == tensor.Float64 {
		return false
	}
	for _, n := range d.b.Graph().AllNodes() {
		if k, ours := n.Op().(*op.Kernel); ours && len(k.Products()) > 0 && slices.ContainsFunc(op.Children(n), part) {
			return true
		}
	}
	return false
}

// part says whether a node is a view of an array from another element than the first on.
func part(n *G.Node) bool {
	k, ours := n.Op().(*op.Kernel)
	if !ours {
		return false
	}
	offset, view := k.View()
	return view && (offset > 0 || part(op.Children(n)[0]))
}

// describe lists the graph.
func (d *dag) describe(outputs []*G.Node) string {
	text := ""
	for _, n := range d.b.Graph().AllNodes() {
		text += fmt.Sprintf("%d: %v%v of", n.ID(), n.Op(), n.Shape())
		for _, c := range op.Children(n) {
			text += fmt.Sprint(" ", c.ID())
		}
		if l, ok := op.LabelOf(n); ok {
			text += fmt.Sprintf(", step %d, backward %v", l.Step, l.Backward)
		}
		text += "\n"
	}
	text += "outputs"
	for _, n := range outputs {
		text += fmt.Sprint(" ", n.ID())
	}
	return text
}

// bits are the values of nodes as bits. NaN are taken for one: which operand's payload a sum
// keeps is the processor's choice.
func bits(nodes []*G.Node) (all []uint64) {
	for _, n := range nodes {
		switch x := n.Value().Data().(type) {
		case []float64:
			for _, v := range x {
				all = append(all, math.Float64bits(v))
			}
		case []float32:
			for _, v := range x {
				all = append(all, math.Float64bits(float64(v)))
			}
		}
	}
	for i, v := range all {
		if math.IsNaN(math.Float64frombits(v)) {
			all[i] = math.Float64bits(math.NaN())
		}
	}
	return all
}

// TestRandomGraphs runs random graphs on the planned machine and on Gorgonia's and asks for
// the same bits: with several threads, with checkpoints, for one input after another, and
// after inputs that are all NaN, which a value that nobody has written in this run would show.
func TestRandomGraphs(t *testing.T) {
	check(t, 400, func(r *rapid.T) {
		d := &dag{T: r, b: op.New(rapid.SampledFrom([]tensor.Dtype{tensor.Float32, tensor.Float64}).Draw(r, "type"))}
		outputs := d.draw()
		for _, n := range d.inputs {
			if err := G.Let(n, op.NewTensor(n.Dtype(), n.Shape())); err != nil {
				r.Fatal(err)
			}
		}
		result := func(what string, vm G.VM, round int) []uint64 {
			fill(d.inputs, round)
			if err := vm.RunAll(); err != nil {
				r.Fatalf("%s: %v", what, err)
			}
			return bits(outputs)
		}
		reference := graph.Tape
		if d.crooked() {
			reference = graph.Sequential
		}
		vm, err := reference(d.b, outputs)
		if err != nil {
			r.Fatal(err)
		}
		want := [][]uint64{nil, result("reference", vm, 1), result("reference", vm, 2)}
		for _, threads := range []int{1, 3} {
			o := graph.Options{Threads: threads, Remat: d.below(4)}
			vm, err := graph.Planned(o)(d.b, outputs)
			if err != nil {
				r.Fatal(err)
			}
			for _, round := range []int{0, 1, 0, 2, 1} {
				have := result(fmt.Sprintf("%+v", o), vm, round)
				if round > 0 && !slices.Equal(have, want[round]) {
					i := 0
					for have[i] == want[round][i] {
						i++
					}
					r.Fatalf("%+v, round %d: element %d of all outputs is %v: want %v\n%s", o, round, i, math.Float64frombits(have[i]), math.Float64frombits(want[round][i]), d.describe(outputs))
				}
			}
		}
	})
}

// fill gives inputs their values in a round: NaN in round 0.
func fill(inputs []*G.Node, round int) {
	for i, n := range inputs {
		x := normals(fmt.Sprintf("round %d, input %d", round, i), n.Shape().TotalSize(), 0.7)
		for j := range x {
			if round == 0 {
				x[j] = math.NaN()
			}
			switch d := n.Value().Data().(type) {
			case []float64:
				d[j] = x[j]
			case []float32:
				d[j] = float32(x[j])
			}
		}
	}
}

// check is rapid.Check with so many checks, the same at each run unless -rapid.seed or
// -rapid.checks say otherwise.
func check(t *testing.T, checks int, property func(*rapid.T)) {
	t.Helper()
	for name, value := range map[string]string{"rapid.seed": "1", "rapid.checks": fmt.Sprint(checks), "rapid.nofailfile": "true", "rapid.shrinktime": "5s"} {
		if f := flag.Lookup(name); f.Value.String() == f.DefValue {
			if err := f.Value.Set(value); err != nil {
				t.Fatal(err)
			}
			defer f.Value.Set(f.DefValue)
		}
	}
	rapid.Check(t, property)
}
