package op

import (
	"encoding/binary"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Bit patterns at every border of what a gate decides by: ±0, subnormal and normal numbers,
// ±Inf, signalling and quiet NaN of both signs.
var (
	specials32 = []uint32{
		0, 1, 0x007FFFFF, 0x00800000, 0x3F800000, 0x7F7FFFFF, 0x7F800000,
		0x7F800001, 0x7FBFFFFF, 0x7FC00000, 0x7FC12345, 0x7FFFFFFF,
	}
	specials64 = []uint64{
		0, 1, 0x000FFFFFFFFFFFFF, 0x0010000000000000, 0x3FF0000000000000, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000,
		0x7FF0000000000001, 0x7FF7FFFFFFFFFFFF, 0x7FF8000000000000, 0x7FF8000012345678, 0x7FFFFFFFFFFFFFFF,
	}
)

// gated is what the comment of gate says, by comparison of numbers: the bits of x where h is
// positive or NaN, +0 elsewhere.
func gated[F float, U uint32 | uint64](x U, h F) U {
	if h > 0 || h != h {
		return x
	}
	return 0
}

// testGate runs Gate and Relu through Do, and their kernels with the result in the place of
// either operand, and compares bits.
func testGate[F float, U uint32 | uint64](t *testing.T, dt tensor.Dtype, bits func([]F) []U, x, h []U) {
	t.Helper()
	fill := func(from []U) (*tensor.Dense, []F) {
		d := NewTensor(dt, tensor.Shape{len(from)})
		a := d.Data().([]F)
		copy(bits(a), from)
		return d, a
	}
	tx, _ := fill(x)
	th, numbers := fill(h)
	b := New(dt)
	nx, nh := b.Input("x", len(x)), b.Input("h", len(x))
	nodes := []*G.Node{b.Gate(nx, nh), b.Relu(nh)}
	if err := b.Err(); err != nil {
		t.Fatal(err)
	}
	pass, err := nodes[0].Op().Do(tx, th)
	if err != nil {
		t.Fatal(err)
	}
	relu, err := nodes[1].Op().Do(th)
	if err != nil {
		t.Fatal(err)
	}
	_, overX := fill(x)
	gate(overX, overX, numbers)
	_, overH := fill(h)
	_, plain := fill(x)
	gate(overH, plain, overH)
	_, over := fill(h)
	gate(over, over, over)
	for _, c := range []struct {
		name string
		from []U // what passes
		have []F
	}{
		{"Gate", x, pass.Data().([]F)},
		{"Gate in the place of x", x, overX},
		{"Gate in the place of h", x, overH},
		{"Relu", h, relu.Data().([]F)},
		{"Relu in place", h, over},
	} {
		for i, have := range bits(c.have) {
			if want := gated(c.from[i], numbers[i]); have != want {
				t.Errorf("%s: %#x by h = %#x (%v): %#x, want %#x", c.name, c.from[i], h[i], numbers[i], have, want)
			}
		}
	}
	for _, fanIn := range []int{1, cheapFanIn + 1} {
		for i, have := range denseOf(t, dt, fanIn, numbers) {
			if want := max(numbers[i], 0); have != want && (have == have || want == want) || 1/have < 0 {
				t.Errorf("Dense of %d inputs: relu(%v) is %v, want %v", fanIn, numbers[i], have, want)
			}
		}
	}
	for i := range h {
		if bits(numbers)[i] != h[i] || bits(tx.Data().([]F))[i] != x[i] {
			t.Errorf("operands %d were written to", i)
		}
	}
}

// denseOf passes numbers through a layer of units, each of which has one of them for its only
// weight that is not zero.
func denseOf[F float](t *testing.T, dt tensor.Dtype, fanIn int, numbers []F) []F {
	t.Helper()
	b := New(dt)
	n := b.Dense(b.Input("h", 1, fanIn), b.Input("W", len(numbers), fanIn), b.Input("b", len(numbers)), Relu)
	if err := b.Err(); err != nil {
		t.Fatal(err)
	}
	h, w := NewTensor(dt, tensor.Shape{1, fanIn}), NewTensor(dt, tensor.Shape{len(numbers), fanIn})
	h.Data().([]F)[fanIn-1] = 1
	for i, v := range numbers {
		w.Data().([]F)[i*fanIn+fanIn-1] = v
	}
	out, err := n.Op().Do(h, w, NewTensor(dt, tensor.Shape{len(numbers)}))
	if err != nil {
		t.Fatal(err)
	}
	return out.Data().([]F)
}

// pairs are all pairs of patterns and their negatives.
func pairs[U uint32 | uint64](patterns []U, sign U) (x, h []U) {
	var all []U
	for _, p := range patterns {
		all = append(all, p, p|sign)
	}
	for _, a := range all {
		for _, b := range all {
			x, h = append(x, a), append(h, b)
		}
	}
	return x, h
}

func TestGateBits(t *testing.T) {
	x32, h32 := pairs(specials32, sign32)
	testGate(t, tensor.Float32, bits32, x32, h32)
	x64, h64 := pairs(specials64, sign64)
	testGate(t, tensor.Float64, bits64, x64, h64)
	if len(x32) != 24*24 || len(x64) != 24*24 {
		t.Errorf("%d and %d pairs: want 24 patterns with each other", len(x32), len(x64))
	}
	// Few at a time are not worth a vector.
	for i := range len(x32) - 2 {
		testGate(t, tensor.Float32, bits32, x32[i:i+3], h32[i:i+3])
		testGate(t, tensor.Float64, bits64, x64[i:i+3], h64[i:i+3])
	}
}

// FuzzGate takes raw bits for numbers: the first half for x, the other for h.
func FuzzGate(f *testing.F) {
	for _, p := range specials64 {
		f.Add(binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 0xBFF0000000000001), p))
	}
	for _, p := range specials32 {
		f.Add(binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 1), uint64(p)<<32|uint64(p|sign32)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n := len(data) / 16
		if n == 0 {
			return
		}
		var x32, h32 []uint32
		var x64, h64 []uint64
		for i := range n {
			x, h := binary.LittleEndian.Uint64(data[8*i:]), binary.LittleEndian.Uint64(data[8*(n+i):])
			x64, h64 = append(x64, x), append(h64, h)
			x32, h32 = append(x32, uint32(x), uint32(x>>32)), append(h32, uint32(h), uint32(h>>32))
		}
		testGate(t, tensor.Float32, bits32, x32, h32)
		testGate(t, tensor.Float64, bits64, x64, h64)
	})
}
