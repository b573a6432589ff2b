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
	tx, ty := s.transforms(c, p)
	if s.Kind == Steps {
		s.steps(c, tx, ty)
		return
	}
	var piece, low, high []vg.Point
	end := func() {
		if len(low) > 1 && s.Kind == Solid {
			band := append([]vg.Point(nil), low...)
			for i := len(high) - 1; i >= 0; i-- {
				band = append(band, high[i])
			}
			c.FillPolygon(area.of(s.style().light), c.ClipPolygonXY(band))
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
		if l, h, ok := s.interval(i, c, ty); ok {
			low, high = append(low, vg.Point{X: tx(x), Y: l}), append(high, vg.Point{X: tx(x), Y: h})
		}
	}
	end()
	for i, x := range s.X {
		if s.x.drawable(x) {
			s.mark(c, i, tx(x), ty)
		}
	}
}

// transforms find the place of a value on the canvas.
func (s series) transforms(c draw.Canvas, p *plot.Plot) (tx, ty func(float64) vg.Length) {
	x, y := p.Transforms(&c)
	return func(v float64) vg.Length { return x(s.x.at(v)) }, func(v float64) vg.Length { return y(s.y.at(v)) }
}

// mark draws the mark of point i, if it has one.
func (s series) mark(c draw.Canvas, i int, x vg.Length, ty func(float64) vg.Length) {
	colour := s.style().light
	if !s.y.drawable(s.Y[i]) {
		if s.Diverged {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: colour, Radius: vg.Points(4), Shape: draw.CrossGlyph{}}, vg.Point{X: x, Y: c.Max.Y})
		}
		return
	}
	if s.Kind != Marked && s.Kind != Dots {
		return
	}
	if l, h, ok := s.interval(i, c, ty); ok && s.Kind == Marked {
		bar := []vg.Point{{X: x, Y: l}, {X: x, Y: h}}
		c.StrokeLines(draw.LineStyle{Color: colour, Width: vg.Points(1)}, c.ClipLinesXY(bar)...)
	}
	c.DrawGlyph(s.glyph(), vg.Point{X: x, Y: ty(s.Y[i])})
}

// interval returns the ends at point i; the lower one may have no place on the axis, and is at its
// end then.
func (s series) interval(i int, c draw.Canvas, ty func(float64) vg.Length) (low, high vg.Length, ok bool) {
	if s.Low == nil || !finite(s.Low[i]) || !s.y.drawable(s.High[i]) {
		return 0, 0, false
	}
	low = c.Min.Y
	if s.y.drawable(s.Low[i]) {
		low = max(low, ty(s.Low[i]))
	}
	return low, ty(s.High[i]), true
}

// steps draws a histogram.
func (s series) steps(c draw.Canvas, tx, ty func(float64) vg.Length) {
	outline := []vg.Point{{X: tx(s.X[0]), Y: c.Min.Y}}
	for i, v := range s.Y {
		outline = append(outline, vg.Point{X: tx(s.X[i]), Y: ty(v)}, vg.Point{X: tx(s.X[i+1]), Y: ty(v)})
	}
	outline = append(outline, vg.Point{X: tx(s.X[len(s.X)-1]), Y: c.Min.Y})
	c.FillPolygon(area.of(s.style().light), c.ClipPolygonXY(outline))
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
		s.Color, s.Width = pale.of(k.light), vg.Points(1.1)
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
		c.FillPolygon(area.of(l.style().light), box)
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
