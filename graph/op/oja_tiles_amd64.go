package op

// ojaStepInTiles is the forward pass over rows [from, from+len(s)) of W, for one α per synapse:
// the outer product never leaves the registers. It reports whether it could.
func ojaStepInTiles[F float](u update, out []F, in [][]F, from int, s []F) bool {
	if !hasOjaTiles(u, s) {
		return false
	}
	x, o, sums := any(in).([][]float32), any(out).([]float32), any(s).([]float32)
	w, p, h, a := x[0], x[1], x[2], x[3]
	t := u.tile(h)
	for i := 0; i < len(sums); {
		at := (from + i) * u.in
		t.p, t.s = &p[from+i], &sums[i]
		t.w, t.a, t.ow = &w[at], &a[at], &o[at]
		rows := ojaTileOf(len(sums) - i)
		t.step(rows)
		i += rows
	}
	return true
}

func (u update) tile(h []float32) ojaTile {
	return ojaTile{h: &h[0], n: u.n, ldp: 4 * u.out, ldh: 4 * u.in, cols: u.in, ld: 4 * u.in, k: float32(u.scale)}
}

// ojaTileOf is how many of some rows the next tile has.
func ojaTileOf(rows int) int {
	if rows >= ojaTileRows {
		return ojaTileRows
	}
	return 1
}

// step makes some rows of W', ojaTileRows of them or one.
func (t *ojaTile) step(rows int) {
	switch one := rows == 1; {
	case vectorWidth == avx512Width && one:
		ojaStepTile1AVX512(t)
	case vectorWidth == avx512Width:
		ojaStepTile6AVX512(t)
	case one:
		ojaStepTile1AVX2(t)
	default:
		ojaStepTile6AVX2(t)
	}
}

// back is the reverse pass over some rows, ojaTileRows of them or one.
func (t *ojaTile) back(rows int) {
	switch one := rows == 1; {
	case vectorWidth == avx512Width && one:
		ojaBackTile1AVX512(t)
	case vectorWidth == avx512Width:
		ojaBackTile6AVX512(t)
	case one:
		ojaBackTile1AVX2(t)
	default:
		ojaBackTile6AVX2(t)
	}
}

// ojaBackInTiles is the reverse pass over the rows of a block, for one α per synapse. Each
// row's r is summed in 16 lanes.
func ojaBackInTiles[F float](u update, b ojaBackBlock[F]) {
	v := any(b).(ojaBackBlock[float32])
	t := u.tile(v.h)
	var sums [ojaTileRows * 16]float32
	t.r = &sums[0]
	for i := 0; i < len(v.s); {
		at := i * u.in
		clear(sums[:])
		t.p, t.s = &v.p[i], &v.s[i]
		t.g, t.w, t.a, t.sum = &v.g[at], &v.w[at], &v.a[at], &v.sum[at]
		t.oa, t.ow, t.oh = &v.oa[at], &v.ow[at], &v.oh[at]
		rows := ojaTileOf(len(v.s) - i)
		t.back(rows)
		for j := range rows {
			var sum float64
			for _, x := range sums[16*j:][:16] {
				sum += float64(x)
			}
			v.r[i+j] = float32(sum)
		}
		i += rows
	}
}

// hasOjaTiles reports whether the passes in tiles can be used for arrays like a.
func hasOjaTiles[F float](u update, a []F) bool {
	_, single := any(a).([]float32)
	return vectorWidth > 0 && single && u.decay && u.alpha == perSynapse && u.n > 0 && u.in > 0
}
