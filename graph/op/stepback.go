package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The results of the one pass that the reverse pass of a step makes over W.
const (
	backH     = iota // H = κ α ∘ g   [out,in]
	backAlpha        // κ g ∘ Δ, summed over a row unless α is per synapse: [out,in] or [out]
	backW            // g − diag(s) H   [out,in]
	backDecay        // r = −Σ_j (H ∘ W)_j   [out]
)

// stepBack builds what the operands W, p, h and α of a step receive.
func (b *Builder) stepBack(u update, operands []*G.Node, g *G.Node, detach bool, want []bool, acc []*G.Node) []*G.Node {
	r := make([]*G.Node, len(operands))
	w, p, h := operands[0], operands[1], operands[2]
	var alpha, dAlpha *G.Node
	wantAlpha := len(operands) == 4 && want[3]
	if len(operands) == 4 {
		alpha = operands[3]
	}
	activity := !detach && (want[1] || want[2])
	plain := u.alpha == constant && !u.decay // H is a multiple of g, and W receives g

	need := [4]bool{
		backH:     activity && !plain,
		backAlpha: wantAlpha,
		backW:     want[0] && u.decay && !detach,
		backDecay: u.decay && !detach && want[1],
	}
	if wantAlpha && u.alpha == perSynapse {
		dAlpha = acc[3]
	}
	of := b.stepPass(u, need, g, w, p, h, alpha, dAlpha)
	if b.err != nil {
		return r
	}
	if wantAlpha {
		switch u.alpha {
		case perSynapse:
			r[3] = of[backAlpha]
		case perRow:
			r[3] = b.sum(acc[3], of[backAlpha])
		case scalar:
			r[3] = b.sum(acc[3], b.Dot(of[backAlpha], b.OnesLike(of[backAlpha])))
		}
	}
	hh, s := of[backH], 1.0
	if plain {
		hh, s = g, u.scale
	}
	if activity && want[2] {
		r[2] = b.addMatMul(acc[2], p, hh, N, N, s)
	}
	if activity && want[1] {
		r[1] = b.addMatMul(acc[1], h, hh, N, T, s)
		if u.decay {
			r[1] = b.addColScaled(r[1], p, of[backDecay], 2)
		}
	}
	if want[0] {
		if need[backW] {
			g = of[backW]
		}
		r[0] = b.sum(acc[0], g)
	}
	return r
}

// stepPass makes the nodes of the pass over W that are needed.
func (b *Builder) stepPass(u update, need [4]bool, g, w, p, h, alpha, dAlpha *G.Node) [4]*G.Node {
	operands := []*G.Node{g, w, p, h}
	ai, si := 0, 0
	if alpha != nil {
		ai = len(operands)
		operands = append(operands, alpha)
	}
	if dAlpha != nil {
		si = len(operands)
		operands = append(operands, dAlpha)
	}
	scratch := u.rows
	products := []Product(nil)
	if need[backAlpha] {
		scratch += u.rows * u.in
		products = []Product{u.outer()}
	}
	wk := &work{
		pieces: u.pieces, scratch: scratch,
		f32: func(out, in [][]float32, piece int, scratch []float32) {
			stepBackPiece(b, u, out, in, ai, si, piece, scratch)
		},
		f64: func(out, in [][]float64, piece int, scratch []float64) {
			stepBackPiece(b, u, out, in, ai, si, piece, scratch)
		},
	}
	kappaG := func() *G.Node {
		x := b.Scale(g, u.scale)
		switch u.alpha {
		case perSynapse:
			return b.Mul(alpha, x)
		case perRow:
			return b.RowScale(alpha, x)
		case scalar:
			return b.ScaleBy(x, alpha)
		}
		return x
	}
	composed := [4]func() *G.Node{
		backH: kappaG,
		backAlpha: func() *G.Node {
			delta := b.Hebb(p, h)
			if u.decay {
				delta = b.Oja(p, h, w)
			}
			if u.alpha != perSynapse {
				return b.Scale(b.RowDot(g, delta), u.scale)
			}
			return b.sum(dAlpha, b.Scale(b.Mul(g, delta), u.scale))
		},
		backW:     func() *G.Node { return b.Sub(g, b.RowScale(b.ColDot(p, p), kappaG())) },
		backDecay: func() *G.Node { return b.Scale(b.RowDot(kappaG(), w), -1) },
	}
	matrix, row := tensor.Shape{u.out, u.in}, tensor.Shape{u.out}
	shapes := [4]tensor.Shape{backH: matrix, backAlpha: row, backW: matrix, backDecay: row}
	over := [4][]int{backW: {0}}
	if u.alpha == perSynapse {
		shapes[backAlpha] = matrix
		if si != 0 {
			over[backAlpha] = []int{si}
		}
	}
	var specs []spec
	var members []int
	for i := range need {
		if !need[i] {
			continue
		}
		specs = append(specs, spec{kind: "StepBack", shape: shapes[i], work: wk, over: over[i], products: products,
			pull: b.expanded(operands, composed[i])})
		members = append(members, i)
		products = nil // counted once
	}
	var r [4]*G.Node
	for j, n := range b.nodes(specs, members, operands...) {
		r[members[j]] = n
	}
	return r
}

// stepBackPiece is one range of rows of the pass. The result for W may lie in g's place, and
// that for α in the place of what it is added to: every element is read before it is
// written.
func stepBackPiece[F float](b *Builder, u update, out, in [][]F, ai, si, piece int, scratch []F) {
	from, rows := u.piece(piece)
	g, w, p, h := in[0], in[1], in[2], in[3]
	oh, oa, ow, or := at(out, backH), at(out, backAlpha), at(out, backW), at(out, backDecay)
	s := scratch[:rows]
	clear(s)
	if u.decay {
		squares(u, s, p, from)
	}
	var d []F
	if oa != nil {
		d = scratch[u.rows:][:rows*u.in]
		gemm(b.lib, true, false, rows, u.in, u.n, 1, p[from:], u.out, h, u.in, 0, d, u.in)
	}
	k := F(u.scale)
	for i := range rows {
		at := (from + i) * u.in
		row := func(x []F) []F { return x[at:][:u.in] }
		g, w := row(g), row(w)
		if oa != nil && oh != nil && ow != nil && or != nil && u.alpha == perSynapse && si != 0 {
			or[from+i] = ojaBackRow(row(oh), row(oa), row(ow), g, w, d[i*u.in:][:u.in], row(in[ai]), row(in[si]), k, s[i])
			continue
		}
		if oa != nil {
			alphaBackRow(u, oa, from+i, g, w, d[i*u.in:][:u.in], in, si, k, s[i])
		}
		// The order of multiplications and additions is that of ojaBackRow.
		var r [8]float64
		if u.alpha == perSynapse {
			a := row(in[ai])
			for j, v := range g {
				x := k * v * a[j]
				r[j&7] -= float64(x * w[j])
				if oh != nil {
					oh[at+j] = x
				}
				if ow != nil {
					ow[at+j] = v - s[i]*x
				}
			}
		} else {
			a := rate(u, in, ai, from+i)
			for j, v := range g {
				x := a * v
				r[j&7] -= float64(x * w[j])
				if oh != nil {
					oh[at+j] = x
				}
				if ow != nil {
					ow[at+j] = v - s[i]*x
				}
			}
		}
		if or != nil {
			or[from+i] = F(lanes(&r))
		}
	}
}

// alphaBackRow is what α receives from one row.
func alphaBackRow[F float](u update, oa []F, row int, g, w, d []F, in [][]F, si int, k, s F) {
	if u.alpha != perSynapse {
		var sum float64
		for j, v := range g {
			sum += float64(v) * float64(d[j]-s*w[j])
		}
		oa[row] = F(float64(k) * sum)
		return
	}
	o := oa[row*u.in:][:u.in]
	if si == 0 {
		for j, v := range g {
			o[j] = k * v * (d[j] - s*w[j])
		}
		return
	}
	a := in[si][row*u.in:][:u.in]
	for j, v := range g {
		o[j] = a[j] + k*v*(d[j]-s*w[j])
	}
}

// ojaBackRow is the whole pass over one row, all results at once: what an episode spends its
// time with. It returns r, which is summed in eight lanes side by side: one sum alone would
// make each element wait for the one before.
func ojaBackRow[F float](oh, oa, ow, g, w, d, a, sum []F, k, s F) F {
	n := len(g)
	oh, oa, ow, w, d, a, sum = oh[:n], oa[:n], ow[:n], w[:n], d[:n], a[:n], sum[:n]
	var r [8]float64
	for j := ojaBackRowFast(oh, oa, ow, g, w, d, a, sum, k, s, &r); j < n; j++ {
		v := g[j]
		kg := k * v
		x := kg * a[j]
		oa[j] = sum[j] + kg*(d[j]-s*w[j])
		oh[j] = x
		ow[j] = v - s*x
		r[j&7] -= float64(x * w[j])
	}
	return F(lanes(&r))
}

// lanes adds up eight sums.
func lanes(r *[8]float64) float64 {
	return ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
}
