package op

import (
	"math"
	"math/rand/v2"
	"testing"

	"metaplast/graph/blas"
)

func numbers(r *rand.Rand, n int) []float32 {
	a := Alloc[float32](n)
	for i := range a {
		a[i] = float32(r.NormFloat64())
	}
	return a
}

// Products in tiles are those of three nested loops in float64, for every remainder of rows,
// columns and length, and write nothing beside C.
func TestThinGemm(t *testing.T) {
	if !wide {
		t.Skip("SKIPPED: no AVX-512 in use: thinGemm leaves every product to the library")
	}
	lib, err := blas.Open("gonum")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	taken := 0
	for range 3000 {
		m, n, k := 1+r.IntN(70), 1+r.IntN(150), 1+r.IntN(70)
		if r.IntN(8) == 0 {
			n = 1
		}
		ta, tb := r.IntN(2) == 0, r.IntN(2) == 0
		beta := float32(r.IntN(2))
		rowsA, colsA, rowsB, colsB := m, k, k, n
		if ta {
			rowsA, colsA = k, m
		}
		if tb {
			rowsB, colsB = n, k
		}
		lda, ldb, ldc := colsA+r.IntN(3), colsB+r.IntN(3), n+r.IntN(3)
		a, b, c := numbers(r, rowsA*lda), numbers(r, rowsB*ldb), numbers(r, m*ldc)
		was := append([]float32(nil), c...)
		if !thinGemm(lib, ta, tb, m, n, k, float32(1), a, lda, b, ldb, beta, c, ldc) {
			continue
		}
		taken++
		for i := range m {
			for j := range ldc {
				at := i*ldc + j
				if j >= n {
					if c[at] != was[at] {
						t.Fatalf("%v %v %d×%d×%d: wrote beside C at %d,%d", ta, tb, m, n, k, i, j)
					}
					continue
				}
				want := float64(beta) * float64(was[at])
				scale := math.Abs(want)
				for l := range k {
					ia, ib := i*lda+l, l*ldb+j
					if ta {
						ia = l*lda + i
					}
					if tb {
						ib = j*ldb + l
					}
					x, y := a[ia], b[ib]
					want += float64(x) * float64(y)
					scale += math.Abs(float64(x) * float64(y))
				}
				if d := math.Abs(float64(c[at]) - want); !(d <= 1e-6*scale) {
					t.Fatalf("ta %v, tb %v, %d×%d×%d, beta %v: [%d,%d] is %v, want %v", ta, tb, m, n, k, beta, i, j, c[at], want)
				}
			}
		}
	}
	if taken < 1000 {
		t.Errorf("%d of 3000 products in tiles: the test has lost its subject", taken)
	}
}

// The passes over W in tiles are those of the loops in Go, for every remainder.
func TestWidePasses(t *testing.T) {
	if !wide {
		t.Skip("SKIPPED: no AVX-512 in use: there are no passes in tiles")
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		u := update{n: 1 + r.IntN(40), out: 1 + r.IntN(30), in: 1 + r.IntN(150), decay: true, alpha: perSynapse, scale: 0.7}
		from := r.IntN(u.out)
		rows := 1 + r.IntN(u.out-from)
		size := u.out * u.in
		w, a, g, sum := numbers(r, size), numbers(r, size), numbers(r, size), numbers(r, size)
		p, h := numbers(r, u.n*u.out), numbers(r, u.n*u.in)
		s := make([]float32, rows)
		squares(u, s, p, from)
		// D in float64.
		d := make([]float64, rows*u.in)
		scale := make([]float64, rows*u.in)
		for i := range rows {
			for j := range u.in {
				for n := range u.n {
					v := float64(p[n*u.out+from+i]) * float64(h[n*u.in+j])
					d[i*u.in+j] += v
					scale[i*u.in+j] += math.Abs(v)
				}
			}
		}
		near := func(name string, i, j int, have float32, want, scale float64) {
			t.Helper()
			if e := math.Abs(float64(have) - want); !(e <= 2e-6*(scale+math.Abs(want)+1)) {
				t.Fatalf("%+v, rows %d to %d: %s[%d,%d] is %v, want %v", u, from, from+rows, name, i, j, have, want)
			}
		}
		out := append([]float32(nil), w...)
		if !ojaStepWide(u, out, [][]float32{w, p, h, a}, from, s) {
			t.Fatal("not taken")
		}
		oa, ow, oh := append([]float32(nil), sum...), append([]float32(nil), g...), make([]float32, rows*u.in)
		rs := make([]float32, rows)
		if !canWide(u, oa) {
			t.Fatal("not taken")
		}
		block := func(x []float32) []float32 { return x[from*u.in:][:rows*u.in] }
		ojaBackWide(u, wideBack[float32]{g: block(ow), w: block(w), a: block(a), sum: block(oa), oa: block(oa), ow: block(ow),
			oh: oh, p: p[from:], h: h, s: s, r: rs})
		for i := range u.out {
			row := 0.0
			for j := range u.in {
				at, k := i*u.in+j, (i-from)*u.in+j
				if i < from || i >= from+rows {
					if out[at] != w[at] || oa[at] != sum[at] || ow[at] != g[at] {
						t.Fatalf("wrote beside its rows at %d,%d", i, j)
					}
					continue
				}
				si, wf, af, gf := float64(s[i-from]), float64(w[at]), float64(a[at]), float64(g[at])
				bound := scale[k] + si*math.Abs(wf)
				near("W'", i, j, out[at], wf+u.scale*af*(d[k]-si*wf), math.Abs(af)*bound)
				near("α", i, j, oa[at], float64(sum[at])+u.scale*gf*(d[k]-si*wf), math.Abs(gf)*bound)
				x := u.scale * gf * af
				near("H", i, j, oh[k], x, 0)
				near("W", i, j, ow[at], gf-si*x, si*math.Abs(x))
				row -= x * wf
			}
			if i >= from && i < from+rows {
				near("r", i, 0, rs[i-from], row, float64(u.in))
			}
		}
	}
}
