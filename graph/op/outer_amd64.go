package op

// outerTile is what a tile of the outer product D = pᵀ h and the update made from it need.
// Strides are in bytes; all matrices but p and h are [rows,cols] with stride ld.
type outerTile struct {
	p, h     *float32 // p[0] of the tile's first row, stride ldp from example to example; h[0], stride ldh
	n        int      // examples
	ldp, ldh int
	cols     int
	ld       int
	g        *float32 // gradient of W'; of the reverse pass, as are sum, oa, oh and r
	w, a     *float32
	sum, oa  *float32
	ow, oh   *float32
	s        *float32 // [rows] Σ p²
	r        *float32 // [rows,16], added to
	k        float32
}

//go:noescape
func ojaStepTile6(t *outerTile)

//go:noescape
func ojaStepTile1(t *outerTile)

//go:noescape
func ojaBackTile6(t *outerTile)

//go:noescape
func ojaBackTile1(t *outerTile)

// tileRows is how many rows of W a tile has; those that are left over go one by one.
const tileRows = 6

// ojaStepWide is the forward pass over rows [from, from+len(s)) of W, for one α per synapse:
// the outer product never leaves the registers. It reports whether it could.
func ojaStepWide[F float](u update, out []F, in [][]F, from int, s []F) bool {
	if !canWide(u, s) {
		return false
	}
	x, o, sums := any(in).([][]float32), any(out).([]float32), any(s).([]float32)
	w, p, h, a := x[0], x[1], x[2], x[3]
	t := u.tile(h)
	t.k = float32(u.scale)
	for i := 0; i < len(sums); {
		rows := tileRows
		if i+rows > len(sums) {
			rows = 1
		}
		at := (from + i) * u.in
		t.p, t.s = &p[from+i], &sums[i]
		t.w, t.a, t.ow = &w[at], &a[at], &o[at]
		if rows == tileRows {
			ojaStepTile6(&t)
		} else {
			ojaStepTile1(&t)
		}
		i += rows
	}
	return true
}

func (u update) tile(h []float32) outerTile {
	return outerTile{h: &h[0], n: u.n, ldp: 4 * u.out, ldh: 4 * u.in, cols: u.in, ld: 4 * u.in}
}

// ojaBackWide is the reverse pass over the rows of a block, for one α per synapse. Each row's
// r is summed in 16 lanes.
func ojaBackWide[F float](u update, b wideBack[F]) {
	v := any(b).(wideBack[float32])
	t := u.tile(v.h)
	t.k = float32(u.scale)
	var lanes [tileRows * 16]float32
	for i := 0; i < len(v.s); {
		rows := tileRows
		if i+rows > len(v.s) {
			rows = 1
		}
		at := i * u.in
		clear(lanes[:])
		t.p, t.s, t.r = &v.p[i], &v.s[i], &lanes[0]
		t.g, t.w, t.a, t.sum = &v.g[at], &v.w[at], &v.a[at], &v.sum[at]
		t.oa, t.ow, t.oh = &v.oa[at], &v.ow[at], &v.oh[at]
		if rows == tileRows {
			ojaBackTile6(&t)
		} else {
			ojaBackTile1(&t)
		}
		for j := range rows {
			var sum float64
			for _, x := range lanes[16*j:][:16] {
				sum += float64(x)
			}
			v.r[i+j] = float32(sum)
		}
		i += rows
	}
}

// canWide reports whether the passes in tiles can be used for arrays like a.
func canWide[F float](u update, a []F) bool {
	_, single := any(a).([]float32)
	return wide && single && u.decay && u.alpha == perSynapse && u.n > 0 && u.in > 0
}
