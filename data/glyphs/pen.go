package glyphs

// A pixel is sampled at samples×samples places, and a unit of length inside the pen is 1/fine of a
// pixel.
const (
	samples  = 4
	fine     = 64
	segments = 12 // straight pieces that a curve is drawn in
)

// pen draws strokes as pixels. It is not safe for concurrent use.
type pen struct {
	size   int
	inside []bool // [size·samples, size·samples] the places that ink has reached
}

func newPen(size int) *pen {
	n := size * samples
	return &pen{size: size, inside: make([]bool, n*n)}
}

// draw writes a drawing [size,size]: the part of each pixel that is nearer to a stroke than radius,
// from 0 to 255. What lies outside of the canvas is cut off.
func (p *pen) draw(dst []uint8, strokes []stroke, radius int) {
	clear(p.inside)
	scale := p.size * fine
	r := max(1, radius*scale/unit)
	for _, s := range strokes {
		var last point
		for i := range segments + 1 {
			// (1−s)² P_0 + 2 s (1−s) P_1 + s² P_2 in whole numbers, s = i/segments
			w0, w1, w2 := (segments-i)*(segments-i), 2*i*(segments-i), i*i
			q := point{
				(w0*s[0].x + w1*s[1].x + w2*s[2].x) * scale / (unit * segments * segments),
				(w0*s[0].y + w1*s[1].y + w2*s[2].y) * scale / (unit * segments * segments),
			}
			if i > 0 {
				p.line(last, q, r)
			}
			last = q
		}
	}
	n := p.size * samples
	for y := range p.size {
		for x := range p.size {
			count := 0
			for v := range samples {
				for _, in := range p.inside[(y*samples+v)*n+x*samples:][:samples] {
					if in {
						count++
					}
				}
			}
			dst[y*p.size+x] = uint8(count * 255 / (samples * samples))
		}
	}
}

// line marks the sampled places within r of the straight line from a to b, ends included.
func (p *pen) line(a, b point, r int) {
	const step = fine / samples // between places, the first of which is at step/2
	n := p.size * samples
	from := func(v int) int { return min(max((v-r)/step-1, 0), n) }
	to := func(v int) int { return min(max((v+r)/step+1, 0), n) }
	d := point{b.x - a.x, b.y - a.y}
	length := d.x*d.x + d.y*d.y // squared
	for y := from(min(a.y, b.y)); y < to(max(a.y, b.y)); y++ {
		for x := from(min(a.x, b.x)); x < to(max(a.x, b.x)); x++ {
			q := point{x*step + step/2 - a.x, y*step + step/2 - a.y}
			var near bool
			switch along := q.x*d.x + q.y*d.y; {
			case along <= 0:
				near = q.x*q.x+q.y*q.y <= r*r
			case along >= length:
				u, v := q.x-d.x, q.y-d.y
				near = u*u+v*v <= r*r
			default:
				// The distance to the line is |q×d| / |d|.
				cross := q.x*d.y - q.y*d.x
				near = cross*cross <= r*r*length
			}
			if near {
				p.inside[y*n+x] = true
			}
		}
	}
}
