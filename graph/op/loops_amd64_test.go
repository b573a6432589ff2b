package op

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// vectorLoops are the loops that have kernels. Each reads up to three arrays of one length and
// a number. Where over is set the result may be written over that array.
var vectorLoops = map[string]struct {
	run  func(out, x, y, z []float32, s float32)
	over []int
}{
	"biasRelu": {func(out, x, y, _ []float32, _ float32) {
		beginWith(out, x)
		biasAndActivation(out, y, nonlinearity{is: rectified})
	}, []int{0}},
	"addScaled": {func(out, x, y, _ []float32, s float32) { addScaled(out, x, y, s) }, []int{0, 1}},
	"scale":     {func(out, x, _, _ []float32, s float32) { scale(out, x, s) }, []int{0}},
	"mul":       {func(out, x, y, _ []float32, _ float32) { mul(out, x, y) }, []int{0, 1}},
	"mulAdd":    {func(out, x, y, z []float32, _ float32) { mulAdd(out, x, y, z) }, []int{0, 1, 2}},
	"mix":       {func(out, x, y, _ []float32, s float32) { post(out, x, y, s) }, []int{0, 1}},
	"dotDifference": {func(out, x, y, z []float32, s float32) {
		clear(out)
		postBack([][]float32{nil, nil, out[:1]}, [][]float32{x, y, z, {s}}, [3]int{})
	}, nil},
}

// checkLoop asks for the same bits from a loop in Go and from its kernels, beside its operands
// and in their place, and that nothing beside the result is written.
func checkLoop(t testing.TB, name string, x, y, z []float32, s float32) {
	t.Helper()
	l, n := vectorLoops[name], len(x)
	inUse := vectorWidth
	defer func() { vectorWidth = inUse }()
	vectorWidth = 0
	want := make([]float32, n)
	l.run(want, x, y, z, s)
	const beside = 16
	for range vectorWidths(t) {
		room := make([]float32, n+2*beside)
		for i := range room {
			room[i] = 12345
		}
		l.run(room[beside:][:n:n], x, y, z, s)
		sameFloats(t, name, room[beside:][:n], want)
		for i, v := range room {
			if (i < beside || i >= beside+n) && v != 12345 {
				t.Fatalf("%s of %d in registers of %d: wrote %d elements from its result's beginning", name, n, vectorWidth, i-beside)
			}
		}
		for _, over := range l.over {
			in := [][]float32{append([]float32(nil), x...), append([]float32(nil), y...), append([]float32(nil), z...)}
			l.run(in[over], in[0], in[1], in[2], s)
			sameFloats(t, name+" in place", in[over], want)
		}
	}
}

// TestVectorLoops compares loops of every length with their kernels.
func TestVectorLoops(t *testing.T) {
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
	for name := range vectorLoops {
		t.Run(name, func(t *testing.T) {
			for n := 1; n < 70; n++ {
				checkLoop(t, name, row(n), row(n), row(n), -0.7)
			}
		})
	}
}

// fuzzLoop takes raw bits for numbers: a third of them for each array.
func fuzzLoop(f *testing.F, name string) {
	for n := range 35 {
		var data []byte
		for i := range 3 * n {
			data = binary.LittleEndian.AppendUint32(data, specials32[i*7%len(specials32)]|uint32(i*5%2)<<31)
		}
		f.Add(float32(-0.7), data)
	}
	f.Fuzz(func(t *testing.T, s float32, data []byte) {
		n := len(data) / 12
		if n == 0 || n > 4096 {
			return
		}
		var in [3][]float32
		for i := range in {
			for j := range n {
				in[i] = append(in[i], math.Float32frombits(binary.LittleEndian.Uint32(data[4*(i*n+j):])))
			}
		}
		checkLoop(t, name, in[0], in[1], in[2], s)
	})
}

func FuzzBiasRelu(f *testing.F)      { fuzzLoop(f, "biasRelu") }
func FuzzAddScaled(f *testing.F)     { fuzzLoop(f, "addScaled") }
func FuzzScale(f *testing.F)         { fuzzLoop(f, "scale") }
func FuzzMul(f *testing.F)           { fuzzLoop(f, "mul") }
func FuzzMulAdd(f *testing.F)        { fuzzLoop(f, "mulAdd") }
func FuzzMix(f *testing.F)           { fuzzLoop(f, "mix") }
func FuzzDotDifference(f *testing.F) { fuzzLoop(f, "dotDifference") }

// BenchmarkLoop runs loops over an activity of 32 examples of 300 units, row by row as some
// callers do, with the kernels of every set.
func BenchmarkLoop(b *testing.B) {
	const rows, n = 32, 300
	x, y, z, out := Alloc[float32](rows*n), Alloc[float32](rows*n), Alloc[float32](rows*n), Alloc[float32](rows*n)
	for _, name := range []string{"biasRelu", "addScaled", "scale", "mul", "mulAdd", "mix", "dotDifference"} {
		l := vectorLoops[name]
		for width := range vectorWidths(b) {
			b.Run(map[int]string{8: "AVX2/", 16: "AVX512/"}[width]+name, func(b *testing.B) {
				b.SetBytes(4 * rows * n)
				for b.Loop() {
					for i := 0; i < rows*n; i += n {
						l.run(out[i:][:n], x[i:][:n], y[i:][:n], z[i:][:n], 0.3)
					}
				}
			})
		}
	}
}
