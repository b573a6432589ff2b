package op

import (
	"math"
	"testing"
)

// fma32 is x y + z, rounded once. The product is exact in float64; their sum is rounded to odd,
// from which rounding to float32 is right.
func fma32(x, y, z float32) float32 {
	p, c := float64(x)*float64(y), float64(z)
	s := p + c
	if math.IsInf(s, 0) || s != s {
		return float32(s)
	}
	high := s - p
	rest := (p - (s - high)) + (c - high)
	if b := math.Float64bits(s); rest != 0 && b&1 == 0 {
		if (rest > 0) == (s > 0) {
			b++
		} else {
			b--
		}
		s = math.Float64frombits(b)
	}
	return float32(s)
}

// TestFMA32 compares fma32 with math.FMA where that is exact enough to tell, and with sums that
// lie at the middle between two numbers of float32.
func TestFMA32(t *testing.T) {
	one := math.Nextafter32(1, 2) // 1 + 2⁻²³
	for _, c := range []struct{ x, y, z, want float32 }{
		{1, 0x1p-24, 1, 1},                                    // a tie goes to the even one
		{1, 0x1.000002p-24, 1, one},                           // just above it
		{0x1.000002p-12, 0x1p-12, 1, one},                     // the same by a product
		{-1, 0x1p-24, one, 1},                                 // a tie between an odd and an even one
		{one, one, -1, 0x1.000001p-22},                        // what is left of a square
		{0x1p-80, -0x1p-80, 0, float32(math.Copysign(0, -1))}, // too small for a number
		{0x1p100, 0x1p100, float32(math.Inf(-1)), float32(math.Inf(-1))},
		{0x1p100, 0x1p100, 1, float32(math.Inf(1))},
		{0x1p-149, 0.5, 0x1p-149, 0x1p-148}, // a tie between subnormal numbers
	} {
		if have := fma32(c.x, c.y, c.z); math.Float32bits(have) != math.Float32bits(c.want) {
			t.Errorf("%v · %v + %v: %v, want %v", c.x, c.y, c.z, have, c.want)
		}
	}
}
