package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// EachPost repeats what belongs to presynaptic units for every postsynaptic one. With EachPre and
// EachExample it makes arrays with an element for each synapse and example, for formulas that are no
// products: they take N times the memory of the weights.
//
//	c[(n,i),j] = x[n,j]   [N·out,in]
//
//	x  [N,in]
//
// x receives g, summed over i.
func (b *Builder) EachPost(x *G.Node, out int) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	if x.Dims() != 2 || out < 1 {
		return b.misfit("EachPost", "[N,in] and a number of units", x)
	}
	n, in := x.Shape()[0], x.Shape()[1]
	return b.Positions(b.Reshape(b.RowTile(b.Reshape(x, n*in), out), n, in, out, 1))
}

// EachPre repeats what belongs to postsynaptic units for every presynaptic one.
//
//	c[(n,i),j] = x[n,i]   [N·out,in]
//
//	x  [N,out]
//
// x receives g, summed over j.
func (b *Builder) EachPre(x *G.Node, in int) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	if x.Dims() != 2 || in < 1 {
		return b.misfit("EachPre", "[N,out] and a number of units", x)
	}
	return b.RowTile(b.Reshape(x, x.Shape().TotalSize()), in)
}

// EachExample repeats what belongs to synapses for every example.
//
//	c[(n,i),j] = w[i,j]   [N·out,in]
//
//	w  [out,in]
//
// w receives g, summed over n.
func (b *Builder) EachExample(w *G.Node, examples int) *G.Node {
	if !b.usable([]*G.Node{w}) {
		return nil
	}
	if w.Dims() != 2 || examples < 1 {
		return b.misfit("EachExample", "[out,in] and a number of examples", w)
	}
	out, in := w.Shape()[0], w.Shape()[1]
	return b.Reshape(b.TileBias(b.Reshape(w, out*in), tensor.Shape{examples, out * in}), examples*out, in)
}

// OverExamples sums an array with an element for each synapse and example over the examples.
//
//	c[i,j] = Σ_n x[(n,i),j]   [out,in]
//
//	x  [N·out,in]
//
// x receives EachExample(g).
func (b *Builder) OverExamples(x *G.Node, examples int) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	if x.Dims() != 2 || examples < 1 || x.Shape()[0]%examples != 0 {
		return b.misfit("OverExamples", "[N·out,in] and N", x)
	}
	out, in := x.Shape()[0]/examples, x.Shape()[1]
	return b.Reshape(b.SumBias(b.Reshape(x, examples, out*in)), out, in)
}
