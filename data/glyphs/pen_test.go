package glyphs

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The pen against the distance in floating point, at every sampled place.
func TestLine(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := newPen(16)
	n := 16 * samples
	for range 200 {
		at := func() point { return point{rng.IntN(16*fine*3/2) - 4*fine, rng.IntN(16*fine*3/2) - 4*fine} }
		a, b, r := at(), at(), 1+rng.IntN(3*fine)
		if rng.IntN(10) == 0 {
			b = a
		}
		clear(p.inside)
		p.line(a, b, r)
		for y := range n {
			for x := range n {
				qx, qy := float64(x*16+8-a.x), float64(y*16+8-a.y)
				dx, dy := float64(b.x-a.x), float64(b.y-a.y)
				s := 0.0
				if a != b {
					s = min(max((qx*dx+qy*dy)/(dx*dx+dy*dy), 0), 1)
				}
				d := math.Hypot(qx-s*dx, qy-s*dy)
				if in := p.inside[y*n+x]; in != (d <= float64(r)) && math.Abs(d-float64(r)) > 1e-9 {
					t.Fatalf("%v to %v, radius %d: place %d,%d at distance %v is inside: %v", a, b, r, x, y, d, in)
				}
			}
		}
	}
}

// A stroke along the middle of the canvas covers the area of its length times its width.
func TestDrawArea(t *testing.T) {
	for _, size := range []int{8, 28, 105} {
		p := newPen(size)
		dst := make([]uint8, size*size)
		const r = unit / 16
		p.draw(dst, []stroke{{{unit / 4, unit / 2}, {unit / 2, unit / 2}, {3 * unit / 4, unit / 2}}}, r)
		sum := 0.0
		for _, v := range dst {
			sum += float64(v) / 255
		}
		const radius = float64(r) / unit
		want := (2*radius*0.5 + math.Pi*radius*radius) * float64(size*size)
		if math.Abs(sum-want) > 0.08*want { // sampled at 4×4 places a pixel
			t.Errorf("size %d: area %v, want %v", size, sum, want)
		}
	}
}

// Strokes that leave the canvas are cut off, wherever they go.
func TestDrawOutside(t *testing.T) {
	p := newPen(8)
	dst := make([]uint8, 64)
	far := 3 * unit
	p.draw(dst, []stroke{{{-far, -far}, {unit, far}, {far, -far}}, {{-far, unit}, {-far, -unit}, {-far, unit}}}, unit/20)
}
