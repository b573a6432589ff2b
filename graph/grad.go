package graph

import (
	"fmt"
	"slices"

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
// turned around, which runs time backward through an unrolled episode. Contributions are
// added as they appear, in that fixed order. Cost: about two to three nodes for each node
// on a path.
func Grad(b *op.Builder, cost *G.Node, wrt ...*G.Node) ([]*G.Node, error) {
	if err := b.Err(); err != nil {
		return nil, err
	}
	if cost == nil || cost.Shape().TotalSize() != 1 {
		return nil, fmt.Errorf("gradient of %v: want a cost of shape [1]", cost)
	}
	former := b.At(op.Label{Layer: -1})
	defer b.At(former)

	order := between(cost, wrt)
	on := make(map[*G.Node]bool, len(order))
	for _, n := range order {
		on[n] = true
	}
	sums := make(map[*G.Node]*sum, len(order))
	sums[cost] = &sum{total: b.OnesLike(cost)}
	for _, n := range slices.Backward(order) {
		s := sums[n]
		if s == nil {
			continue
		}
		g := s.node(b)
		children := op.Children(n)
		want := make([]bool, len(children))
		any := false
		for i, c := range children {
			want[i] = on[c] && op.Differentiable(n, i)
			any = any || want[i]
		}
		if !any {
			continue
		}
		label, _ := op.LabelOf(n)
		label.Backward = true
		b.At(label)
		for i, d := range b.Derivatives(n, g, want) {
			if d == nil {
				continue
			}
			if sums[children[i]] == nil {
				sums[children[i]] = &sum{}
			}
			sums[children[i]].add(b, d)
		}
		if err := b.Err(); err != nil {
			return nil, err
		}
	}
	grads := make([]*G.Node, len(wrt))
	for i, n := range wrt {
		if s := sums[n]; s != nil {
			grads[i] = s.node(b)
		}
	}
	return grads, b.Err()
}

// between returns the nodes that lie on a differentiable path from one of wrt to cost,
// both ends included, in the order of their making.
func between(cost *G.Node, wrt []*G.Node) []*G.Node {
	seen := map[*G.Node]bool{cost: true}
	nodes := []*G.Node{cost}
	for i := 0; i < len(nodes); i++ {
		for _, c := range op.Children(nodes[i]) {
			if !seen[c] {
				seen[c] = true
				nodes = append(nodes, c)
			}
		}
	}
	slices.SortFunc(nodes, func(a, b *G.Node) int { return int(a.ID() - b.ID()) })
	on := make(map[*G.Node]bool, len(nodes))
	for _, n := range wrt {
		on[n] = true
	}
	kept := nodes[:0]
	for _, n := range nodes {
		for i, c := range op.Children(n) {
			if on[c] && op.Differentiable(n, i) {
				on[n] = true
				break
			}
		}
		if on[n] {
			kept = append(kept, n)
		}
	}
	return kept
}

// sum gathers what a node receives. Contributions to ranges of rows wait until the end, to
// be joined into one array.
type sum struct {
	total  *G.Node
	ranges []*G.Node
}

func (s *sum) add(b *op.Builder, d *G.Node) {
	switch {
	case op.IsRange(d):
		s.ranges = append(s.ranges, d)
	case s.total == nil:
		s.total = d
	default:
		s.total = b.Add(s.total, d)
	}
}

func (s *sum) node(b *op.Builder) *G.Node {
	if len(s.ranges) > 0 {
		joined := b.JoinRows(s.ranges)
		s.ranges = nil
		if s.total == nil {
			s.total = joined
		} else {
			s.total = b.Add(s.total, joined)
		}
	}
	return s.total
}
