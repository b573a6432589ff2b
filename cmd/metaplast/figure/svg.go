package figure

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Inline returns a panel as an SVG element for a page whose CSS sets what Variables lists. It
// fills the width it is given, and is called name by screen readers.
func (p Panel) Inline(name string) (string, error) {
	w, h := p.size()
	c := vgsvg.New(w, h)
	p.plot(nil).Draw(draw.New(c))
	return element(c, name)
}

// Inline returns the sample of a line of the key as an SVG element.
func (e Entry) Inline() (string, error) {
	w := vg.Length(26)
	if e.Ramp != nil {
		w = 90
	}
	c := vgsvg.New(w, 10)
	at := draw.New(c)
	at.Rectangle = inset(at.Rectangle, 1)
	swatch{e}.Thumbnail(&at)
	return element(c, "")
}

func inset(r vg.Rectangle, by vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: r.Min.X + by, Y: r.Min.Y + by}, Max: vg.Point{X: r.Max.X - by, Y: r.Max.Y - by}}
}

// element makes what gonum writes a part of a page: without the head of a file, with CSS variables
// for colours, in a size that follows the page.
func element(c *vgsvg.Canvas, name string) (string, error) {
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return "", fmt.Errorf("figure: %w", err)
	}
	_, body, found := strings.Cut(b.String(), "<svg ")
	head, body, closed := strings.Cut(body, ">\n")
	if !found || !closed {
		return "", fmt.Errorf("figure: no SVG in what gonum writes: %.60q", b.String())
	}
	_, view, _ := strings.Cut(head, "viewBox=\"")
	view, _, _ = strings.Cut(view, "\"")
	label := `aria-hidden="true"`
	if name != "" {
		label = `role="img" aria-label="` + html.EscapeString(name) + `"`
	}
	w, h := c.Size()
	return fmt.Sprintf("<svg viewBox=%q width=\"%.5g\" height=\"%.5g\" %s>", view, w.Points()*4/3, h.Points()*4/3, label) + pageColours(body), nil
}

// pageColours replaces the fixed colours and the font.
func pageColours(svg string) string {
	pairs := []string{
		"font-family:Liberation Sans;font-variant:normal;font-weight:normal;font-style:normal", "font-family:Liberation Sans,Arimo,Helvetica,Arial,sans-serif",
		"data:image/jpg", "data:image/png", // what it is
		"xlink:href", "href",
	}
	for _, v := range variables() {
		for _, o := range opacities {
			pairs = append(pairs, written(o.of(v.light)), "var("+v.name+")")
		}
	}
	return strings.NewReplacer(pairs...).Replace(svg)
}
