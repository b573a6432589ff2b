package op

// taylorBack is the reverse pass over one block of rows. It has what the forward pass has, and
//
//	H_c  [rows,in]  κ α ∘ g ∘ W^c, for every power of W up to the highest
//	E_c  [K,rows]   V H_cᵀ, what Q_c receives
//	dV   [K,in]     Σ_c Q_c H_c, what V receives
//	dU   [N,rows]   what U receives
type taylorBack[F float] struct {
	taylorBlock[F]
	s *taylorPass

	g                              []F
	oAlpha, oW, oP, oH, oTheta, oX []F
	sumAlpha, sumP, sumX, sumTheta []F // what results are added to, nil for none

	power                [3][]F // H_c, by power
	e                    [3][]F // E_c
	dv, du, dsum, dtheta []F
	kg, slope            []F // of a strip
	row                  []F // of dU
}

func (k *taylorBack[F]) carve(c *carver[F]) {
	rows, width, height := k.update.rows, k.update.in, k.height()
	for i := range k.top() + 1 {
		k.power[i] = c.take(rows * width)
	}
	for i := range k.weights {
		k.e[i] = c.take(height * rows)
	}
	k.dv = c.take(len(k.pre) * k.chunk * width)
	k.du = c.take(len(k.posts) * k.chunk * rows)
	k.dsum = c.take(len(k.posts) * rows)
	k.dtheta = c.take(k.grads())
	k.kg, k.slope, k.row = c.take(k.strip()*width), c.take(k.strip()*width), c.take(rows)
}

// runTaylor is the kernel for one part. The result for W may lie in g's place, and every other in the
// place of what it is added to: every element is read before it is written.
func runTaylor[F float](b *Builder, s *taylorPass, out, in [][]F, part int, scratch []F) {
	k := taylorBack[F]{s: s, taylorBlock: taylorBlock[F]{taylor: &s.taylor, b: b}, g: in[0]}
	operand := func(at int) []F {
		if at == 0 {
			return nil
		}
		return in[at]
	}
	k.in = taylorIn[F]{w: in[1], p: in[2], h: in[3], theta: in[4], x: operand(s.xAt), alpha: operand(s.alphaAt)}
	k.oAlpha, k.oW, k.oP, k.oH = resultOf(out, taylorAlpha), resultOf(out, taylorW), resultOf(out, taylorPost), resultOf(out, taylorPre)
	k.oTheta, k.oX = resultOf(out, taylorTheta), resultOf(out, taylorFactor)
	k.sumAlpha, k.sumP, k.sumX, k.sumTheta = operand(s.accAt[taylorAlpha]), operand(s.accAt[taylorPost]), operand(s.accAt[taylorFactor]), operand(s.accAt[taylorTheta])
	c := carver[F]{rest: scratch}
	k.taylorBlock.carve(&c)
	k.carve(&c)
	if k.oH != nil {
		k.oH = k.oH[part*s.n*s.in:][:s.n*s.in]
		if sum := operand(s.accAt[taylorPre]); sum != nil {
			beginWith(k.oH, sum)
		} else {
			clear(k.oH)
		}
	}
	clear(k.dtheta)
	first, end := s.blocks(part)
	for block := first; block < end; block++ {
		k.from, k.rows = s.piece(block)
		k.block()
	}
	if k.oTheta != nil && !s.perRow {
		o := k.oTheta
		if s.parts > 1 {
			o = o[part*len(s.terms):]
		}
		for i, at := range s.at {
			d := k.dtheta[(at.weight*(len(s.pre)+1)+at.slot)*len(s.posts)+at.post]
			if k.sumTheta != nil {
				d += k.sumTheta[i]
			}
			o[i] = d
		}
	}
}

func (k *taylorBack[F]) block() {
	k.begin()
	if k.oAlpha != nil || k.oW != nil {
		k.outer()
	}
	for i := 0; i < k.rows; i += k.strip() {
		k.overWeights(i, min(k.strip(), k.rows-i))
	}
	if k.oP == nil && k.oH == nil && k.oTheta == nil && k.oX == nil {
		return
	}
	clear(k.dsum)
	for first := 0; first < k.update.n; first += k.chunk {
		k.prepare(first, min(k.chunk, k.update.n-first))
		k.overExamples()
	}
	if k.oTheta != nil && k.perRow {
		for i := range k.terms {
			at := i*k.out + k.from
			o, d := k.oTheta[at:][:k.rows], k.dtheta[i*k.rows:][:k.rows]
			if k.sumTheta != nil {
				addScaled(o, k.sumTheta[at:], d, 1)
			} else {
				copy(o, d)
			}
			clear(d)
		}
	}
}

// overWeights makes H_c of some rows from row i of the block on, and what α and W receive.
func (k *taylorBack[F]) overWeights(i, n int) {
	width := k.update.in
	at, size := (k.from+i)*width, n*width
	here := i * width
	g, w := k.g[at:][:size], k.in.w[at:][:size]
	h := k.power[0][here:][:size]
	kg := k.kg[:size]
	if k.alpha == perSynapse {
		scale(kg, g, F(k.scale))
		mul(h, kg, k.in.alpha[at:])
	} else {
		for j := range n {
			r := j * width
			scale(h[r:][:width], g[r:], k.rate(k.from+i+j))
			if k.oAlpha != nil {
				scale(kg[r:][:width], g[r:], F(k.scale))
			}
		}
	}
	for e := 1; e <= k.top(); e++ {
		mul(k.power[e][here:][:size], k.power[e-1][here:], w)
	}
	if k.oW != nil {
		o, slope := k.oW[at:][:size], k.derivative(here, w)
		if k.bare {
			mul(o, h, slope)
		} else {
			mulAdd(o, g, h, slope)
		}
	}
	if k.oAlpha == nil {
		return
	}
	d := k.delta(here, w)
	switch {
	case k.alpha != perSynapse:
		for j := range n {
			r := j * width
			k.oAlpha[k.from+i+j] = F(dot(kg[r:][:width], d[r:][:width]))
		}
	case k.sumAlpha != nil:
		mulAdd(k.oAlpha[at:][:size], k.sumAlpha[at:], kg, d)
	default:
		mul(k.oAlpha[at:][:size], kg, d)
	}
}

// derivative is ∂Δ/∂W from an element of the block on.
func (k *taylorBack[F]) derivative(at int, w []F) []F {
	c := len(k.weights) - 1
	x := k.x[c][at:][:len(w)]
	if k.weights[c] == 1 {
		return x
	}
	slope := k.slope[:len(w)]
	scale(slope, x, 2)
	if c > 0 && k.weights[c-1] == 1 {
		mulAdd(slope, k.x[c-1][at:], w, slope)
	} else {
		mul(slope, slope, w)
	}
	return slope
}

// overExamples makes what h, p, x and θ receive from the chunk.
func (k *taylorBack[F]) overExamples() {
	width, size := k.update.in, k.n*k.rows
	if k.oH != nil {
		k.overPre()
	}
	if k.oP == nil && k.oTheta == nil && k.oX == nil {
		return
	}
	for c, e := range k.weights {
		list, n := k.ranges(c)
		for _, r := range list[:n] {
			if r.to > len(k.pre)*k.n { // whole blocks of rows: behind the row of ones there are zeros
				r.to = min(r.from+(r.to-r.from+dotBlockRows-1)/dotBlockRows*dotBlockRows, len(k.v)/width)
			}
			gemm(k.b.lib, false, true, r.to-r.from, k.rows, width, 1, k.v[r.from*width:], width, k.power[e], width, 0, k.e[c][r.from*k.rows:], k.rows)
		}
	}
	clear(k.du[:len(k.posts)*size])
	if k.perRow {
		k.unmixRows()
	} else {
		k.unmix()
	}
	if k.oP == nil && k.oX == nil {
		return
	}
	for j := range k.posts {
		if k.sums {
			d := k.dsum[j*k.rows:][:k.rows]
			for i := range k.n {
				u := k.du[j*size+i*k.rows:][:k.rows]
				addScaled(u, u, d, 1)
			}
		}
	}
	for i := range k.n {
		k.overPost(i)
	}
}

// overPre adds what h receives.
func (k *taylorBack[F]) overPre() {
	width := k.update.in
	clear(k.dv)
	for c, e := range k.weights {
		runs, n := k.runs(c)
		for _, r := range runs[:n] {
			from := r.from * k.n
			gemm(k.b.lib, false, false, (r.to-r.from)*k.n, width, k.rows, 1, k.q[c][from*k.rows:], k.rows, k.power[e], width, 1, k.dv[from*width:], width)
		}
	}
	o := k.oH[k.first*width:][:k.n*width]
	for s, e := range k.pre {
		d := k.dv[s*len(o):][:len(o)]
		if e == 2 {
			mul(d, d, k.in.h[k.first*width:])
		}
		addScaled(o, o, d, F(e))
	}
}

// unmix makes dU and what θ receives, from E, with coefficients for all neurons.
func (k *taylorBack[F]) unmix() {
	slots, posts, size, lib := len(k.pre), len(k.posts), k.n*k.rows, k.b.lib
	activity := k.oP != nil || k.oX != nil
	for c := range k.weights {
		at := c * (slots + 1) * posts
		coef, grad := k.coef[at:], k.dtheta[at:]
		runs, n := k.runs(c)
		for _, r := range runs[:n] {
			e, from := k.e[c][r.from*size:], r.from*posts
			if activity {
				gemm(lib, true, false, posts, size, r.to-r.from, 1, coef[from:], posts, e, size, 1, k.du, size)
			}
			if k.oTheta != nil {
				gemm(lib, false, true, r.to-r.from, posts, size, 1, e, size, k.u, size, 1, grad[from:], posts)
			}
		}
		if !k.has[c][slots] || k.first > 0 {
			continue
		}
		e, from := k.e[c][slots*size:], slots*posts
		if activity {
			gemm(lib, true, false, posts, k.rows, 1, 1, coef[from:], posts, e, k.rows, 1, k.dsum, k.rows)
		}
		if k.oTheta != nil {
			gemm(lib, false, true, 1, posts, k.rows, 1, e, k.rows, k.sum, k.rows, 1, grad[from:], posts)
		}
	}
}

// unmixRows is unmix with coefficients for each neuron.
func (k *taylorBack[F]) unmixRows() {
	size := k.n * k.rows
	for i, at := range k.at {
		theta, grad := k.in.theta[i*k.out+k.from:][:k.rows], k.dtheta[i*k.rows:][:k.rows]
		e := k.e[at.weight][at.slot*size:]
		if at.slot == len(k.pre) {
			if k.first == 0 {
				d := k.dsum[at.post*k.rows:][:k.rows]
				mulAdd(d, d, theta, e)
				mulAdd(grad, grad, k.sum[at.post*k.rows:], e)
			}
			continue
		}
		for j := 0; j < size; j += k.rows {
			d := k.du[at.post*size+j:][:k.rows]
			mulAdd(d, d, theta, e[j:])
			mulAdd(grad, grad, k.u[at.post*size+j:], e[j:])
		}
	}
}

// overPost is what p and x of one example receive from dU.
func (k *taylorBack[F]) overPost(i int) {
	at, size := (k.first+i)*k.out+k.from, k.n*k.rows
	p := k.in.p[at:][:k.rows]
	var x []F
	if k.in.x != nil {
		x = k.in.x[at:][:k.rows]
	}
	begin := func(o, sum []F) []F {
		switch {
		case o == nil:
			return nil
		case sum != nil:
			beginWith(o[at:][:k.rows], sum[at:][:k.rows])
		default:
			clear(o[at:][:k.rows])
		}
		return o[at:][:k.rows]
	}
	op, ox := begin(k.oP, k.sumP), begin(k.oX, k.sumX)
	for j, e := range k.posts {
		d := k.du[j*size+i*k.rows:][:k.rows]
		// b p^(b−1) x^d and d p^b x^(d−1)
		add := func(o []F, b, powerP, powerX int) {
			if o == nil || b == 0 {
				return
			}
			t := k.row[:k.rows]
			copy(t, d)
			for range powerP {
				mul(t, t, p)
			}
			for range powerX {
				mul(t, t, x)
			}
			addScaled(o, o, t, F(b))
		}
		add(op, e[0], e[0]-1, e[1])
		add(ox, e[1], e[0], e[1]-1)
	}
}
