package report

import (
	"fmt"

	"metaplast/cmd/metaplast/figure"
)

// Examples are drawings of one held-out episode, with what learners said at its end.
type Examples struct {
	Classes []string        // names, in the order of the stream
	Support [][]figure.Tile // [class][drawing] some of those that were taught
	Query   [][]figure.Tile // [class][drawing] some of those that were asked
	Right   [][][]bool      // [learner][class][drawing of Query]
}

// classesSection shows what is to be classified, and what is taken for what.
func (r Run) classesSection() Section {
	s := Section{ID: "classes", Title: "What the learners see and answer"}
	if e := r.Examples; e != nil {
		s.Figures = append(s.Figures, r.drawings(e))
	}
	if r.Confusion != nil {
		s.Figures = append(s.Figures, r.confusion())
	}
	return s
}

func (r Run) drawings(e *Examples) figure.Figure {
	f := figure.Figure{ID: "drawings", Title: "Drawings of one held-out episode",
		Caption: "Each row is a class that the learners had never seen before this episode. Left: drawings that were taught. Right: other drawings, asked for at the end of the stream; " +
			"below each, a learner's mark in its colour if its answer was right, a cross if it was wrong.",
		Key: r.key(figure.Dots)}
	t := &figure.Tiles{}
	for j := range e.Support[0] {
		t.Heads = append(t.Heads, map[bool]string{true: "taught"}[j == 0])
	}
	t.Heads = append(t.Heads, "")
	for j := range e.Query[0] {
		t.Heads = append(t.Heads, map[bool]string{true: "asked"}[j == 0])
	}
	for k := range e.Classes {
		row := append(append([]figure.Tile{}, e.Support[k]...), figure.Tile{})
		for q, tile := range e.Query[k] {
			for i, name := range r.names() {
				tile.Below = append(tile.Below, figure.Mark{Name: name, Ink: i, Right: e.Right[i][k][q]})
			}
			row = append(row, tile)
		}
		t.Rows, t.Images = append(t.Rows, fmt.Sprintf("class %d", k+1)), append(t.Images, row)
	}
	f.Panels = []figure.Panel{{Y: figure.Axis{Label: "class, in the order of the stream"}, Tiles: t}}
	return f
}

func (r Run) confusion() figure.Figure {
	f := figure.Figure{ID: "confusion", Title: "Which class is taken for which",
		Caption: fmt.Sprintf("Classes are numbered in the order in which the stream taught them; numbers are the percentage of a row, over %d held-out episodes. The diagonal is right. ", r.Confusion[0].Episodes) +
			"A learner that forgets answers with the classes that came last: its right-hand columns are dark."}
	ramp := figure.Ramp{Name: "share of answers", Low: 0, High: 1, Percent: true}
	f.Key = []figure.Entry{{Ramp: &ramp}}
	for _, c := range r.Confusion {
		cells := &figure.Cells{Values: c.Share, Ramp: ramp}
		other := false
		for k, row := range c.Share {
			cells.Rows = append(cells.Rows, fmt.Sprint(k+1))
			other = other || row[len(c.Share)] > 0
		}
		cells.Columns = append([]string{}, cells.Rows...)
		if other {
			cells.Columns = append(cells.Columns, "none")
		} else {
			cells.Values = make([][]float64, len(c.Share))
			for k, row := range c.Share {
				cells.Values[k] = row[:len(c.Share)]
			}
		}
		f.Panels = append(f.Panels, figure.Panel{Title: c.Learner, X: figure.Axis{Label: "answered class"}, Y: figure.Axis{Label: "true class"}, Cells: cells})
	}
	return f
}
