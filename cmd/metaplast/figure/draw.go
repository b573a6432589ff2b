package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	gtext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The size of a panel, in points. At the width of a telephone a point is a little more than a
// pixel of CSS, so that text of 8 points can be read.
const (
	width  = 264 * vg.Length(1)
	height = 190 * vg.Length(1)
)

// size returns the panel's: rows of intervals and of pictures take the height they need.
func (p Panel) size() (w, h vg.Length) {
	w, h = width, height
	if p.Wide {
		w, h = 330, 220
	}
	switch {
	case p.Spans != nil:
		h = 46 + 24*vg.Length(len(p.Spans))
		w = 330
	case p.Bars != nil:
		h = 46 + 13*vg.Length(len(p.Bars))
		w = 330
	case p.Tiles != nil:
		w = 330
		h = 24 + 40*vg.Length(len(p.Tiles.Rows))
	case p.Cells != nil:
		h = 210
	}
	return w, h
}

// plot makes gonum's plot of a panel.
func (p Panel) plot(background color.Color) *plot.Plot {
	g := plot.New()
	g.BackgroundColor = background
	g.Title.Text, g.Title.Padding = p.Title, 4
	g.Title.TextStyle = label(9)
	g.Title.TextStyle.YAlign = draw.YTop
	for _, a := range []*plot.Axis{&g.X, &g.Y} {
		a.Padding = 2
		a.Color, a.Tick.Color = muted, muted
		a.Label.TextStyle.Font, a.Label.TextStyle.Color = label(8).Font, text
		a.Tick.Label.Font, a.Tick.Label.Color = label(8).Font, text
		a.Label.Padding, a.Tick.Length = 2, 4
	}
	switch {
	case p.Cells != nil:
		p.X.Categories, p.Y.Categories = p.Cells.Columns, reversed(p.Cells.Rows)
		p.frameless(g)
		g.Add(cells{p.Cells})
	case p.Tiles != nil:
		p.X.Categories, p.Y.Categories = p.Tiles.Heads, reversed(p.Tiles.Rows)
		p.frameless(g)
		g.Add(tiles{p.Tiles})
	case p.Spans != nil:
		var names []string
		for _, s := range p.Spans {
			names = append(names, s.Name)
		}
		p.Y.Categories = reversed(names)
		p.ranges(g)
		g.Add(grid{levels: false}, spans{p.Spans, p.X, p.Pairs})
		g.Y.LineStyle.Width, g.Y.Tick.Length = 0, 0
	case p.Bars != nil:
		var names []string
		for _, b := range p.Bars {
			names = append(names, b.Name)
		}
		p.Y.Categories = reversed(names)
		p.ranges(g)
		g.Add(grid{levels: false}, straight{at: 0}, bars{p.Bars, p.X})
		g.Y.LineStyle.Width, g.Y.Tick.Length = 0, 0
	default:
		p.ranges(g)
		if len(p.Lines) == 0 {
			g.HideAxes()
			g.Add(words(p.Empty))
			break
		}
		g.Add(grid{levels: true})
		for _, l := range p.Lines {
			g.Add(series{l, p.X, p.Y})
		}
	}
	for _, x := range p.Marks {
		g.Add(straight{at: p.X.at(x)})
	}
	for _, y := range p.Level {
		g.Add(straight{at: p.Y.at(y), level: true})
	}
	return g
}

// frameless is a panel of cells or pictures, which need no lines and ticks.
func (p Panel) frameless(g *plot.Plot) {
	p.X.set(&g.X, 0, 0)
	p.Y.set(&g.Y, 0, 0)
	for _, a := range []*plot.Axis{&g.X, &g.Y} {
		a.LineStyle.Width, a.Tick.Length, a.Padding = 0, 0, 1
	}
}

// ranges finds the ranges of the axes: those of the data, with a little room.
func (p Panel) ranges(g *plot.Plot) {
	x, y := newSpan(), newSpan()
	for _, l := range p.Lines {
		x.add(p.X, l.X...)
		y.add(p.Y, l.Y...)
		y.add(p.Y, l.High...)
		if l.Kind == Steps {
			y.add(p.Y, 0)
		}
		for i, v := range l.Low {
			// The lower end of an interval must not stretch a logarithmic axis to nothing.
			if p.Y.Log {
				v = max(v, l.Y[i]/10)
			}
			y.add(p.Y, v)
		}
	}
	for _, s := range p.Spans {
		x.add(p.X, s.Estimate, s.Low, s.High)
		x.add(p.X, s.Points...)
	}
	for _, b := range p.Bars {
		x.add(p.X, 0)
		x.add(p.X, b.Values...)
		x.add(p.X, b.True...)
	}
	x.add(p.X, p.Marks...)
	y.add(p.Y, p.Level...)
	if (p.Spans != nil || p.Bars != nil) && x.low < x.high {
		if p.X.Log {
			room := math.Pow(x.high/x.low, 0.05)
			x.low, x.high = x.low/room, x.high*room
		} else {
			room := (x.high - x.low) / 20
			x.low, x.high = x.low-room, x.high+room
		}
	}
	p.X.set(&g.X, x.low, x.high)
	p.Y.set(&g.Y, y.low, y.high)
}

// label is text of a size in points, centred.
func label(points float64) gtext.Style {
	return gtext.Style{Color: text, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(points)},
		XAlign: draw.XCenter, YAlign: draw.YCenter, Handler: plot.DefaultTextHandler}
}

func reversed(names []string) []string {
	r := make([]string, len(names))
	for i, n := range names {
		r[len(r)-1-i] = n
	}
	return r
}

// grid draws lines at the labelled ticks of x, and of y if levels.
type grid struct{ levels bool }

func (g grid) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	style := draw.LineStyle{Color: lines, Width: vg.Points(0.6)}
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if t.Label != "" && t.Value >= p.X.Min && t.Value <= p.X.Max {
			c.StrokeLine2(style, tx(t.Value), c.Min.Y, tx(t.Value), c.Max.Y)
		}
	}
	if !g.levels {
		return
	}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if t.Label != "" && t.Value >= p.Y.Min && t.Value <= p.Y.Max {
			c.StrokeLine2(style, c.Min.X, ty(t.Value), c.Max.X, ty(t.Value))
		}
	}
}

// straight is a thin line across the panel.
type straight struct {
	at    float64
	level bool
}

func (s straight) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	style := draw.LineStyle{Color: muted, Width: vg.Points(0.8), Dashes: []vg.Length{2, 2}}
	if s.level {
		c.StrokeLine2(style, c.Min.X, ty(s.at), c.Max.X, ty(s.at))
		return
	}
	c.StrokeLine2(style, tx(s.at), c.Min.Y, tx(s.at), c.Max.Y)
}

// words are written in the middle of an empty panel.
type words string

func (w words) Plot(c draw.Canvas, _ *plot.Plot) {
	style := label(8)
	style.Color = muted
	c.FillText(style, c.Center(), string(w))
}
