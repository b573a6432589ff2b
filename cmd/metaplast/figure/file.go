package figure

import (
	"bytes"
	"fmt"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	_ "gonum.org/v1/plot/vg/vgimg" // format png
	_ "gonum.org/v1/plot/vg/vgsvg" // format svg
)

// Formats are those of files.
var Formats = []string{"svg", "png"}

const (
	gap     = vg.Length(12) // between panels and around them
	keyLine = vg.Length(14)
)

// File returns the whole figure in one of Formats: title, key and panels on white.
func (f Figure) File(format string) ([]byte, error) {
	columns := f.columns()
	w, h := vg.Length(0), vg.Length(0)
	for _, p := range f.Panels {
		pw, ph := p.size()
		w, h = max(w, pw), max(h, ph)
	}
	rows := (len(f.Panels) + columns - 1) / columns
	total := vg.Length(columns)*(w+gap) + gap
	key := f.layKey(total - 2*gap)
	head := gap + 16 + keyLine*vg.Length(len(key))
	canvas, err := draw.NewFormattedCanvas(total, head+vg.Length(rows)*(h+gap), format)
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", f.ID, err)
	}
	c := draw.New(canvas)
	c.SetColor(paper)
	c.Fill(c.Rectangle.Path())
	style := label(11)
	style.XAlign = draw.XLeft
	c.FillText(style, vg.Point{X: gap, Y: c.Max.Y - gap - 4}, f.Title)
	for i, line := range key {
		line.draw(c, c.Max.Y-gap-16-keyLine*(vg.Length(i)+0.5))
	}
	f.tile(draw.Crop(c, gap, -gap, gap, -head), columns, rows, w, h)
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("figure %s: %w", f.ID, err)
	}
	return b.Bytes(), nil
}

// tile draws the panels row by row; those of a row get axes of the same size.
func (f Figure) tile(c draw.Canvas, columns, rows int, w, h vg.Length) {
	for r := range rows {
		in := f.Panels[r*columns : min((r+1)*columns, len(f.Panels))]
		plots := make([]*plot.Plot, len(in))
		for i, p := range in {
			plots[i] = p.plot(paper)
		}
		row := c
		row.Max.Y = c.Max.Y - vg.Length(r)*(h+gap)
		row.Min.Y = row.Max.Y - h
		row.Max.X = row.Min.X + vg.Length(len(in))*(w+gap) - gap
		at := plot.Align([][]*plot.Plot{plots}, draw.Tiles{Rows: 1, Cols: len(in), PadX: gap}, row)
		for i, p := range plots {
			p.Draw(at[0][i])
		}
	}
}

func (f Figure) columns() int {
	if f.Columns > 0 {
		return f.Columns
	}
	return max(1, min(3, len(f.Panels)))
}

// keyRow is a line of the key: entries with their places.
type keyRow []struct {
	Entry
	at vg.Length
}

// layKey breaks the key into lines.
func (f Figure) layKey(width vg.Length) []keyRow {
	var rows []keyRow
	at := width
	for _, e := range f.Key {
		need := e.sample() + 6 + label(8).Width(e.words()) + 16
		if at+need > width {
			rows, at = append(rows, nil), 0
		}
		last := &rows[len(rows)-1]
		*last = append(*last, struct {
			Entry
			at vg.Length
		}{e, gap + at})
		at += need
	}
	return rows
}

func (e Entry) sample() vg.Length {
	if e.Ramp != nil {
		return 90
	}
	return 26
}

// words are those of an entry; a ramp has its ends.
func (e Entry) words() string {
	if e.Ramp == nil {
		return e.Name
	}
	return e.Ramp.Words()
}

// Words says what the ends of a ramp mean.
func (r Ramp) Words() string {
	show := Number
	if r.Percent {
		show = func(v float64) string { return minus(strconv.FormatFloat(100*v, 'f', 0, 64)) + " %" }
	}
	s := r.Name + ": " + show(r.Low) + " to " + show(r.High)
	switch {
	case r.Log:
		s += ", logarithmic"
	case r.Signed:
		s += ", white at 0"
	}
	return s
}

func (row keyRow) draw(c draw.Canvas, y vg.Length) {
	style := label(8)
	style.XAlign = draw.XLeft
	for _, e := range row {
		at := c
		at.Rectangle = vg.Rectangle{Min: vg.Point{X: e.at, Y: y - 4}, Max: vg.Point{X: e.at + e.sample(), Y: y + 4}}
		swatch{e.Entry}.Thumbnail(&at)
		c.FillText(style, vg.Point{X: e.at + e.sample() + 6, Y: y}, e.words())
	}
}
