package op

import G "gorgonia.org/gorgonia"

// Sum adds up all elements of an array of any shape.
//
//	c = Σ a   [1]
//
// Every element of a receives g. The sum is accumulated in float64. It is RowSum of one row.
func (b *Builder) Sum(x *G.Node) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	return b.RowSum(b.Reshape(x, 1, x.Shape().TotalSize()))
}
