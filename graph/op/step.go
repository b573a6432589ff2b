package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Plasticity says how a change of weights is applied: W ← W + κ α ∘ Δ.
type Plasticity struct {
	Alpha  *G.Node // α: [out,in] per synapse, [out] per neuron, [1] for all; nil means 1
	Scale  float64 // κ, which is not differentiated
	Detach bool    // Δ is a constant for the outer gradient
}

// Change applies a change of any kind.
//
//	W' = W + κ α ∘ Δ   [out,in], or any shape if α is [1] or of that shape
//
// It is what a rule without a step of its own is applied by; HebbStep and OjaStep do the
// same for their Δ without ever storing it.
func (b *Builder) Change(w, delta *G.Node, p Plasticity) *G.Node {
	if !b.usable([]*G.Node{w, delta}) {
		return nil
	}
	if !same(w.Shape(), delta.Shape()) {
		return b.misfit("Change", "weights and a change of one shape", w, delta)
	}
	if p.Detach {
		delta = b.StopGradient(delta)
	}
	if p.Alpha != nil {
		switch s := p.Alpha.Shape(); {
		case same(s, w.Shape()):
			delta = b.Mul(p.Alpha, delta)
		case same(s, tensor.Shape{1}):
			delta = b.ScaleBy(delta, p.Alpha)
		default:
			delta = b.RowScale(p.Alpha, delta)
		}
	}
	return b.AddScaled(w, delta, p.Scale)
}

// HebbStep is the update of weights by Hebb's rule.
//
//	W' = W + κ α ∘ (pᵀ h)   [out,in]
//
//	p  [N,out]   postsynaptic activity
//	h  [N,in]    presynaptic activity
//	W  [out,in]  weights at this inner step
//
// With H = κ α ∘ g: W receives g, h receives p H, p receives h Hᵀ, and α receives
// κ g ∘ (pᵀ h), summed to its shape, for which the outer product is computed again.
// Cost: 2·N·in·out FLOPs and a pass over W.
func (b *Builder) HebbStep(w, p, h *G.Node, a Plasticity) *G.Node {
	return b.step("HebbStep", false, w, p, h, a)
}

// OjaStep is the update of weights by Oja's rule.
//
//	W' = W + κ α ∘ (pᵀ h − diag(s) W),   s = Σ_n p[n]²   [out,in]
//
// Symbols as in HebbStep. With H = κ α ∘ g and r = −Σ_j (H ∘ W)_j [out]: W receives
// g − diag(s) H, h receives p H, p receives h Hᵀ + 2 p diag(r), and α receives
// κ g ∘ (pᵀ h − diag(s) W). Only W is remembered for the reverse pass: the outer product is
// computed again. Cost: 2·N·in·out FLOPs and a pass over W.
func (b *Builder) OjaStep(w, p, h *G.Node, a Plasticity) *G.Node {
	return b.step("OjaStep", true, w, p, h, a)
}

// The granularities of α that the kernels know.
const (
	constant = iota // no α
	scalar
	perRow
	perSynapse
)

// update is what the kernels of a step and of its reverse pass have in common.
type update struct {
	n, out, in int
	decay      bool // Oja's
	alpha      int  // granularity
	scale      float64
	pieces     int
	rows       int // of W in a piece
	parts      int // that the reverse pass is divided in, each of several such pieces
}

// stepElements is about how many weights a piece of a step has: few enough for a core's own
// cache.
var stepElements = 24 << 10

// partElements is about how many weights a part of the reverse pass has, where there are not
// more than maxParts: what h receives from each part is summed afterwards.
var partElements = 64 << 10

const maxParts = 4

// ojaTileRows is how many rows of W a tile of its passes has; those that are left over go one
// by one.
const ojaTileRows = 6

func (b *Builder) step(kind string, decay bool, w, p, h *G.Node, a Plasticity) *G.Node {
	operands := []*G.Node{w, p, h}
	if a.Alpha != nil {
		operands = append(operands, a.Alpha)
	}
	if !b.usable(operands) {
		return nil
	}
	u, fits := newUpdate(w.Shape(), p.Shape(), h.Shape(), decay, a)
	if !fits {
		return b.misfit(kind, "[out,in], [N,out], [N,in] and α of [out,in], [out] or [1]", operands...)
	}
	if !b.fused {
		var delta *G.Node
		if decay {
			delta = b.Oja(p, h, w)
		} else {
			delta = b.Hebb(p, h)
		}
		return b.Change(w, delta, a)
	}
	return b.node(spec{
		kind:  kind,
		shape: w.Shape(),
		work: &work{
			pieces: u.pieces, scratch: u.rows*u.in + u.rows,
			f32: func(out, in [][]float32, piece int, scratch []float32) {
				stepPiece(b, u, out[0], in, piece, scratch)
			},
			f64: func(out, in [][]float64, piece int, scratch []float64) {
				stepPiece(b, u, out[0], in, piece, scratch)
			},
		},
		products: []Product{u.outer()},
		over:     []int{0},
		fixed:    []bool{false, a.Detach, a.Detach, false},
		pull: func(_, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
			return b.stepBack(u, operands, g, a.Detach, want, acc)
		},
	}, operands...)
}

func newUpdate(w, p, h tensor.Shape, decay bool, a Plasticity) (update, bool) {
	if len(w) != 2 || len(p) != 2 || len(h) != 2 || p[0] != h[0] || p[1] != w[0] || h[1] != w[1] {
		return update{}, false
	}
	u := update{n: p[0], out: w[0], in: w[1], decay: decay, scale: a.Scale}
	if a.Alpha != nil {
		switch s := a.Alpha.Shape(); {
		case same(s, tensor.Shape{1}):
			u.alpha = scalar
		case same(s, tensor.Shape{u.out}):
			u.alpha = perRow
		case same(s, w):
			u.alpha = perSynapse
		default:
			return u, false
		}
	}
	u.divide(stepElements)
	return u, true
}

// divide makes pieces of about so many weights.
func (u *update) divide(elements int) {
	u.rows = min(u.out, max(16, elements/u.in/16*16))
	if vectorWidth > 0 { // whole tiles
		u.pieces = (u.out + u.rows - 1) / u.rows
		u.rows = min(u.out, ((u.out+u.pieces-1)/u.pieces+ojaTileRows-1)/ojaTileRows*ojaTileRows)
	}
	u.pieces = (u.out + u.rows - 1) / u.rows
	u.parts = min(max(u.out*u.in/partElements, 1), maxParts, u.pieces)
}

func (u update) outer() Product { return Product{TA: true, M: u.out, N: u.in, K: u.n} }

// piece is the range of rows of a piece.
func (u update) piece(i int) (from, rows int) {
	from = i * u.rows
	return from, min(u.rows, u.out-from)
}

// squares writes Σ_n p[n,from+i]² into s.
func squares[F float](u update, s, p []F, from int) {
	i := 0
	for ; i+4 <= len(s); i += 4 {
		var s0, s1, s2, s3 float64
		for j := from + i; j < len(p); j += u.out {
			q := p[j : j+4 : j+4]
			p0, p1, p2, p3 := float64(q[0]), float64(q[1]), float64(q[2]), float64(q[3])
			s0 += p0 * p0
			s1 += p1 * p1
			s2 += p2 * p2
			s3 += p3 * p3
		}
		s[i], s[i+1], s[i+2], s[i+3] = F(s0), F(s1), F(s2), F(s3)
	}
	for ; i < len(s); i++ {
		var sum float64
		for j := from + i; j < len(p); j += u.out {
			sum += float64(p[j]) * float64(p[j])
		}
		s[i] = F(sum)
	}
}

func stepPiece[F float](b *Builder, u update, out []F, in [][]F, piece int, scratch []F) {
	from, rows := u.piece(piece)
	d, s := scratch[:rows*u.in], scratch[u.rows*u.in:][:rows]
	w, p, h := in[0], in[1], in[2]
	if u.decay {
		squares(u, s, p, from)
		if ojaStepInTiles(u, out, in, from, s) {
			return
		}
	}
	gemm(b.lib, true, false, rows, u.in, u.n, 1, p[from:], u.out, h, u.in, 0, d, u.in)
	for i := range rows {
		at := (from + i) * u.in
		o, w, d := out[at:][:u.in], w[at:][:u.in], d[i*u.in:][:u.in]
		if u.alpha == perSynapse {
			a := in[3][at:][:u.in]
			if u.decay {
				ojaRow(o, w, d, a, F(u.scale), s[i])
			} else {
				hebbRow(o, w, d, a, F(u.scale))
			}
			continue
		}
		a := rate(u, in, 3, from+i)
		if u.decay {
			// W + a (D − s W) = (1 − a s) W + a D
			keep := 1 - a*s[i]
			for j, v := range w {
				o[j] = keep*v + a*d[j]
			}
			continue
		}
		addScaled(o, w, d, a)
	}
}

func ojaRow[F float](o, w, d, a []F, k, s F) {
	w, d, a = w[:len(o)], d[:len(o)], a[:len(o)]
	for j := range o {
		o[j] = w[j] + k*a[j]*(d[j]-s*w[j])
	}
}

func hebbRow[F float](o, w, d, a []F, k F) {
	w, d, a = w[:len(o)], d[:len(o)], a[:len(o)]
	for j := range o {
		o[j] = w[j] + k*a[j]*d[j]
	}
}

// rate is κ α of a row, where α is not per synapse and is operand number i.
func rate[F float](u update, in [][]F, i, row int) F {
	switch u.alpha {
	case scalar:
		return F(u.scale) * in[i][0]
	case perRow:
		return F(u.scale) * in[i][row]
	}
	return F(u.scale)
}
