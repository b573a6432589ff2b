package blas

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestGemmAgainstThreeLoops(t *testing.T) {
	shapes := [][3]int{
		{1, 1, 1}, {1, 1, 9}, {1, 17, 1}, {13, 1, 1}, {1, 130, 5}, {130, 1, 3}, {3, 5, 7},
		{8, 64, 64}, {64, 64, 8}, {63, 65, 64}, {65, 191, 3}, {64, 193, 5}, {129, 130, 127},
		{32, 300, 100}, {100, 300, 32},
	}
	rng := rand.New(rand.NewPCG(1, 0))
	for range 60 {
		limit := []int{4, 20, 130}[rng.IntN(3)]
		shapes = append(shapes, [3]int{1 + rng.IntN(limit), 1 + rng.IntN(limit), 1 + rng.IntN(limit)})
	}
	eachLibrary(t, func(t *testing.T, lib *Library) {
		for i, s := range shapes {
			rng := rand.New(rand.NewPCG(2, uint64(i)))
			for kind := range 4 {
				ta, tb := kind&1 != 0, kind&2 != 0
				alpha := []float64{1, 1, -1, 0.5, 0}[rng.IntN(5)]
				beta := []float64{0, 1, -0.5}[rng.IntN(3)]
				pad := []int{0, 0, 1, 5}[rng.IntN(4)]
				testAgainstNaive(t, lib, 0x1p-24, newProduct(rng, ta, tb, s[0], s[1], s[2], float32(alpha), float32(beta), pad))
				testAgainstNaive(t, lib, 0x1p-53, newProduct(rng, ta, tb, s[0], s[1], s[2], alpha, beta, pad))
			}
		}
	})
}

// testAgainstNaive allows what a sum of k products may lose in any order, with a little room:
// (k+4) ε (|alpha| Σ|a||b| + |beta c|), ε half the distance from one to the next number.
func testAgainstNaive[F float](t *testing.T, lib *Library, epsilon float64, p *product[F]) {
	t.Helper()
	want := copyOf(p.c)
	naive(p.ta, p.tb, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, want, p.ldc)
	bound := absolute(p.c)
	naive(p.ta, p.tb, p.m, p.n, p.k, F(math.Abs(float64(p.alpha))), absolute(p.a), p.lda, absolute(p.b), p.ldb, F(math.Abs(float64(p.beta))), bound, p.ldc)

	a, b, have := copyOf(p.a), copyOf(p.b), copyOf(p.c)
	if p.beta == 0 {
		for i := range p.m {
			for j := range p.n {
				have[i*p.ldc+j] = F(math.NaN())
			}
		}
	}
	p.run(lib, have)
	for i := range have {
		limit := 0.0 // between the rows of C nothing changes
		if i%p.ldc < p.n {
			limit = 2 * float64(p.k+4) * epsilon * float64(bound[i])
		}
		if d := math.Abs(float64(have[i]) - float64(want[i])); !(d <= limit) {
			t.Fatalf("%v: value %d: have %v, want %v within %.2g", p, i, have[i], want[i], limit)
		}
	}
	if !slices.Equal(a, p.a) || !slices.Equal(b, p.b) {
		t.Fatalf("%v: an operand was modified", p)
	}
}

func absolute[F float](v []F) []F {
	w := make([]F, len(v))
	for i, x := range v {
		w[i] = F(math.Abs(float64(x)))
	}
	return w
}

func TestEmptyProducts(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name        string
		m, n, k     int
		alpha, beta float64
		a, b        []float64
		c, want     []float64
	}{
		{"no rows", 0, 2, 3, 1, 0, nil, nil, []float64{7}, []float64{7}},
		{"no columns", 2, 0, 3, 1, 0, nil, nil, []float64{7}, []float64{7}},
		{"no terms, beta 0", 2, 2, 0, 1, 0, nil, nil, []float64{nan, 1, 2, nan}, []float64{0, 0, 0, 0}},
		{"no terms, beta 1", 2, 2, 0, 1, 1, nil, nil, []float64{3, 1, 2, 4}, []float64{3, 1, 2, 4}},
		{"no terms, beta 2", 2, 2, 0, 1, 2, nil, nil, []float64{3, 1, 2, 4}, []float64{6, 2, 4, 8}},
		{"alpha 0 reads no operand", 1, 2, 1, 0, -1, []float64{nan}, []float64{nan, nan}, []float64{3, 1}, []float64{-3, -1}},
	}
	eachLibrary(t, func(t *testing.T, lib *Library) {
		for _, test := range tests {
			c := slices.Clone(test.c)
			lib.Dgemm(false, false, test.m, test.n, test.k, test.alpha, test.a, max(1, test.k), test.b, max(1, test.n), test.beta, c, max(1, test.n))
			if !slices.Equal(c, test.want) {
				t.Errorf("%s: have %v, want %v", test.name, c, test.want)
			}
			c32, want32 := narrow(test.c), narrow(test.want)
			lib.Sgemm(false, false, test.m, test.n, test.k, float32(test.alpha), narrow(test.a), max(1, test.k), narrow(test.b), max(1, test.n), float32(test.beta), c32, max(1, test.n))
			if !slices.Equal(c32, want32) {
				t.Errorf("%s, float32: have %v, want %v", test.name, c32, want32)
			}
		}
	})
}

func narrow(v []float64) []float32 {
	w := make([]float32, len(v))
	for i, x := range v {
		w[i] = float32(x)
	}
	return w
}
