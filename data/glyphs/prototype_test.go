package glyphs

import (
	"math/rand/v2"
	"testing"
)

func TestPrototype(t *testing.T) {
	for seed := range uint64(500) {
		p := newPrototype(rand.New(rand.NewPCG(seed, 0)))
		if len(p) < 2 || len(p) > 4 {
			t.Errorf("%d strokes", len(p))
		}
		for _, s := range p {
			if s[0] == s[2] {
				t.Error("a stroke ends where it begins")
			}
			for _, q := range s {
				if q.x < margin || q.x > unit-margin || q.y < margin || q.y > unit-margin {
					t.Errorf("point %v is in the margin", q)
				}
			}
		}
	}
}

// Drawings stay near their prototype: the farthest a point can go is the sum of all deviations.
func TestWritten(t *testing.T) {
	p := newPrototype(rand.New(rand.NewPCG(1, 0)))
	const reach = unit / 2 * (100 + 5) / 100
	const most = jitterPoint + jitterMove + 2*reach*jitterSlope/100 + 2
	moved := 0
	for seed := range uint64(500) {
		strokes, r := p.written(rand.New(rand.NewPCG(seed, 1)))
		if r < penMin || r > penMax || len(strokes) != len(p) {
			t.Fatalf("radius %d, %d strokes", r, len(strokes))
		}
		for i, s := range strokes {
			for k, q := range s {
				dx, dy := max(q.x-p[i][k].x, p[i][k].x-q.x), max(q.y-p[i][k].y, p[i][k].y-q.y)
				if dx > most || dy > most {
					t.Errorf("point %v becomes %v", p[i][k], q)
				}
				moved = max(moved, dx, dy)
			}
		}
	}
	if moved < most/3 {
		t.Errorf("points move by %d at most", moved)
	}
}
