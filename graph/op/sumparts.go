package op

import G "gorgonia.org/gorgonia"

// sumParts adds up equal ranges of rows, in order.
//
//	c = a + Σ_i x[i·k : (i+1)·k],   a [k,…], or zero if it is nil
//
//	x  [parts·k,…]
//
// Every range of x receives g, and so does a.
func (b *Builder) sumParts(acc, x *G.Node, parts int) *G.Node {
	operands := []*G.Node{x}
	if acc != nil {
		operands = append(operands, acc)
	}
	if !b.usable(operands) {
		return nil
	}
	s := x.Shape()
	shape := clone(s)
	shape[0] /= parts
	return b.node(spec{
		kind:  "SumParts",
		shape: shape,
		f32:   func(out []float32, in [][]float32) { sumParts(out, in) },
		f64:   func(out []float64, in [][]float64) { sumParts(out, in) },
		grad: func(i int, _, g, sum *G.Node) *G.Node {
			if i == 1 {
				return b.sum(sum, g)
			}
			ranges := make([]rowRange, parts)
			for j := range ranges {
				ranges[j] = rowRange{j * shape[0], g}
			}
			return b.sum(sum, b.joinRows(nil, s, ranges))
		},
		over: []int{1}[:len(operands)-1],
	}, operands...)
}

func sumParts[F float](out []F, in [][]F) {
	x := in[0]
	if len(in) == 2 {
		beginWith(out, in[1])
	} else {
		copy(out, x)
		x = x[len(out):]
	}
	for ; len(x) > 0; x = x[len(out):] {
		addScaled(out, out, x[:len(out)], 1)
	}
}
