package glyphs

import "math/rand/v2"

// unit is the width of the canvas. Coordinates are integers, x to the right and y down.
const unit = 1 << 12

// The hand. Each number is the largest deviation, of a uniform distribution around nothing.
const (
	jitterPoint = unit * 5 / 100   // of every point of a stroke, each way
	jitterMove  = unit * 6 / 100   // of the whole drawing, each way
	jitterSlope = 18               // of each entry of the affine map, in hundredths
	penMin      = unit * 22 / 1000 // smallest radius of the pen
	penMax      = unit * 42 / 1000 // largest
)

// point is a place on the canvas.
type point struct{ x, y int }

// stroke is a quadratic Bézier curve,
//
//	B(s) = (1−s)² P_0 + 2 s (1−s) P_1 + s² P_2    0 ≤ s ≤ 1
//
// which is a straight line where P_1 is in the middle of the others.
type stroke [3]point

// prototype is what all drawings of a class have in common.
type prototype []stroke

// lattice is the number of places a stroke can begin and end at, each way; they cover the canvas
// from margin to unit − margin.
const (
	lattice = 4
	margin  = unit * 18 / 100
)

func place(rng *rand.Rand) point {
	at := func() int { return margin + rng.IntN(lattice)*(unit-2*margin)/(lattice-1) }
	return point{at(), at()}
}

// newPrototype draws two to four strokes. Each begins where the last one ended or at a new place,
// with equal probability, and ends at another place of the lattice; half of them are bent.
func newPrototype(rng *rand.Rand) prototype {
	p := make(prototype, 2+rng.IntN(3))
	pen := place(rng)
	for i := range p {
		if rng.IntN(2) == 0 {
			pen = place(rng)
		}
		end := place(rng)
		for end == pen {
			end = place(rng)
		}
		middle := point{(pen.x + end.x) / 2, (pen.y + end.y) / 2}
		if rng.IntN(2) == 0 {
			middle = place(rng)
		}
		p[i] = stroke{pen, middle, end}
		pen = end
	}
	return p
}

// written returns the strokes of one drawing and the radius of its pen:
//
//	P' = A (P + j − c) + c + t    A = 1 + a,  c the middle of the canvas
//
// with jitter j of each point, the entries of a and the shift t drawn anew. A turns, slants and
// stretches at once.
func (p prototype) written(rng *rand.Rand) ([]stroke, int) {
	around := func(most int) int { return rng.IntN(2*most+1) - most }
	var a [2][2]int
	for i := range a {
		for k := range a[i] {
			a[i][k] = around(jitterSlope)
		}
		a[i][i] += 100
	}
	shift := point{around(jitterMove), around(jitterMove)}
	radius := penMin + rng.IntN(penMax-penMin+1)
	strokes := make([]stroke, len(p))
	for i, s := range p {
		for k, q := range s {
			x, y := q.x+around(jitterPoint)-unit/2, q.y+around(jitterPoint)-unit/2
			strokes[i][k] = point{
				(a[0][0]*x+a[0][1]*y)/100 + unit/2 + shift.x,
				(a[1][0]*x+a[1][1]*y)/100 + unit/2 + shift.y,
			}
		}
	}
	return strokes, radius
}
