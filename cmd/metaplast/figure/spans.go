package figure

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var _ plot.Plotter = spans{}

// spans draws intervals, the first at the top, with what they are estimates of as small rings
// below the line.
type spans struct {
	list  []Span
	x     Axis
	pairs bool
}

// Plot draws them.
func (s spans) Plot(c draw.Canvas, p *plot.Plot) {
	x, ty := p.Transforms(&c)
	tx := func(v float64) vg.Length { return x(s.x.at(v)) }
	if s.pairs {
		s.join(c, tx, ty)
	}
	for i, v := range s.list {
		y, k := float64(len(s.list)-1-i), inkOf(v.Ink)
		for _, q := range v.Points {
			if s.x.drawable(q) {
				c.DrawGlyph(draw.GlyphStyle{Color: k.light, Radius: vg.Points(2), Shape: draw.RingGlyph{}},
					vg.Point{X: tx(q), Y: ty(y - rings)})
			}
		}
		if !s.x.drawable(v.Estimate) {
			style := label(8)
			style.XAlign, style.Color = draw.XLeft, k.light
			c.FillText(style, vg.Point{X: c.Min.X, Y: ty(y)}, " × "+Number(v.Estimate))
			continue
		}
		if finite(v.Low) && finite(v.High) {
			low := c.Min.X
			if s.x.drawable(v.Low) {
				low = tx(v.Low)
			}
			c.StrokeLines(draw.LineStyle{Color: k.light, Width: vg.Points(2)}, []vg.Point{{X: low, Y: ty(y)}, {X: tx(v.High), Y: ty(y)}})
		}
		c.DrawGlyph(draw.GlyphStyle{Color: k.light, Radius: vg.Points(3.6), Shape: k.glyph}, vg.Point{X: tx(v.Estimate), Y: ty(y)})
	}
}

// rings is how far below its span's line the points of a span are, in units of the axis.
const rings = 0.22

// join draws a thin line from span to span through the points of the same number, in pieces between
// those that have no place.
func (s spans) join(c draw.Canvas, tx, ty func(float64) vg.Length) {
	style := draw.LineStyle{Color: pale.of(muted), Width: vg.Points(0.7)}
	for k := range s.list[0].Points {
		var piece []vg.Point
		for i, v := range s.list {
			if k >= len(v.Points) || !s.x.drawable(v.Points[k]) {
				c.StrokeLines(style, c.ClipLinesXY(piece)...)
				piece = nil
				continue
			}
			piece = append(piece, vg.Point{X: tx(v.Points[k]), Y: ty(float64(len(s.list)-1-i) - rings)})
		}
		c.StrokeLines(style, c.ClipLinesXY(piece)...)
	}
}
