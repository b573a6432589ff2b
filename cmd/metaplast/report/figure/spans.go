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
	list []Span
	x    Axis
}

// Plot draws them.
func (s spans) Plot(c draw.Canvas, p *plot.Plot) {
	x, ty := p.Transforms(&c)
	tx := func(v float64) vg.Length { return x(s.x.at(v)) }
	for i, v := range s.list {
		y, k := float64(len(s.list)-1-i), inkOf(v.Ink)
		for _, q := range v.Points {
			if s.x.drawable(q) {
				c.DrawGlyph(draw.GlyphStyle{Color: k.light, Radius: vg.Points(2), Shape: draw.RingGlyph{}},
					vg.Point{X: tx(q), Y: ty(y - 0.22)})
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
