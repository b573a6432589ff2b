package figure

import (
	"image/color"
	"math"
)

// Ramp gives colours to the values of a heat map. Signed goes from blue over white to red, with
// white at 0 and the same range on both sides; the other from white to dark blue. Both keep their
// order for colour-blind readers: RdBu and Blues of ColorBrewer.
//
// The zero value is not valid: Low < High, and for Signed Low = −High. With Log the colour follows
// the logarithm, and Low is above 0.
type Ramp struct {
	Name      string // what a value is, with its unit
	Signed    bool
	Log       bool
	Percent   bool // values are shares, shown in percent, in cells, key and table alike
	Low, High float64
}

var (
	signed = []color.NRGBA{{5, 48, 97, 255}, {33, 102, 172, 255}, {67, 147, 195, 255}, {146, 197, 222, 255}, {209, 229, 240, 255},
		{247, 247, 247, 255}, {253, 219, 199, 255}, {244, 165, 130, 255}, {214, 96, 77, 255}, {178, 24, 43, 255}, {103, 0, 31, 255}}
	single = []color.NRGBA{{247, 251, 255, 255}, {222, 235, 247, 255}, {198, 219, 239, 255}, {158, 202, 225, 255}, {107, 174, 214, 255},
		{66, 146, 198, 255}, {33, 113, 181, 255}, {8, 81, 156, 255}, {8, 48, 107, 255}}
	missing = color.NRGBA{200, 200, 200, 255}
)

// The colours of text on cells.
var (
	onPale = color.NRGBA{1, 1, 1, 255}
	onDark = color.NRGBA{254, 254, 254, 255}
)

// SignedRamp returns the ramp of tables that share their colours, with white at 0.
func SignedRamp(name string, tables ...[][]float64) Ramp {
	most := 0.0
	each(tables, func(v float64) { most = max(most, math.Abs(v)) })
	if most == 0 {
		most = 1
	}
	return Ramp{Name: name, Signed: true, Low: -most, High: most}
}

// LogRamp returns the ramp of tables of values above 0 that share their colours.
func LogRamp(name string, tables ...[][]float64) Ramp {
	low, high := math.Inf(1), 0.0
	each(tables, func(v float64) {
		if v > 0 {
			low, high = min(low, v), max(high, v)
		}
	})
	if low >= high {
		if high == 0 {
			high = 1
		}
		low, high = high/2, high*2
	}
	return Ramp{Name: name, Log: true, Low: low, High: high}
}

// each calls f with the finite values of tables.
func each(tables [][][]float64, f func(float64)) {
	for _, t := range tables {
		for _, row := range t {
			for _, v := range row {
				if finite(v) {
					f(v)
				}
			}
		}
	}
}

// at returns the colour of a value, and that of text on it.
func (r Ramp) at(v float64) (fill, ink color.NRGBA) {
	if !finite(v) {
		return missing, onPale
	}
	low, high := r.Low, r.High
	if r.Log {
		low, high, v = math.Log(low), math.Log(high), math.Log(max(v, low))
	}
	fill = r.shade((v - low) / (high - low))
	if luminance(fill) < 0.18 {
		return fill, onDark
	}
	return fill, onPale
}

// shade returns the colour at a share of the ramp's length.
func (r Ramp) shade(share float64) color.NRGBA {
	stops := single
	if r.Signed {
		stops = signed
	}
	at := min(1, max(0, share)) * float64(len(stops)-1)
	i := min(int(at), len(stops)-2)
	return mix(stops[i], stops[i+1], at-float64(i))
}

func mix(a, b color.NRGBA, t float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + t*(float64(y)-float64(x)))) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

// luminance is that of WCAG 2.1, from 0 to 1.
func luminance(c color.NRGBA) float64 {
	f := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
