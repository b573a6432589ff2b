package figure

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Bar is a named number, or how the numbers of one name are spread: of those the median, the interval
// from the 5th to the 95th percentile, and the numbers themselves where they are few. Line breaks are not
// allowed in a name.
type Bar struct {
	Name   string
	Ink    int
	Values []float64 // at least one
	True   []float64 // what the numbers should be: lines across the bar
}

// fewPoints is how many numbers of a bar are drawn one by one.
const fewPoints = 64

// middle is what the bar is as long as, and the ends of the interval, which are NaN where there is none.
func (b Bar) middle() (median, low, high float64) {
	sorted := slices.DeleteFunc(slices.Sorted(slices.Values(b.Values)), func(v float64) bool { return !finite(v) })
	if len(sorted) == 0 {
		return b.Values[0], math.NaN(), math.NaN()
	}
	if len(sorted) == 1 {
		return sorted[0], math.NaN(), math.NaN()
	}
	q := func(p float64) float64 { // straight between the numbers
		at := p * float64(len(sorted)-1)
		i := int(at)
		return sorted[i] + (at-float64(i))*(sorted[min(i+1, len(sorted)-1)]-sorted[i])
	}
	return q(0.5), q(0.05), q(0.95)
}

// Text is the number, or the median with the interval.
func (b Bar) Text() string {
	median, low, high := b.middle()
	if len(b.Values) == 1 {
		return Number(median)
	}
	return Number(median) + " [" + Number(low) + ", " + Number(high) + "]"
}

var _ plot.Plotter = bars{}

// bars draws them from 0 on, the first at the top.
type bars struct {
	list []Bar
	x    Axis
}

// Plot draws them.
func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	for i, v := range b.list {
		y, k := float64(len(b.list)-1-i), inkOf(v.Ink)
		median, low, high := v.middle()
		if !finite(median) {
			style := label(8)
			style.XAlign, style.Color = draw.XLeft, k.light
			c.FillText(style, vg.Point{X: c.Min.X, Y: ty(y)}, " × "+Number(median))
			continue
		}
		box := []vg.Point{{X: tx(0), Y: ty(y - 0.32)}, {X: tx(median), Y: ty(y - 0.32)}, {X: tx(median), Y: ty(y + 0.32)}, {X: tx(0), Y: ty(y + 0.32)}}
		c.FillPolygon(area.of(k.light), box)
		c.StrokeLines(draw.LineStyle{Color: k.light, Width: vg.Points(1)}, append(box, box[0]))
		if len(v.Values) > 1 && len(v.Values) <= fewPoints {
			for _, q := range v.Values {
				if finite(q) {
					c.DrawGlyph(draw.GlyphStyle{Color: k.light, Radius: vg.Points(1.5), Shape: draw.RingGlyph{}}, vg.Point{X: tx(q), Y: ty(y)})
				}
			}
		}
		for _, q := range v.True {
			c.StrokeLine2(draw.LineStyle{Color: text, Width: vg.Points(1.6)}, tx(q), ty(y-trueHeight), tx(q), ty(y+trueHeight))
		}
		if finite(low) {
			c.StrokeLines(draw.LineStyle{Color: k.light, Width: vg.Points(2)}, []vg.Point{{X: tx(low), Y: ty(y)}, {X: tx(high), Y: ty(y)}})
		}
	}
}

// trueHeight is half that of the line of what is true, in units of the axis: a little over the bar.
const trueHeight = 0.45

func (p Panel) barTable() Table {
	t := Table{Title: p.Title, Head: []string{p.Y.Label, p.X.Label + ", or median [5th, 95th percentile]", "numbers"}}
	truth := slices.ContainsFunc(p.Bars, func(b Bar) bool { return b.True != nil })
	if truth {
		t.Head = append(t.Head, "true")
	}
	for _, b := range p.Bars {
		row := []string{b.Name, b.Text(), strconv.Itoa(len(b.Values))}
		if truth {
			var list []string
			for _, v := range b.True {
				list = append(list, Number(v))
			}
			row = append(row, strings.Join(list, ", "))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
