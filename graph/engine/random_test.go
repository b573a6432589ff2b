package engine_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"metaplast/graph/blas"
	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
)

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
	graphtest.Check(t, 400, func(r *rapid.T) {
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
		reference := engine.Tape
		if d.crooked() {
			reference = engine.Sequential
		}
		vm, err := reference(d.b, outputs)
		if err != nil {
			r.Fatal(err)
		}
		want := [][]uint64{nil, result("reference", vm, 1), result("reference", vm, 2)}
		for _, threads := range []int{1, 3} {
			o := engine.Options{Threads: threads, Remat: d.below(4)}
			vm, err := engine.Planned(o)(d.b, outputs)
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
		x := graphtest.Normals(fmt.Sprintf("round %d, input %d", round, i), n.Shape().TotalSize(), 0.7)
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
