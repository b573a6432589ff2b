package op

// The kernels of a polynomial go over W block of rows by block of rows, and over the examples chunk by
// chunk, so that all that a block needs lies in a core's own cache:
//
//	V    [K,in]    rows h^a, slot after slot, each with the chunk's examples; in the first chunk a row of ones, for terms without h
//	U_j  [N,rows]  p^b x^d of the chunk
//	Q_c  [K,rows]  what U is mixed to by θ; beside the row of ones from sums of U over all examples
//	X_c  [rows,in] Σ Q_cᵀ V over the chunks, so that Δ = Σ_c W^c ∘ X_c
//
// In Q_c and V, where some slot has no term with W^c, its rows are left out of products.

// stripElements is about how many weights a pass of elementwise loops goes over: few enough for the
// fastest cache.
const stripElements = 1 << 10

// taylorIn are the operands.
type taylorIn[F float] struct{ w, p, h, theta, x, alpha []F }

// taylorBlock is the work on one block of rows.
type taylorBlock[F float] struct {
	*taylor
	b          *Builder
	in         taylorIn[F]
	from, rows int

	x               [3][]F // X_c
	q               [3][]F // Q_c
	v, u, sum, coef []F    // V, U, sums of U over examples [posts,rows], θ [weights,slots+1,posts]

	first, n int // the chunk that U, V and Q are of; n is 0 before there is one
}

// height is how many rows V has room for. Those behind the row of ones are zeros: inner products are
// made in blocks of rows.
func (t *taylor) height() int {
	k := len(t.pre) * t.chunk
	if t.sums {
		k = (k + dotBlockRows) / dotBlockRows * dotBlockRows
	}
	return k
}

// strip is how many rows of W a pass of elementwise loops goes over.
func (t *taylor) strip() int { return min(max(stripElements/t.update.in, 1), t.update.rows) }

// coefs is the size of θ as a matrix for each power of W.
func (t *taylor) coefs() int { return len(t.weights) * (len(t.pre) + 1) * len(t.posts) }

// grads is the size of what θ receives from a block.
func (t *taylor) grads() int {
	if t.perRow {
		return len(t.terms) * t.update.rows
	}
	return t.coefs()
}

// carver takes arrays out of scratch memory. Each begins at a multiple of 64 bytes.
type carver[F float] struct {
	rest []F
	used int // counts alone, where rest is nil
}

func (c *carver[F]) take(n int) []F {
	size := (n + 15) / 16 * 16
	c.used += size
	if c.rest == nil {
		return nil
	}
	a := c.rest[:n:n]
	c.rest = c.rest[size:]
	return a
}

// scratch is the memory of a kernel, forward or of the reverse pass.
func (t *taylor) scratch(back bool) int {
	var c carver[float64]
	(&taylorBlock[float64]{taylor: t}).carve(&c)
	if back {
		(&taylorBack[float64]{taylorBlock: taylorBlock[float64]{taylor: t}}).carve(&c)
	}
	return c.used
}

func (k *taylorBlock[F]) carve(c *carver[F]) {
	rows, in, height := k.update.rows, k.update.in, k.height()
	for i := range k.weights {
		k.x[i] = c.take(rows * in)
		k.q[i] = c.take(height * rows)
	}
	k.v = c.take(height * in)
	k.u = c.take(len(k.posts) * k.chunk * rows)
	k.sum = c.take(len(k.posts) * rows)
	k.coef = c.take(k.coefs())
}

// taylorPiece is the forward pass over one piece.
func taylorPiece[F float](b *Builder, t *taylor, out []F, in [][]F, piece int, scratch []F) {
	k := taylorBlock[F]{taylor: t, b: b, in: taylorIn[F]{w: in[0], p: in[1], h: in[2], theta: in[3]}}
	rest := in[4:]
	if t.factor {
		k.in.x, rest = rest[0], rest[1:]
	}
	if t.alpha != constant {
		k.in.alpha = rest[0]
	}
	k.carve(&carver[F]{rest: scratch})
	k.from, k.rows = t.piece(piece)
	k.begin()
	k.outer()
	width := t.update.in
	for i := 0; i < k.rows; i += t.strip() {
		n := min(t.strip(), k.rows-i)
		at, size := (k.from+i)*width, n*width
		o, w, d := out[at:][:size], k.in.w[at:][:size], k.delta(i*width, k.in.w[at:][:size])
		switch {
		case t.bare:
			copy(o, d)
		case t.alpha == perSynapse:
			mul(d, d, k.in.alpha[at:])
			addScaled(o, w, d, F(t.scale))
		default:
			for j := range n {
				r := j * width
				addScaled(o[r:][:width], w[r:], d[r:], k.rate(k.from+i+j))
			}
		}
	}
}

// rate is κ α of a row.
func (k *taylorBlock[F]) rate(row int) F {
	switch k.alpha {
	case scalar:
		return F(k.scale) * k.in.alpha[0]
	case perRow:
		return F(k.scale) * k.in.alpha[row]
	}
	return F(k.scale)
}

// delta is Σ_c W^c ∘ X_c from an element of the block on, for as many weights as there are in w. It is
// made in the place of the last X_c.
func (k *taylorBlock[F]) delta(at int, w []F) []F {
	c := len(k.weights) - 1
	d := k.x[c][at:][:len(w)]
	for e := k.weights[c] - 1; e >= 0; e-- {
		if c > 0 && k.weights[c-1] == e {
			c--
			mulAdd(d, k.x[c][at:], w, d)
		} else {
			mul(d, d, w)
		}
	}
	return d
}

// begin makes what is the same for all chunks: coefficients and sums over examples.
func (k *taylorBlock[F]) begin() {
	k.n = 0
	posts := len(k.posts)
	if !k.perRow {
		clear(k.coef)
		for i, at := range k.at {
			k.coef[(at.weight*(len(k.pre)+1)+at.slot)*posts+at.post] = k.in.theta[i]
		}
	}
	if !k.sums {
		return
	}
	for first := 0; first < k.update.n; first += k.chunk {
		n := min(k.chunk, k.update.n-first)
		k.activity(first, n)
		for j := range posts {
			s, u := k.sum[j*k.rows:][:k.rows], k.u[j*n*k.rows:][:n*k.rows]
			if first == 0 {
				sumColumns(s, [][]F{u})
			} else {
				sumColumns(s, [][]F{u, s})
			}
		}
	}
}

// activity makes U of a chunk.
func (k *taylorBlock[F]) activity(first, n int) {
	for j, e := range k.posts {
		for i := range n {
			at := (first+i)*k.out + k.from
			u, p := k.u[(j*n+i)*k.rows:][:k.rows], k.in.p[at:][:k.rows]
			times := e[1]
			switch {
			case e[0] == 1:
				copy(u, p)
			case e[0] == 2:
				mul(u, p, p)
			case times > 0:
				copy(u, k.in.x[at:])
				times--
			default:
				fill(u, 1)
			}
			for range times {
				mul(u, u, k.in.x[at:])
			}
		}
	}
}

// prepare makes U, V and Q of a chunk, unless they are there.
func (k *taylorBlock[F]) prepare(first, n int) {
	if k.n > 0 && k.first == first {
		return
	}
	if !k.sums || k.chunk < k.update.n {
		k.activity(first, n) // else it is there since the sums
	}
	k.first, k.n = first, n
	width, slots := k.update.in, len(k.pre)
	for s, e := range k.pre {
		v, h := k.v[s*n*width:][:n*width], k.in.h[first*width:]
		if e == 1 {
			copy(v, h)
		} else {
			mul(v, h, h)
		}
	}
	if k.sums && first == 0 {
		ones := k.v[slots*n*width:]
		fill(ones[:width], 1)
		clear(ones[width:])
	}
	if k.perRow {
		k.mixRows()
	} else {
		k.mix()
	}
}

// mix makes Q, with coefficients for all neurons.
func (k *taylorBlock[F]) mix() {
	slots, posts, size := len(k.pre), len(k.posts), k.n*k.rows
	for c := range k.weights {
		coef := k.coef[c*(slots+1)*posts:]
		runs, n := k.runs(c)
		for _, r := range runs[:n] {
			gemm(k.b.lib, false, false, r.to-r.from, size, posts, 1, coef[r.from*posts:], posts, k.u, size, 0, k.q[c][r.from*size:], size)
		}
		if k.has[c][slots] && k.first == 0 {
			gemm(k.b.lib, false, false, 1, k.rows, posts, 1, coef[slots*posts:], posts, k.sum, k.rows, 0, k.q[c][slots*size:], k.rows)
		}
	}
}

// mixRows makes Q, with coefficients for each neuron.
func (k *taylorBlock[F]) mixRows() {
	for c := range k.weights {
		clear(k.q[c])
	}
	for i, at := range k.at {
		theta := k.in.theta[i*k.out+k.from:][:k.rows]
		q := k.q[at.weight][at.slot*k.n*k.rows:]
		if at.slot == len(k.pre) {
			if k.first == 0 {
				mulAdd(q[:k.rows], q, theta, k.sum[at.post*k.rows:])
			}
			continue
		}
		for e := range k.n {
			q, u := q[e*k.rows:][:k.rows], k.u[(at.post*k.n+e)*k.rows:]
			mulAdd(q, q, theta, u)
		}
	}
}

// ranges are the rows of Q_c and V that a product for W^c is made of.
func (k *taylorBlock[F]) ranges(c int) (list [3]span, n int) {
	runs, n := k.runs(c)
	for i, r := range runs[:n] {
		list[i] = span{r.from * k.n, r.to * k.n}
	}
	if slots := len(k.pre); k.has[c][slots] && k.first == 0 {
		ones := slots * k.n
		if n > 0 && list[n-1].to == ones {
			list[n-1].to++
		} else {
			list[n] = span{ones, ones + 1}
			n++
		}
	}
	return list, n
}

// outer makes X_c.
func (k *taylorBlock[F]) outer() {
	width := k.update.in
	var begun [3]bool
	for first := 0; first < k.update.n; first += k.chunk {
		k.prepare(first, min(k.chunk, k.update.n-first))
		for c := range k.weights {
			list, n := k.ranges(c)
			for _, r := range list[:n] {
				var beta F
				if begun[c] {
					beta = 1
				}
				begun[c] = true
				gemm(k.b.lib, true, false, k.rows, width, r.to-r.from, 1, k.q[c][r.from*k.rows:], k.rows, k.v[r.from*width:], width, beta, k.x[c], width)
			}
		}
	}
}
