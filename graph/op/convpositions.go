package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Positions is the activity of channels as that of units, one row for each example and
// position: the counterpart of Patches on the other side of the synapses.
//
//	c[(n,i,j),o] = y[n,o,i,j]
//
//	y  [N,O,H',W']
//	c  [N·H'·W', O]
//
// y receives Images(g). Cost: a pass over y; the result is made again rather than kept.
func (b *Builder) Positions(y *G.Node) *G.Node {
	if !b.usable([]*G.Node{y}) {
		return nil
	}
	s := y.Shape()
	if s.Dims() != 4 {
		return b.misfit("Positions", "[N,O,H,W]", y)
	}
	s = clone(s)
	positions := s[2] * s[3]
	return b.node(spec{
		kind:  "Positions",
		shape: tensor.Shape{s[0] * positions, s[1]},
		f32:   func(out []float32, in [][]float32) { transposeEach(out, in[0], s[1], positions) },
		f64:   func(out []float64, in [][]float64) { transposeEach(out, in[0], s[1], positions) },
		cheap: true,
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Images(g, s[2], s[3])) },
	}, y)
}

// Images is the inverse of Positions.
//
//	c[n,o,i,j] = y[(n,i,j),o]   [N,O,H,W]
//
// y receives Positions(g).
func (b *Builder) Images(y *G.Node, height, width int) *G.Node {
	if !b.usable([]*G.Node{y}) {
		return nil
	}
	s := y.Shape()
	positions := height * width
	if s.Dims() != 2 || height < 1 || width < 1 || s[0]%positions != 0 {
		return b.misfit("Images", "[N·H·W,O] and the height and width", y)
	}
	s = clone(s)
	return b.node(spec{
		kind:  "Images",
		shape: tensor.Shape{s[0] / positions, s[1], height, width},
		f32:   func(out []float32, in [][]float32) { transposeEach(out, in[0], positions, s[1]) },
		f64:   func(out []float64, in [][]float64) { transposeEach(out, in[0], positions, s[1]) },
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.sum(acc, b.Positions(g)) },
	}, y)
}

// EveryPosition repeats a number per example and channel at every position of an array of
// images.
//
//	c[n,o,i,j] = f[n,o]
//
//	f     [N,O]
//	like  [N,O,H,W], whose values are not read
//
// f receives g, summed over positions.
func (b *Builder) EveryPosition(f, like *G.Node) *G.Node {
	if !b.usable([]*G.Node{f, like}) {
		return nil
	}
	s := like.Shape()
	if s.Dims() != 4 || !same(f.Shape(), s[:2]) {
		return b.misfit("EveryPosition", "[N,O] and [N,O,H,W]", f, like)
	}
	n := b.RowTile(b.Reshape(f, s[0]*s[1]), s[2]*s[3])
	if n == nil {
		return nil
	}
	n.Op().(*Kernel).cheap = true
	return b.Reshape(n, s...)
}

// transposeEach transposes every [rows,cols] of a stack of them, in strips of a cache line.
func transposeEach[F float](out, x []F, rows, cols int) {
	const strip = 16
	for size := rows * cols; len(x) > 0; x, out = x[size:], out[size:] {
		for from := 0; from < rows; from += strip {
			to := min(from+strip, rows)
			for j := range cols {
				o := out[j*rows+from : j*rows+to]
				at := from*cols + j
				for i := range o {
					o[i] = x[at]
					at += cols
				}
			}
		}
	}
}
