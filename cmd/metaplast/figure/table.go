package figure

import (
	"slices"
	"strings"
)

// Table holds the numbers of a panel as text.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string // the first cell of a row names it
}

// Table returns what the panel shows, in numbers of three digits. Tables of pictures say which
// marks they have.
func (p Panel) Table() Table {
	switch {
	case p.Cells != nil:
		return p.cellTable()
	case p.Spans != nil:
		return p.spanTable()
	case p.Bars != nil:
		return p.barTable()
	case p.Tiles != nil:
		return p.tileTable()
	}
	return p.lineTable()
}

// lineTable has a row for each x at which a line has a point, and a column for each line.
func (p Panel) lineTable() Table {
	t := Table{Title: p.Title, Head: []string{p.X.Label}}
	at := map[float64][]string{}
	var xs []float64
	for j, l := range p.Lines {
		t.Head = append(t.Head, l.Name)
		for i := range l.Y {
			x := l.X[i]
			if at[x] == nil {
				at[x], xs = make([]string, len(p.Lines)), append(xs, x)
			}
			at[x][j] = l.text(i)
		}
	}
	slices.Sort(xs)
	for _, x := range xs {
		t.Rows = append(t.Rows, append([]string{p.place(x)}, at[x]...))
	}
	return t
}

// place is a value of x as a row is called; a histogram's bins by their lower edge.
func (p Panel) place(x float64) string {
	if i := int(x); p.X.Categories != nil && float64(i) == x && i >= 0 && i < len(p.X.Categories) {
		return p.X.Categories[i]
	}
	for _, l := range p.Lines {
		if i := slices.Index(l.X, x); l.Kind == Steps && i >= 0 && i+1 < len(l.X) {
			return "from " + significant(x, 4) + " to " + significant(l.X[i+1], 4)
		}
	}
	return tick(x)
}

func (l Line) text(i int) string {
	s := Number(l.Y[i])
	if l.Low != nil && finite(l.Low[i]) && finite(l.High[i]) {
		s += " [" + Number(l.Low[i]) + ", " + Number(l.High[i]) + "]"
	}
	return s
}

func (p Panel) cellTable() Table {
	t := Table{Title: p.Title, Head: append([]string{p.Y.Label + " ↓ " + p.X.Label + " →"}, p.Cells.Columns...)}
	for i, row := range p.Cells.Values {
		cells := []string{p.Cells.Rows[i]}
		for _, v := range row {
			if p.Cells.Ramp.Percent {
				cells = append(cells, Percent(v))
			} else {
				cells = append(cells, Number(v))
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (p Panel) spanTable() Table {
	t := Table{Title: p.Title, Head: []string{p.Y.Label, p.X.Label, "95 % interval", "single values"}}
	for _, s := range p.Spans {
		var points []string
		for _, v := range s.Points {
			points = append(points, Number(v))
		}
		t.Rows = append(t.Rows, []string{s.Name, Number(s.Estimate), "[" + Number(s.Low) + ", " + Number(s.High) + "]", strings.Join(points, ", ")})
	}
	return t
}

func (p Panel) tileTable() Table {
	t := Table{Title: p.Title, Head: append([]string{p.Y.Label}, p.Tiles.Heads...)}
	for i, row := range p.Tiles.Images {
		cells := []string{p.Tiles.Rows[i]}
		for _, tile := range row {
			var marks []string
			for _, m := range tile.Below {
				marks = append(marks, m.Name+" "+map[bool]string{true: "right", false: "wrong"}[m.Right])
			}
			cells = append(cells, strings.Join(marks, ", "))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
