package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Patches is what each unit of a convolution sees, one row for each example and position.
//
//	c[(n,i,j),(q,u,v)] = x[n,q, i·s+u−pad, j·s+v−pad],   0 outside the image
//
//	x  [N,C,H,W]
//	c  [N·H'·W', C·k·k]
//
// With Positions it makes a convolution a layer of units that share weights: Conv(x, W) is
// Patches(x) Wᵀ with W [O,C·k·k]. x receives each entry added to the pixel that it was read
// from. Cost: a pass over c, which is made again rather than kept for the reverse pass.
//
// Not to be confused with the unfolded images that Conv multiplies by: those are in columns,
// and there is never more of them than a tile.
func (b *Builder) Patches(x *G.Node, kernel, stride, pad int) *G.Node {
	if !b.usable([]*G.Node{x}) {
		return nil
	}
	s := x.Shape()
	if s.Dims() != 4 || kernel < 1 {
		return b.misfit("Patches", "[N,C,H,W] and a kernel of at least 1", x)
	}
	v, err := newConvolution(s, tensor.Shape{1, s[1], kernel, kernel}, stride, pad)
	if err != "" {
		return b.misfit("Patches", err, x)
	}
	return b.patches(v, x)
}

func (b *Builder) patches(v convolution, x *G.Node) *G.Node {
	pieces, size := v.patchPieces(v.n * v.oh)
	return b.node(spec{
		kind: "Patches", shape: v.patchShape(),
		work: &work{
			pieces: pieces,
			f32: func(out, in [][]float32, piece int, _ []float32) {
				patches(out[0], in[0], v, piece*size, min((piece+1)*size, v.n*v.oh))
			},
			f64: func(out, in [][]float64, piece int, _ []float64) {
				patches(out[0], in[0], v, piece*size, min((piece+1)*size, v.n*v.oh))
			},
		},
		cheap: true,
		grad:  func(_ int, _, g, acc *G.Node) *G.Node { return b.patchesBack(v, g, acc) },
	}, x)
}

// patchesBack is what the images of Patches receive, added to acc. A piece is some channels.
func (b *Builder) patchesBack(v convolution, g, acc *G.Node) *G.Node {
	operands := []*G.Node{g}
	if acc != nil {
		operands = append(operands, acc)
	}
	pieces, size := v.patchPieces(v.n * v.c)
	return b.node(spec{
		kind: "PatchesBack", shape: v.in(),
		work: &work{
			pieces: pieces,
			f32: func(out, in [][]float32, piece int, _ []float32) {
				patchesBack(out[0], in, v, piece*size, min((piece+1)*size, v.n*v.c))
			},
			f64: func(out, in [][]float64, piece int, _ []float64) {
				patchesBack(out[0], in, v, piece*size, min((piece+1)*size, v.n*v.c))
			},
		},
		grad: func(i int, _, r, sum *G.Node) *G.Node {
			if i == 1 {
				return b.sum(sum, r)
			}
			return b.sum(sum, b.patches(v, r))
		},
		over: []int{1}[:len(operands)-1],
	}, operands...)
}

func (v convolution) patchShape() tensor.Shape { return tensor.Shape{v.n * v.positions(), v.rows()} }

// patchElements is how many elements are worth handing to another thread.
const patchElements = 256 << 10

// patchPieces divides so many equal parts of the patches.
func (v convolution) patchPieces(parts int) (pieces, size int) {
	pieces = min(parts, max(1, v.patchShape().TotalSize()/patchElements))
	size = (parts + pieces - 1) / pieces
	return (parts + size - 1) / size, size
}

// patches writes those of some rows (n,i).
func patches[F float](out, x []F, v convolution, from, to int) {
	plane, k := v.h*v.w, v.k
	at := from * v.ow * v.rows()
	for r := from; r < to; r++ {
		image := x[r/v.oh*v.c*plane:][:v.c*plane]
		y := r%v.oh*v.stride - v.pad
		for j := range v.ow {
			col := j*v.stride - v.pad
			first, last := max(-col, 0), min(v.w-col, k) // inside, of k
			for q := 0; q < len(image); q += plane {
				for u := y; u < y+k; u++ {
					o := out[at : at+k : at+k]
					at += k
					if u < 0 || u >= v.h || first >= last {
						clear(o)
						continue
					}
					line := image[q+u*v.w:][:v.w]
					if last-first == k {
						line = line[col:][:len(o)]
						for i := range o {
							o[i] = line[i]
						}
						continue
					}
					for i := range o {
						o[i] = 0
						if i >= first && i < last {
							o[i] = line[col+i]
						}
					}
				}
			}
		}
	}
}

// patchesBack adds up those of some channels (n,q).
func patchesBack[F float](out []F, in [][]F, v convolution, from, to int) {
	plane, k, rows := v.h*v.w, v.k, v.rows()
	for c := from; c < to; c++ {
		x := out[c*plane:][:plane]
		if len(in) == 2 {
			beginWith(x, in[1][c*plane:])
		} else {
			clear(x)
		}
		at := c/v.c*v.positions()*rows + c%v.c*k*k
		for i := range v.oh {
			for j := range v.ow {
				patch := in[0][at:][:k*k]
				at += rows
				y, col := i*v.stride-v.pad, j*v.stride-v.pad
				first, last := max(-col, 0), min(v.w-col, k)
				if first >= last {
					continue
				}
				for u := max(-y, 0); u < min(v.h-y, k); u++ {
					line := x[(y+u)*v.w+col+first:][:last-first]
					p := patch[u*k+first:][:len(line)]
					for t := range line {
						line[t] += p[t]
					}
				}
			}
		}
	}
}
