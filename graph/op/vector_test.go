package op

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestVectors asks for the same bits from the loops in Go and from the vectorised ones.
func TestVectors(t *testing.T) {
	if !vectors {
		t.Skip("SKIPPED: no AVX2 in use: there is nothing to compare")
	}
	defer func() { vectors = true }()
	rng := rand.New(rand.NewPCG(1, 2))
	row := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(rng.NormFloat64())
		}
		return x
	}
	equal := func(what string, n int, a, b []float32) {
		t.Helper()
		for i := range a {
			if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
				t.Fatalf("%s of %d[%d]: %x in Go, %x vectorised", what, n, i, math.Float32bits(a[i]), math.Float32bits(b[i]))
			}
		}
	}
	for n := 1; n < 70; n++ {
		g, w, d, a, sum := row(n), row(n), row(n), row(n), row(n)
		if n%5 == 0 {
			g[n/2], w[n/3] = float32(math.NaN()), float32(math.Inf(1))
		}
		k, s := float32(0.37), float32(1.7)
		var got [2][4][]float32
		var r [2]float32
		for i := range 2 {
			vectors = i == 1
			for j := range got[i] {
				got[i][j] = make([]float32, n)
			}
			ojaRow(got[i][0], w, d, a, k, s)
			r[i] = ojaBackRow(got[i][1], got[i][2], got[i][3], g, w, d, a, sum, k, s)
			// In place, as the planned machine runs it.
			gi, si := append([]float32(nil), g...), append([]float32(nil), sum...)
			ri := ojaBackRow(make([]float32, n), si, gi, gi, w, d, a, si, k, s)
			equal("∂W in place", n, got[i][3], gi)
			equal("∂α in place", n, got[i][2], si)
			equal("r in place", 1, []float32{r[i]}, []float32{ri})
		}
		for j, what := range []string{"W", "H", "∂α", "∂W"} {
			equal(what, n, got[0][j], got[1][j])
		}
		equal("r", 1, r[:1], r[1:])
	}
}

// TestVectorLoops does the same for the loops over activities.
func TestVectorLoops(t *testing.T) {
	if !vectors {
		t.Skip("SKIPPED: no AVX2 in use: there is nothing to compare")
	}
	defer func() { vectors = true }()
	rng := rand.New(rand.NewPCG(3, 4))
	special := []float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), -float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 1e-45, -1e-45}
	row := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			if x[i] = float32(rng.NormFloat64()); rng.IntN(4) == 0 {
				x[i] = special[rng.IntN(len(special))]
			}
		}
		return x
	}
	for n := 1; n < 70; n++ {
		x, y, z := row(n), row(n), row(n)
		loops := map[string]func() []float32{
			"finish":    func() []float32 { o := append([]float32(nil), x...); finish(o, y, true); return o },
			"gate":      func() []float32 { o := make([]float32, n); gate(o, x, y); return o },
			"addScaled": func() []float32 { o := make([]float32, n); addScaled(o, x, y, -0.7); return o },
			"scale":     func() []float32 { o := make([]float32, n); scale(o, x, -0.7); return o },
			"post":      func() []float32 { o := make([]float32, n); post(o, x, y, 0.3); return o },
			"postBack": func() []float32 {
				o := make([]float32, 1)
				postBack([][]float32{nil, nil, o}, [][]float32{x, y, z, {0.3}}, [3]int{})
				return o
			},
		}
		for name, f := range loops {
			vectors = false
			plain := f()
			vectors = true
			for i, v := range f() {
				if a, b := math.Float32bits(plain[i]), math.Float32bits(v); a != b && !(v != v && plain[i] != plain[i]) {
					t.Fatalf("%s of %d[%d]: %x in Go, %x vectorised", name, n, i, a, b)
				}
			}
		}
	}
}

func BenchmarkOjaRow(b *testing.B) {
	const n = 300
	o, w, d, a := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
	b.SetBytes(4 * 4 * n)
	for b.Loop() {
		ojaRow(o, w, d, a, 0.1, 0.2)
	}
}

func BenchmarkOjaBackRow(b *testing.B) {
	const n = 300
	var x [8][]float32
	for i := range x {
		x[i] = make([]float32, n)
	}
	b.SetBytes(8 * 4 * n)
	for b.Loop() {
		ojaBackRow(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], 0.1, 0.2)
	}
}
