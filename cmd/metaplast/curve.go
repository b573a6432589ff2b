package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	_ "gonum.org/v1/plot/vg/vgimg" // format png
	_ "gonum.org/v1/plot/vg/vgsvg" // format svg

	"metaplast/cmd/metaplast/config"
)

// The training loss is smoothed in at most points windows, of at least least meta-steps where
// there are enough for ten.
const (
	points = 60
	least  = 25
)

// inks are colours that colour-blind readers can tell apart (Okabe & Ito), with a line style
// and mark each, so that a print in grey can be read too.
var inks = []struct {
	color  color.RGBA
	dashes []vg.Length
	glyph  draw.GlyphDrawer
}{
	{color.RGBA{0, 114, 178, 255}, nil, draw.CircleGlyph{}},
	{color.RGBA{213, 94, 0, 255}, []vg.Length{7, 3}, draw.SquareGlyph{}},
	{color.RGBA{0, 158, 115, 255}, []vg.Length{2, 2}, draw.TriangleGlyph{}},
	{color.RGBA{204, 121, 167, 255}, []vg.Length{7, 2, 2, 2}, draw.PyramidGlyph{}},
	{color.RGBA{86, 180, 233, 255}, []vg.Length{4, 4}, draw.RingGlyph{}},
	{color.RGBA{0, 0, 0, 255}, []vg.Length{1, 3}, draw.BoxGlyph{}},
}

// writeCurve draws the learning curve of a run, a function of its metrics alone.
//
//	thin   training loss, median in windows: a mean would follow the few episodes with a
//	       huge loss
//	marks  held-out loss, mean with its 95 % confidence interval
func writeCurve(f folder, c *config.Config, metrics map[string]*series) error {
	p := plot.New()
	p.Title.Text = c.Name + ": learning curve"
	p.Title.Padding = 6
	p.X.Padding, p.Y.Padding = 0, 0
	p.X.Label.Text = "meta-steps"
	p.Y.Label.Text = "query loss (mean squared error)"
	if c.Task.Classifies() {
		p.Y.Label.Text = "query loss (cross-entropy)"
	}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, lossTicks{}
	p.Legend.Top = true
	p.Legend.Padding = 2
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{230}, color.Gray{230}
	p.Add(grid)
	for i, l := range c.Learners {
		if err := addLearner(p, i, l.Name, metrics[l.Name]); err != nil {
			return fmt.Errorf("learning curve of %s: %w", l.Name, err)
		}
	}
	// A logarithmic axis needs a range of its own if nothing, or one value, is on it.
	if !(p.Y.Min > 0) || !(p.Y.Max < math.Inf(1)) || p.Y.Min >= p.Y.Max {
		mid := 1.0
		if p.Y.Min > 0 && !math.IsInf(p.Y.Min, 0) {
			mid = p.Y.Min
		}
		p.Y.Min, p.Y.Max = mid/2, mid*2
	}
	// Room for the legend, which lies inside.
	p.Y.Max *= math.Pow(p.Y.Max/p.Y.Min, 0.1+0.08*float64(len(c.Learners)))
	p.X.Min, p.X.Max = 0, float64(c.Meta.Steps)
	for _, format := range []string{"png", "svg"} {
		w, err := p.WriterTo(7.5*vg.Inch, 4.5*vg.Inch, format)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if _, err := w.WriteTo(&b); err != nil {
			return err
		}
		if err := f.write("learning-curve."+format, b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func addLearner(p *plot.Plot, i int, name string, s *series) error {
	ink := inks[i%len(inks)]
	if xys := smooth(s.steps, s.loss); len(xys) > 0 {
		line, err := plotter.NewLine(xys)
		if err != nil {
			return err
		}
		pale := ink.color
		pale.R, pale.G, pale.B = lighter(pale.R), lighter(pale.G), lighter(pale.B)
		line.Color, line.Dashes, line.Width = pale, ink.dashes, vg.Points(1)
		p.Add(line)
		p.Legend.Add(name+", training (median)", line)
	}
	var e evalPoints
	for _, h := range s.evals {
		if mean := float64(h.Mean); drawable(mean) {
			e.XYs = append(e.XYs, plotter.XY{X: float64(h.Step), Y: mean})
			low, high := mean-math.Max(float64(h.Low), mean/10), float64(h.High)-mean
			if math.IsNaN(low) || !drawable(mean+high) {
				low, high = 0, 0
			}
			e.YErrors = append(e.YErrors, struct{ Low, High float64 }{low, high})
		}
	}
	if len(e.XYs) == 0 {
		return nil
	}
	line, marks, err := plotter.NewLinePoints(e.XYs)
	if err != nil {
		return err
	}
	bars, err := plotter.NewYErrorBars(e)
	if err != nil {
		return err
	}
	line.Color, line.Dashes, line.Width = ink.color, ink.dashes, vg.Points(1.8)
	marks.Color, marks.Shape, marks.Radius = ink.color, ink.glyph, vg.Points(3)
	bars.Color, bars.Width = ink.color, vg.Points(1)
	p.Add(bars, line, marks)
	p.Legend.Add(name+", held out (mean, 95 % CI)", line, marks)
	return nil
}

type evalPoints struct {
	plotter.XYs
	plotter.YErrors
}

// smooth gives the median loss in windows of equal length, at their middle.
func smooth(steps []int, loss []float64) plotter.XYs {
	var xys plotter.XYs
	width := max(1, (len(steps)+points-1)/points, min(least, len(steps)/10))
	for from := 0; from < len(steps); from += width {
		to := min(from+width, len(steps))
		if m := median(loss[from:to]); drawable(m) {
			xys = append(xys, plotter.XY{X: float64(steps[from]+steps[to-1]) / 2, Y: m})
		}
	}
	return xys
}

// lossTicks marks 1, 2 and 5 of each decade, or 1 alone on a long axis.
type lossTicks struct{}

func (lossTicks) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	long := math.Log10(high/low) > 3
	for d := math.Floor(math.Log10(low)); d <= math.Log10(high); d++ {
		for m := 1; m < 10; m++ {
			v := float64(m) * math.Pow(10, d)
			if v < low || v > high {
				continue
			}
			t := plot.Tick{Value: v}
			if m == 1 || !long && (m == 2 || m == 5) {
				t.Label = strconv.FormatFloat(v, 'g', 3, 64)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// drawable tells whether a value has a place on a logarithmic axis of usable length.
func drawable(v float64) bool { return v > 1e-30 && v < 1e30 }

func lighter(c uint8) uint8 { return uint8((int(c) + 2*255) / 3) }
