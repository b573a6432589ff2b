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

// productCase is a product C = op(A) op(B), or C += op(A) op(B), with rows that lie apart.
type productCase struct {
	ta, tb, keep     bool
	m, n, k          int
	moreA, moreB, mC int // elements between rows
}

// check compares what gemmInTiles makes of a product with the plain loops, bit for bit, for
// every set of kernels. It reports whether the product was taken.
func (p productCase) check(t testing.TB, lib *blas.Library, d drawn) bool {
	t.Helper()
	rowsA, colsA, rowsB, colsB := p.m, p.k, p.k, p.n
	if p.ta {
		rowsA, colsA = p.k, p.m
	}
	if p.tb {
		rowsB, colsB = p.n, p.k
	}
	lda, ldb, ldc := colsA+p.moreA, colsB+p.moreB, p.n+p.mC
	a, b, was := d.numbers(rowsA*lda), d.numbers(rowsB*ldb), d.numbers(p.m*ldc)
	elementA := func(i, l int) float32 {
		if p.ta {
			return a[l*lda+i]
		}
		return a[i*lda+l]
	}
	elementB := func(l, j int) float32 {
		if p.tb {
			return b[j*ldb+l]
		}
		return b[l*ldb+j]
	}
	var beta float32
	if p.keep {
		beta = 1
	}
	dots := p.tb || p.n == 1 && !p.ta
	var want []float32
	taken := false
	for range vectorWidths(t) {
		c := append(Alloc[float32](0), was...)
		if !gemmInTiles(lib, p.ta, p.tb, p.m, p.n, p.k, float32(1), a, lda, b, ldb, beta, c, ldc) {
			if taken {
				t.Fatalf("%+v: taken by one set and not by another", p)
			}
			continue
		}
		taken = true
		if want == nil {
			want = append(want, was...)
			for i := range p.m {
				for j := range p.n {
					at := i*ldc + j
					column := func(l int) float32 { return elementB(l, j) }
					row := func(l int) float32 { return elementA(i, l) }
					switch {
					case !dots:
						want[at] = plainProduct(p.k, row, column, p.keep, was[at])
					case p.tb && (i >= p.m/dotBlockRows*dotBlockRows || j >= p.n/dotBlockCols*dotBlockCols):
						// The library's, and so whatever it makes of them: near is enough.
						near(t, p, i, j, c[at], row, column, beta*was[at])
						want[at] = c[at]
					case p.keep && p.tb:
						want[at] = plainDot(p.k, row, column, was[at])
					case p.keep: // a column, added to C outside of the tile
						want[at] = was[at] + plainDot(p.k, row, column, 0)
					default:
						want[at] = plainDot(p.k, row, column, 0)
					}
				}
			}
		}
		sameFloats(t, "C", c, want)
	}
	return taken
}

// near asks for an element of a product within rounding, or for no number where there is an
// infinite term.
func near(t testing.TB, p productCase, i, j int, have float32, row, column func(l int) float32, c float32) {
	t.Helper()
	want := float64(c)
	scale := math.Abs(want)
	for l := range p.k {
		v := float64(row(l)) * float64(column(l))
		want += v
		scale += math.Abs(v)
	}
	if scale > math.MaxFloat32 || scale != scale {
		return // sums of these may overflow on their way
	}
	if d := math.Abs(float64(have) - want); !(d <= 1e-5*scale+1e-40) {
		t.Fatalf("%+v: [%d,%d] is %v, want %v", p, i, j, have, want)
	}
}

func openGonum(t testing.TB) *blas.Library {
	t.Helper()
	lib, err := blas.Open("gonum")
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// TestGemmInTiles draws products with every remainder of rows, columns and length.
func TestGemmInTiles(t *testing.T) {
	lib := openGonum(t)
	r := rand.New(rand.NewPCG(1, 2))
	taken := 0
	for range 1500 {
		p := productCase{
			ta: r.IntN(2) == 0, tb: r.IntN(2) == 0, keep: r.IntN(2) == 0,
			m: 1 + r.IntN(70), n: 1 + r.IntN(150), k: 1 + r.IntN(70), moreA: r.IntN(3), moreB: r.IntN(3), mC: r.IntN(3),
		}
		if r.IntN(8) == 0 {
			p.n, p.moreB, p.mC = 1, 0, 0
		}
		if p.check(t, lib, drawn{r: r}) {
			taken++
		}
	}
	if taken < 500 {
		t.Errorf("%d of 1500 products in tiles: the test has lost its subject", taken)
	}
}

// FuzzProductTile is of products A B and Aᵀ B, FuzzDotTile of A Bᵀ and of A times a column.
// Raw bits are numbers among those of the normal distribution.
func FuzzProductTile(f *testing.F) {
	fuzzProduct(f, func(p *productCase) { p.tb = false; p.n += 15 })
}

func FuzzDotTile(f *testing.F) {
	fuzzProduct(f, func(p *productCase) {
		p.ta = false
		p.k += 15
		p.m += 3
		if !p.tb {
			p.m, p.n, p.moreB, p.mC = p.m/dotBlockRows*dotBlockRows, 1, 0, 0
		}
	})
}

func fuzzProduct(f *testing.F, of func(p *productCase)) {
	lib := openGonum(f)
	for i := range uint8(24) {
		f.Add(uint64(i), i*37, i*53, i*29, i, []byte{})
		f.Add(uint64(i), i, i*11, i*3, i*5, []byte{0, 0, 128, 127, 0, 0, 192, 127, 1, 0, 0, 0, 0, 0, 0, 128})
	}
	f.Fuzz(func(t *testing.T, seed uint64, m, n, k, flags uint8, raw []byte) {
		p := productCase{
			ta: flags&1 != 0, tb: flags&2 != 0, keep: flags&4 != 0, moreA: int(flags >> 3 & 3), moreB: int(flags >> 5 & 3), mC: int(flags >> 7),
			m: upTo(64, m), n: upTo(150, n), k: upTo(64, k),
		}
		of(&p)
		p.check(t, lib, drawn{rand.New(rand.NewPCG(seed, 1)), raw})
	})
}

// drawOja draws a step.
func drawOja(d drawn, n, out, in, from, rows uint8) ojaCase {
	u := update{n: upTo(40, n), out: upTo(30, out), in: upTo(150, in), decay: true, alpha: perSynapse, scale: 0.7}
	c := ojaCase{u: u, from: int(from) % u.out}
	c.rows = upTo(u.out-c.from, rows)
	size := u.out * u.in
	c.w, c.a, c.g, c.sum = d.numbers(size), d.numbers(size), d.numbers(size), d.numbers(size)
	c.p, c.h = d.numbers(u.n*u.out), d.numbers(u.n*u.in)
	c.squares = make([]float32, c.rows)
	squares(u, c.squares, c.p, c.from)
	return c
}

// block is the rows of c in a matrix.
func (c ojaCase) block(x []float32) []float32 { return x[c.from*c.u.in:][:c.rows*c.u.in] }

// beside makes sure that nothing but the rows of c has changed in a matrix.
func (c ojaCase) beside(t testing.TB, what string, have, was []float32) {
	t.Helper()
	end := (c.from + c.rows) * c.u.in
	sameFloats(t, what+" before the block", have[:c.from*c.u.in], was[:c.from*c.u.in])
	sameFloats(t, what+" behind the block", have[end:], was[end:])
}

// checkStep compares the forward pass of every set with the plain loop.
func (c ojaCase) checkStep(t testing.TB) {
	t.Helper()
	want, _, _, _, _ := plainOja(c)
	for range vectorWidths(t) {
		for _, inPlace := range []bool{false, true} {
			w := append([]float32(nil), c.w...)
			out := append([]float32(nil), c.w...)
			if inPlace {
				out = w
			}
			if !ojaStepInTiles(c.u, out, [][]float32{w, c.p, c.h, c.a}, c.from, c.squares) {
				t.Fatal("not taken")
			}
			sameFloats(t, "W'", c.block(out), want)
			c.beside(t, "W'", out, c.w)
		}
	}
}

// checkBack compares the reverse pass of every set with the plain loop, beside its operands and
// in their place.
func (c ojaCase) checkBack(t testing.TB) {
	t.Helper()
	_, wantA, wantW, wantH, wantR := plainOja(c)
	for range vectorWidths(t) {
		for _, inPlace := range []bool{false, true} {
			g, sum := append([]float32(nil), c.g...), append([]float32(nil), c.sum...)
			oa, ow := append([]float32(nil), c.sum...), append([]float32(nil), c.g...)
			if inPlace {
				oa, ow = sum, g
			}
			oh, r := make([]float32, c.rows*c.u.in), make([]float32, c.rows)
			if !hasOjaTiles(c.u, oa) {
				t.Fatal("not taken")
			}
			ojaBackInTiles(c.u, ojaBackBlock[float32]{
				g: c.block(g), w: c.block(c.w), a: c.block(c.a), sum: c.block(sum), oa: c.block(oa), ow: c.block(ow),
				oh: oh, p: c.p[c.from:], h: c.h, s: c.squares, r: r,
			})
			sameFloats(t, "α", c.block(oa), wantA)
			sameFloats(t, "W", c.block(ow), wantW)
			sameFloats(t, "H", oh, wantH)
			sameFloats(t, "r", r, wantR)
			c.beside(t, "α", oa, c.sum)
			c.beside(t, "W", ow, c.g)
		}
	}
}

// TestOjaTiles draws steps with every remainder of rows and columns.
func TestOjaTiles(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	byteOf := func() uint8 { return uint8(r.Uint32()) }
	for range 200 {
		c := drawOja(drawn{r: r}, byteOf(), byteOf(), byteOf(), byteOf(), byteOf())
		c.checkStep(t)
		c.checkBack(t)
	}
}

func FuzzOjaStepTile(f *testing.F) { fuzzOja(f, ojaCase.checkStep) }
func FuzzOjaBackTile(f *testing.F) { fuzzOja(f, ojaCase.checkBack) }

func fuzzOja(f *testing.F, check func(ojaCase, testing.TB)) {
	for i := range uint8(24) {
		f.Add(uint64(i), i*37, i*53, i*29, i, i*7, []byte{})
		f.Add(uint64(i), i*3, i*5, i*11, i, i*7, []byte{0, 0, 128, 127, 0, 0, 192, 127, 1, 0, 0, 0, 0, 0, 0, 128})
	}
	f.Fuzz(func(t *testing.T, seed uint64, n, out, in, from, rows uint8, raw []byte) {
		check(drawOja(drawn{rand.New(rand.NewPCG(seed, 2)), raw}, n, out, in, from, rows), t)
	})
}
