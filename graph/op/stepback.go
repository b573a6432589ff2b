package op

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The results of the one pass that the reverse pass of a step makes over W.
const (
	backAlpha = iota // κ g ∘ Δ, summed over a row unless α is per synapse: [out,in] or [out]
	backW            // g − diag(s) H   [out,in]
	backPost         // h Hᵀ + 2 p diag(r)   [N,out]
	backPre          // p H   [N,in]; in several parts [parts·N,in], to be summed
)

// stepBack builds what the operands W, p, h and α of a step receive.
func (b *Builder) stepBack(u update, operands []*G.Node, g *G.Node, detach bool, want []bool, acc []*G.Node) []*G.Node {
	r := make([]*G.Node, len(operands))
	w, p, h := operands[0], operands[1], operands[2]
	wantAlpha := len(operands) == 4 && want[3]
	activity := !detach && (want[1] || want[2])
	if u.alpha == constant && !u.decay && activity { // H is a multiple of g: there is no pass to make
		if want[2] {
			r[2] = b.addMatMul(acc[2], p, g, N, N, u.scale)
		}
		if want[1] {
			r[1] = b.addMatMul(acc[1], h, g, N, T, u.scale)
		}
		activity = false
	}
	pass := stepPass{u: u, detach: detach, g: g, w: w, p: p, h: h}
	if len(operands) == 4 {
		pass.alpha = operands[3]
	}
	pass.need = [4]bool{
		backAlpha: wantAlpha,
		backW:     want[0] && u.decay && !detach,
		backPost:  activity && want[1],
		backPre:   activity && want[2],
	}
	if wantAlpha && u.alpha == perSynapse {
		pass.acc[backAlpha] = acc[3]
	}
	if pass.need[backPost] {
		pass.acc[backPost] = acc[1]
	}
	if pass.need[backPre] && u.parts == 1 {
		pass.acc[backPre] = acc[2]
	}
	of := pass.build(b)
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
	if pass.need[backPost] {
		r[1] = of[backPost]
	}
	if pass.need[backPre] {
		if r[2] = of[backPre]; u.parts > 1 {
			r[2] = b.sumParts(acc[2], r[2], u.parts)
		}
	}
	if want[0] {
		if pass.need[backW] {
			g = of[backW]
		}
		r[0] = b.sum(acc[0], g)
	}
	return r
}

// stepPass is the pass over W, block of rows by block of rows: H of a block is used for all
// results while it is in a core's cache, and never stored.
type stepPass struct {
	detach     bool // Δ is a constant, of the second derivative too
	u          update
	need       [4]bool
	acc        [4]*G.Node // what each result is added to, nil for none
	g, w, p, h *G.Node
	alpha      *G.Node
	alphaAt    int    // place of α among the operands, 0 for none
	accAt      [4]int // places of acc, 0 for none
}

// build makes the nodes that are needed.
func (s stepPass) build(b *Builder) [4]*G.Node {
	u := s.u
	operands := []*G.Node{s.g, s.w, s.p, s.h}
	if s.alpha != nil {
		s.alphaAt = len(operands)
		operands = append(operands, s.alpha)
	}
	for i, a := range s.acc {
		if a != nil {
			s.accAt[i] = len(operands)
			operands = append(operands, a)
		}
	}
	wk := &work{
		pieces: u.parts, scratch: 2*u.rows*u.in + 2*u.rows,
		f32: func(out, in [][]float32, part int, scratch []float32) { runPass(b, &s, out, in, part, scratch) },
		f64: func(out, in [][]float64, part int, scratch []float64) { runPass(b, &s, out, in, part, scratch) },
	}
	composed := s.composed(b)
	matrix := tensor.Shape{u.out, u.in}
	shapes := [4]tensor.Shape{backAlpha: {u.out}, backW: matrix, backPost: {u.n, u.out}, backPre: {u.parts * u.n, u.in}}
	if u.alpha == perSynapse {
		shapes[backAlpha] = matrix
	}
	products := [4]Product{backAlpha: u.outer(), backPost: {TB: true, M: u.n, N: u.out, K: u.in}, backPre: {M: u.n, N: u.in, K: u.out}}
	var specs []spec
	var members []int
	for i := range s.need {
		if !s.need[i] {
			continue
		}
		sp := spec{kind: "StepBack", shape: shapes[i], work: wk, pull: b.expanded(operands, composed[i])}
		if i == backW {
			sp.over = []int{0}
		} else {
			sp.products = products[i : i+1]
		}
		if at := s.accAt[i]; at != 0 {
			sp.over = []int{at}
		}
		specs, members = append(specs, sp), append(members, i)
	}
	var r [4]*G.Node
	for j, n := range b.nodes(specs, members, operands...) {
		r[members[j]] = n
	}
	return r
}

// composed are the same results as compositions.
func (s stepPass) composed(b *Builder) [4]func() *G.Node {
	u := s.u
	kappaG := func() *G.Node {
		x := b.Scale(s.g, u.scale)
		switch u.alpha {
		case perSynapse:
			return b.Mul(s.alpha, x)
		case perRow:
			return b.RowScale(s.alpha, x)
		case scalar:
			return b.ScaleBy(x, s.alpha)
		}
		return x
	}
	return [4]func() *G.Node{
		backAlpha: func() *G.Node {
			delta := b.Hebb(s.p, s.h)
			if u.decay {
				delta = b.Oja(s.p, s.h, s.w)
			}
			if s.detach {
				delta = b.StopGradient(delta)
			}
			if u.alpha != perSynapse {
				return b.Scale(b.RowDot(s.g, delta), u.scale)
			}
			return b.sum(s.acc[backAlpha], b.Scale(b.Mul(s.g, delta), u.scale))
		},
		backW: func() *G.Node { return b.Sub(s.g, b.RowScale(b.ColDot(s.p, s.p), kappaG())) },
		backPost: func() *G.Node {
			d := b.addMatMul(s.acc[backPost], s.h, kappaG(), N, T, 1)
			if u.decay {
				d = b.addColScaled(d, s.p, b.RowDot(kappaG(), s.w), -2)
			}
			return d
		},
		backPre: func() *G.Node {
			if u.parts == 1 {
				return b.addMatMul(s.acc[backPre], s.p, kappaG(), N, N, 1)
			}
			h := kappaG()
			var parts []rowRange
			for i := range u.parts {
				from, to := u.rowsOf(i)
				rows := b.PadRows(u.out, from, b.Rows(h, from, to)) // zeros elsewhere
				parts = append(parts, rowRange{i * u.n, b.MatMul(s.p, rows, N, N)})
			}
			return b.joinRows(nil, tensor.Shape{u.parts * u.n, u.in}, parts)
		},
	}
}

// blocks are the blocks of rows of a part.
func (u update) blocks(part int) (from, to int) {
	return part * u.pieces / u.parts, (part + 1) * u.pieces / u.parts
}

// rowsOf are the rows of a part.
func (u update) rowsOf(part int) (from, to int) {
	first, end := u.blocks(part)
	return first * u.rows, min(end*u.rows, u.out)
}

// runPass is the kernel for one part. The result for W may lie in g's place, and every other
// in the place of what it is added to: every element is read before it is written.
func runPass[F float](b *Builder, sp *stepPass, out, in [][]F, part int, scratch []F) {
	u := sp.u
	op, oh := resultOf(out, backPost), resultOf(out, backPre)
	var betaP, betaH F
	if oh != nil {
		oh = oh[part*u.n*u.in:][:u.n*u.in]
		if a := sp.accAt[backPre]; a != 0 {
			beginWith(oh, in[a])
			betaH = 1
		}
	}
	p, h := in[2], in[3]
	first, end := u.blocks(part)
	for block := first; block < end; block++ {
		from, rows := u.piece(block)
		hb, r := scratch[:rows*u.in], scratch[2*u.rows*u.in:][:rows]
		passBlock(b, sp, out, in, from, rows, scratch, r)
		if op != nil {
			if a := sp.accAt[backPost]; a != 0 {
				betaP = 1
				if acc := in[a]; &acc[0] != &op[0] {
					for i := from; i < len(op); i += u.out {
						copy(op[i:][:rows], acc[i:])
					}
				}
			}
			gemm(b.lib, false, true, u.n, rows, u.in, 1, h, u.in, hb, u.in, betaP, op[from:], u.out)
			if u.decay {
				for i := from; i < len(op); i += u.out {
					o, p := op[i:][:rows], p[i:][:rows]
					for j, v := range r {
						o[j] += 2 * v * p[j]
					}
				}
			}
		}
		if oh != nil {
			gemm(b.lib, false, false, u.n, u.in, rows, 1, p[from:], u.out, hb, u.in, betaH, oh, u.in)
			betaH = 1
		}
	}
}

// passBlock does the rows of one block: H into the beginning of scratch, r, and the results
// for α and W.
func passBlock[F float](b *Builder, sp *stepPass, out, in [][]F, from, rows int, scratch, r []F) {
	u := sp.u
	g, w, p, h := in[0], in[1], in[2], in[3]
	oa, ow := resultOf(out, backAlpha), resultOf(out, backW)
	hb, s := scratch[:rows*u.in], scratch[2*u.rows*u.in+u.rows:][:rows]
	clear(s)
	if u.decay {
		squares(u, s, p, from)
	}
	if sp.need[backAlpha] && hasOjaTiles(u, hb) {
		// Whatever is asked for in this run is computed alike; what is not goes to waste.
		block := func(x []F) []F { return x[from*u.in:][:rows*u.in] }
		unused := scratch[u.rows*u.in:][:rows*u.in]
		v := ojaBackBlock[F]{g: block(g), w: block(w), a: block(in[sp.alphaAt]), sum: unused, oa: unused, ow: unused, oh: hb, p: p[from:], h: h, s: s, r: r}
		if ow != nil {
			v.ow = block(ow)
		}
		if oa != nil {
			v.oa = block(oa)
			v.sum = v.oa
			if a := sp.accAt[backAlpha]; a != 0 {
				v.sum = block(in[a])
			} else {
				clear(v.oa)
			}
		}
		ojaBackInTiles(u, v)
		return
	}
	var d []F
	if oa != nil {
		d = scratch[u.rows*u.in:][:rows*u.in]
		gemm(b.lib, true, false, rows, u.in, u.n, 1, p[from:], u.out, h, u.in, 0, d, u.in)
	}
	k := F(u.scale)
	for i := range rows {
		at := (from + i) * u.in
		row := func(x []F) []F { return x[at:][:u.in] }
		g, w, hr := row(g), row(w), hb[i*u.in:][:u.in]
		if oa != nil && ow != nil && u.alpha == perSynapse && sp.accAt[backAlpha] != 0 {
			r[i] = ojaBackRow(hr, row(oa), row(ow), g, w, d[i*u.in:][:u.in], row(in[sp.alphaAt]), row(in[sp.accAt[backAlpha]]), k, s[i])
			continue
		}
		if oa != nil {
			alphaBackRow(u, oa, from+i, g, w, d[i*u.in:][:u.in], in, sp.accAt[backAlpha], k, s[i])
		}
		// The order of multiplications and additions is that of ojaBackRow.
		var sum [8]float64
		if u.alpha == perSynapse {
			a := row(in[sp.alphaAt])
			for j, v := range g {
				x := k * v * a[j]
				hr[j] = x
				sum[j&7] -= float64(x * w[j])
			}
		} else {
			a := rate(u, in, sp.alphaAt, from+i)
			for j, v := range g {
				x := a * v
				hr[j] = x
				sum[j&7] -= float64(x * w[j])
			}
		}
		if ow != nil {
			addScaled(row(ow), g, hr, -s[i])
		}
		r[i] = F(sumLanes(&sum))
	}
}

// ojaBackBlock is what ojaBackInTiles, the pass in tiles, reads and writes: blocks
// of rows of the matrices, and all examples.
type ojaBackBlock[F float] struct {
	g, w, a, sum []F // sum is what α's gradient is added to
	oa, ow, oh   []F // oa may be sum, ow may be g
	p, h         []F // p from the block's first neuron on
	s, r         []F // of each row
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
	for j, v := range g {
		kg := k * v
		x := kg * a[j]
		oa[j] = sum[j] + kg*(d[j]-s*w[j])
		oh[j] = x
		ow[j] = v - s*x
		r[j&7] -= float64(x * w[j])
	}
	return F(sumLanes(&r))
}

// sumLanes adds up eight sums.
func sumLanes(r *[8]float64) float64 {
	return ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
}
