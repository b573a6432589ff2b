package figure

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var (
	_ plot.Plotter     = series{}
	_ plot.Thumbnailer = swatch{}
)

// series draws a line of a panel.
type series struct {
	Line
	x, y Axis
}

// Plot draws the interval as a band behind, or as bars at marks, then the line in pieces between
// the values that have no place, then the marks.
func (s series) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if s.Kind == Steps {
		s.steps(c, tx, ty, p.Y.Min)
		return
	}
	var piece, low, high []vg.Point
	end := func() {
		if len(low) > 1 && s.Kind == Solid {
			band := append([]vg.Point(nil), low...)
			for i := len(high) - 1; i >= 0; i-- {
				band = append(band, high[i])
			}
			c.FillPolygon(faded(s.style().light, 45), c.ClipPolygonXY(band))
		}
		if s.Kind != Dots {
			c.StrokeLines(s.stroke(), c.ClipLinesXY(piece)...)
		}
		piece, low, high = nil, nil, nil
	}
	for i, x := range s.X {
		if !s.y.drawable(s.Y[i]) || !s.x.drawable(x) {
			end()
			continue
		}
		piece = append(piece, vg.Point{X: tx(x), Y: ty(s.Y[i])})
		if l, h, ok := s.interval(i, p.Y.Min); ok {
			low, high = append(low, vg.Point{X: tx(x), Y: ty(l)}), append(high, vg.Point{X: tx(x), Y: ty(h)})
		}
	}
	end()
	for i, x := range s.X {
		at := vg.Point{X: tx(x), Y: c.Max.Y}
		switch {
		case s.Diverged && s.x.drawable(x) && !s.y.drawable(s.Y[i]):
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: s.style().light, Radius: vg.Points(4), Shape: draw.CrossGlyph{}}, at)
		case s.Kind == Marked || s.Kind == Dots:
			if !s.y.drawable(s.Y[i]) || !s.x.drawable(x) {
				continue
			}
			if l, h, ok := s.interval(i, p.Y.Min); ok && s.Kind == Marked {
				bar := []vg.Point{{X: tx(x), Y: ty(l)}, {X: tx(x), Y: ty(h)}}
				c.StrokeLines(draw.LineStyle{Color: s.style().light, Width: vg.Points(1)}, c.ClipLinesXY(bar)...)
			}
			at.Y = ty(s.Y[i])
			c.DrawGlyph(s.glyph(), at)
		}
	}
}

// interval returns the ends at point i, the lower one not below the axis.
func (s series) interval(i int, least float64) (low, high float64, ok bool) {
	if s.Low == nil || !finite(s.Low[i]) || !s.y.drawable(s.High[i]) {
		return 0, 0, false
	}
	return max(s.Low[i], least), s.High[i], true
}

// steps draws a histogram.
func (s series) steps(c draw.Canvas, tx, ty func(float64) vg.Length, base float64) {
	outline := []vg.Point{{X: tx(s.X[0]), Y: ty(base)}}
	for i, v := range s.Y {
		outline = append(outline, vg.Point{X: tx(s.X[i]), Y: ty(v)}, vg.Point{X: tx(s.X[i+1]), Y: ty(v)})
	}
	outline = append(outline, vg.Point{X: tx(s.X[len(s.X)-1]), Y: ty(base)})
	c.FillPolygon(faded(s.style().light, 45), c.ClipPolygonXY(outline))
	c.StrokeLines(s.stroke(), c.ClipLinesXY(outline)...)
}

func (l Line) style() ink {
	if l.Kind == Plain {
		return ink{light: text}
	}
	return inkOf(l.Ink)
}

func (l Line) stroke() draw.LineStyle {
	k := l.style()
	s := draw.LineStyle{Color: k.light, Width: vg.Points(1.6), Dashes: k.dashes}
	switch l.Kind {
	case Pale:
		s.Color, s.Width = faded(k.light, 115), vg.Points(1)
	case Plain, Steps:
		s.Width = vg.Points(1)
	}
	return s
}

func (l Line) glyph() draw.GlyphStyle {
	k := l.style()
	return draw.GlyphStyle{Color: k.light, Shape: k.glyph, Radius: vg.Points(2.6)}
}

// swatch is a line of the key.
type swatch struct{ Entry }

// Thumbnail draws it.
func (s swatch) Thumbnail(c *draw.Canvas) {
	mid := c.Center()
	if s.Ramp != nil {
		const pieces = 24
		width := (c.Max.X - c.Min.X) / pieces
		for i := range pieces {
			fill := s.Ramp.shade(float64(i) / (pieces - 1))
			x := c.Min.X + vg.Length(i)*width
			c.FillPolygon(fill, []vg.Point{{X: x, Y: c.Min.Y}, {X: x + width, Y: c.Min.Y}, {X: x + width, Y: c.Max.Y}, {X: x, Y: c.Max.Y}})
		}
		return
	}
	l := Line{Ink: s.Ink, Kind: s.Kind}
	switch s.Kind {
	case Steps:
		box := []vg.Point{{X: c.Min.X, Y: c.Min.Y}, {X: c.Max.X, Y: c.Min.Y}, {X: c.Max.X, Y: c.Max.Y}, {X: c.Min.X, Y: c.Max.Y}, {X: c.Min.X, Y: c.Min.Y}}
		c.FillPolygon(faded(l.style().light, 45), box)
		c.StrokeLines(l.stroke(), box)
		return
	case Dots:
	default:
		c.StrokeLine2(l.stroke(), c.Min.X, mid.Y, c.Max.X, mid.Y)
	}
	if s.Kind == Marked || s.Kind == Dots {
		c.DrawGlyphNoClip(l.glyph(), mid)
	}
}
