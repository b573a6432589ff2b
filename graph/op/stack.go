package op

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Stack lays arrays of one shape, which are vectors or numbers, on top of each other.
//
//	c[i] = x_i
//
//	x_i  [m]
//	c    [k,m], of numbers [k]
//
// x_i receives row i of g. The stack of the same nodes in the same order is made once in a graph, however
// often it is asked for.
func (b *Builder) Stack(nodes ...*G.Node) *G.Node {
	if !b.usable(nodes) {
		return nil
	}
	if len(nodes) == 0 {
		return b.misfit("Stack", "at least one array")
	}
	key := ""
	for _, n := range nodes {
		if n.Dims() != 1 || !same(n.Shape(), nodes[0].Shape()) {
			return b.misfit("Stack", "vectors of one shape", nodes...)
		}
		key += fmt.Sprint(n.ID(), " ")
	}
	if made := b.stacks[key]; made != nil {
		return made
	}
	m := nodes[0].Shape()[0]
	shape := tensor.Shape{len(nodes)}
	if m > 1 {
		shape = tensor.Shape{len(nodes), m}
	}
	var ranges []rowRange
	for i, n := range nodes {
		if m > 1 {
			n = b.Reshape(n, 1, m)
		}
		ranges = append(ranges, rowRange{i, n})
	}
	n := b.joinRows(nil, shape, ranges)
	if b.stacks == nil {
		b.stacks = map[string]*G.Node{}
	}
	b.stacks[key] = n
	b.stacked = append(b.stacked, Stacked{n, nodes})
	return n
}

// Stacked is what Stack has made, and of what.
type Stacked struct {
	Node *G.Node
	Of   []*G.Node
}

// Stacks lists what Stack has made in the graph, in the order of making.
func (b *Builder) Stacks() []Stacked { return b.stacked }
