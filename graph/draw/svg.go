package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
)

// SVG is the picture: a band for each learner, in which inner steps run from left to right
// and layers from bottom to top, and under it the outer gradient, which runs back from right
// to left. It needs no font or style from elsewhere.
func (p *Picture) SVG() []byte {
	l := p.lay()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]g" height="%[2]g" viewBox="0 0 %[1]g %[2]g" font-family="Helvetica, Arial, sans-serif" font-size="11">`+"\n", l.width, l.height)
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(p.Title))
	b.WriteString(`<defs><marker id="tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0,0.8 L8,4 L0,7.2 z" fill="#475569"/></marker></defs>` + "\n")
	fmt.Fprintf(&b, `<rect width="%g" height="%g" fill="#ffffff"/>`+"\n", l.width, l.height)
	text(&b, margin, 28, 18, "#0f172a", "bold", p.Title)
	text(&b, margin, 48, 12, "#475569", "normal", "Inner steps run from left to right, layers from bottom to top; beneath, the gradient of the outer loss runs back from right to left. "+
		"Arrows are values handed on; the grey names in a box are what it reads besides.")
	for i, r := range l.titles {
		text(&b, r.x, r.y+17, 15, "#0f172a", "bold", p.Learners[i])
	}
	for _, f := range l.frames {
		stroke, fill := "#cbd5e1", "#f8fafc"
		if f.place.Backward {
			stroke, fill = "#d6c7a1", "#fdfbf5"
		}
		fmt.Fprintf(&b, `<rect x="%g" y="%g" width="%g" height="%g" rx="8" fill="%s" stroke="%s"/>`+"\n", f.x, f.y, f.w, f.h, fill, stroke)
		text(&b, f.x+groupPad, f.y+16, 12, "#334155", "bold", f.place.Name())
	}
	for i, box := range p.Boxes {
		for _, r := range box.Reads {
			if p.arrow(r, box) {
				l.edge(&b, l.cards[l.of[r]], l.cards[l.of[i]], box.Place.Backward)
			}
		}
	}
	for _, c := range l.cards {
		p.card(&b, c)
	}
	legend(&b, l.height-footSize/2)
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// card draws a box.
func (p *Picture) card(b *bytes.Buffer, c card) {
	fill, ink, title := "#ffffff", "#94a3b8", "inputs"
	if c.box >= 0 {
		box := p.Boxes[c.box]
		fill, ink = box.fill(), box.ink()
		title = p.tip(c.box)
	}
	fmt.Fprintf(b, `<g><title>%s</title><rect x="%g" y="%g" width="%g" height="%g" rx="5" fill="%s" stroke="%s"/>`+"\n", escape(title), c.x, c.y, c.w, c.h, fill, ink)
	y := c.y + boxPad + 10
	for i, line := range c.text {
		weight, size := "normal", 11.0
		if i == 0 && c.box >= 0 || strings.HasPrefix(line, "= ") {
			weight = "bold"
		}
		// Text that is too long for its box is set smaller.
		if n := float64(len([]rune(line))); n*5.9 > boxWidth-12 {
			size = math.Floor(10*(boxWidth-12)/(n*0.54)) / 10
		}
		text(b, c.x+6, y, size, "#0f172a", weight, line)
		y += lineSize
	}
	for _, line := range c.small {
		text(b, c.x+6, y, 10, "#64748b", "normal", line)
		y += lineSize
	}
	b.WriteString("</g>\n")
}

// tip says all about a box.
func (p *Picture) tip(i int) string {
	box := p.Boxes[i]
	s := fmt.Sprintf("node %d: %s, %s", box.Node, strings.Join(box.lines(), ", "), box.Place.Name())
	if box.Layer >= 0 {
		s += fmt.Sprintf(", layer %d", box.Layer)
	}
	for _, r := range box.Reads {
		from := p.Boxes[r]
		s += fmt.Sprintf("\nreads node %d: %s", from.Node, strings.Join(from.lines(), ", "))
	}
	return s
}

// edge draws an arrow: from side to side in the direction of time, or from edge to edge of
// boxes above each other.
func (l *layout) edge(b *bytes.Buffer, from, to card, backward bool) {
	x0, y0, x1, y1 := from.x+from.w, from.y+from.h/2, to.x, to.y+to.h/2
	side := 1.0
	if backward {
		x0, x1, side = from.x, to.x+to.w, -1
	}
	if side*(x1-x0) < 0 { // the target stands above or below
		x0, x1 = from.x+from.w/2, to.x+to.w/2
		y0, y1 = from.y, to.y+to.h
		if to.y > from.y {
			y0, y1 = from.y+from.h, to.y
		}
		bend := (y1 - y0) / 2
		path(b, x0, y0, x0, y0+bend, x1, y1-bend, x1, y1)
		return
	}
	reach := side * max(24, math.Abs(x1-x0)*0.45)
	bow := 0.0
	if math.Abs(x1-x0) > cellWidth/2 && math.Abs(y1-y0) < from.h { // passes boxes of its own row
		bow = -(max(from.h, to.h)/2 + rowGap)
	}
	path(b, x0, y0, x0+reach, y0+bow, x1-reach, y1+bow, x1, y1)
}

func path(b *bytes.Buffer, p ...any) {
	fmt.Fprintf(b, `<path d="M%.1f,%.1f C%.1f,%.1f %.1f,%.1f %.1f,%.1f" fill="none" stroke="#475569" stroke-opacity="0.55" marker-end="url(#tip)"/>`+"\n", p...)
}

func text(b *bytes.Buffer, x, y, size float64, colour, weight, s string) {
	fmt.Fprintf(b, `<text x="%g" y="%g" font-size="%g" fill="%s" font-weight="%s">%s</text>`+"\n", x, y, size, colour, weight, escape(s))
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer does not fail
	return b.String()
}
