package figure

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ink is a colour that colour-blind readers can tell from the others (Okabe & Ito, Color
// Universal Design, 2008), with a line style and a mark, so that a print in grey can be read too.
type ink struct {
	light  color.NRGBA // on white, and of the files
	dark   string      // on black, for pages
	dashes []vg.Length
	glyph  draw.GlyphDrawer
}

var inks = []ink{
	{color.NRGBA{0, 114, 178, 255}, "#58a9e0", nil, draw.CircleGlyph{}},
	{color.NRGBA{213, 94, 0, 255}, "#f28a3c", []vg.Length{6, 2.5}, draw.SquareGlyph{}},
	{color.NRGBA{0, 158, 115, 255}, "#2fc79c", []vg.Length{1.8, 1.8}, draw.TriangleGlyph{}},
	{color.NRGBA{184, 92, 143, 255}, "#e39cc6", []vg.Length{6, 2, 1.8, 2}, draw.PyramidGlyph{}},
	{color.NRGBA{61, 155, 204, 255}, "#a4dcf9", []vg.Length{3.5, 3.5}, draw.RingGlyph{}},
	{color.NRGBA{138, 109, 0, 255}, "#e5c94a", []vg.Length{1, 2.6}, draw.BoxGlyph{}},
	{color.NRGBA{90, 90, 90, 255}, "#b9b9b9", []vg.Length{8, 2, 2, 2, 2, 2}, draw.CrossGlyph{}},
	{color.NRGBA{120, 70, 180, 255}, "#c3a2f0", []vg.Length{8, 1.5}, draw.PlusGlyph{}},
}

// inkOf returns the ink of a number; beyond the last they begin anew.
func inkOf(i int) ink { return inks[i%len(inks)] }

// The colours of all but data. None is black, which gonum's SVG leaves out.
var (
	text  = color.NRGBA{27, 31, 36, 255}
	muted = color.NRGBA{91, 98, 106, 255}
	lines = color.NRGBA{229, 231, 234, 255}
	paper = color.NRGBA{255, 255, 255, 255}
)

// variable is a colour of the drawings and what a page calls it.
type variable struct {
	name  string
	light color.NRGBA
	dark  string
}

func variables() []variable {
	v := []variable{
		{"--text", text, "#e9ecef"}, {"--muted", muted, "#aab2ba"}, {"--lines", lines, "#3a4046"}, {"--paper", paper, "#16191c"},
	}
	for i, k := range inks {
		v = append(v, variable{fmt.Sprintf("--ink%d", i), k.light, k.dark})
	}
	return v
}

// Variables returns the CSS declarations of a scheme's colours, "--text:#1b1f24;…".
func Variables(dark bool) string {
	var b strings.Builder
	for _, v := range variables() {
		value := hex(v.light)
		if dark {
			value = v.dark
		}
		fmt.Fprintf(&b, "%s:%s;", v.name, value)
	}
	return b.String()
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// opacity is how much of what lies behind a colour it hides.
type opacity uint8

const (
	solid opacity = 255
	pale  opacity = 150
	area  opacity = 45
)

var opacities = []opacity{solid, pale, area}

// of is a colour with this opacity.
func (o opacity) of(c color.NRGBA) color.NRGBA {
	c.A = uint8(o)
	return c
}

// written is a colour as gonum's SVG has it, which goes through premultiplied values and so is off
// by one here and there.
func written(c color.NRGBA) string {
	r, g, b, a := c.RGBA()
	scale := 255.0 / float64(a)
	return fmt.Sprintf("#%02X%02X%02X", int(float64(r)*scale), int(float64(g)*scale), int(float64(b)*scale))
}
