package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var _ plot.Plotter = cells{}

// cells draws a heat map, with the value in each cell where there is room.
type cells struct{ *Cells }

// most is the number of rows or columns up to which values are written into the cells.
const most = 10

// Plot draws it.
func (h cells) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	rows := len(h.Rows)
	style := label(7)
	for i, row := range h.Values {
		y := float64(rows - 1 - i)
		for j, v := range row {
			x := float64(j)
			fill, ink := h.Ramp.at(v)
			c.FillPolygon(fill, []vg.Point{{X: tx(x - 0.49), Y: ty(y - 0.49)}, {X: tx(x + 0.49), Y: ty(y - 0.49)},
				{X: tx(x + 0.49), Y: ty(y + 0.49)}, {X: tx(x - 0.49), Y: ty(y + 0.49)}})
			if rows > most || len(h.Columns) > most {
				continue
			}
			style.Color = ink
			c.FillText(style, vg.Point{X: tx(x), Y: ty(y)}, h.text(v))
		}
	}
}

// text is a value as its cell shows it: in as few characters as tell it from the others.
func (h *Cells) text(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 0):
		return minus(fmt.Sprintf("%+.0f", v))
	case h.Ramp.Percent:
		return strconv.FormatFloat(100*v, 'f', 0, 64)
	}
	scale := max(math.Abs(h.Ramp.Low), math.Abs(h.Ramp.High))
	if scale >= 1e4 || scale < 1e-2 {
		if v == 0 {
			return "0"
		}
		e := int(math.Floor(math.Log10(math.Abs(v))))
		return minus(strconv.FormatFloat(v/math.Pow(10, float64(e)), 'f', 0, 64)) + "e" + minus(strconv.Itoa(e))
	}
	size := scale
	if h.Ramp.Log {
		size = math.Abs(v)
	}
	digits := 2
	switch {
	case size >= 100:
		digits = 0
	case size >= 10:
		digits = 1
	case size < 0.1:
		digits = 3
	}
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Trim(s, "-0.") == "" {
		return "0"
	}
	return minus(s)
}
