package engine

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Grad adds the gradient of a cost [1] by nodes of its graph, as nodes of the same graph.
//
//	Grad(b, L, θ_1, …, θ_k) = ∂L/∂θ_1, …, ∂L/∂θ_k,   each of the shape of its θ
//
// An entry is nil where no differentiable path leads from θ_i to L: the gradient is zero.
// Any node can be asked for, not inputs only, and Grad can be called again on the same graph
// for the same or another cost, or for a cost that is itself made of gradients: nothing is
// stored in the nodes. (Gorgonia's own Grad, called a second time, returns first-order
// values without an error.)
//
// It is reverse accumulation over the nodes between θ and L, in the order of their making
// turned around, which runs time backward through an unrolled episode; see
// op.Builder.Pullback. Cost: about two nodes for each node on a path.
func Grad(b *op.Builder, cost *G.Node, wrt ...*G.Node) ([]*G.Node, error) {
	if err := b.Err(); err != nil {
		return nil, err
	}
	if cost == nil || cost.Shape().TotalSize() != 1 {
		return nil, fmt.Errorf("gradient of %v: want a cost of shape [1]", cost)
	}
	former := b.At(op.Label{Layer: -1, Step: op.Query, Backward: true})
	defer b.At(former)
	grads := b.Pullback(cost, b.OnesLike(cost), wrt...)
	return grads, b.Err()
}
