package draw

import (
	"slices"
)

// Sizes in pixels.
const (
	cellWidth = 140 // of a box with the way to the next
	boxWidth  = 114
	lineSize  = 13 // height of a line of text
	boxPad    = 7  // above and below the text
	rowGap    = 18
	stackGap  = 6 // between boxes of one cell
	groupPad  = 14
	groupHead = 22 // title of a group
	gap       = 18 // between groups
	margin    = 24
	headSize  = 64 // title and explanation
	bandHead  = 26 // name of a learner
	footSize  = 40 // legend
)

// rect is a rectangle.
type rect struct{ x, y, w, h float64 }

// card is a box with its text on the page, or a list of inputs.
type card struct {
	rect
	box   int // -1 for a list
	text  []string
	small []string // names of what is read without an arrow
}

// frame is a group on the page.
type frame struct {
	rect
	place Place
}

// layout is where everything is.
type layout struct {
	width, height float64
	frames        []frame
	cards         []card
	of            map[int]int // card of a box
	titles        []rect      // of the learners
}

// cell is a place in a group: column in the direction of time, row from the bottom, and
// which box of those that share the two.
type cell struct{ column, row, stack int }

// lay puts every box into a cell: columns by what is read, rows by layer. Groups are as wide
// as the widest of their inner step, and rows as high as their highest box.
func (p *Picture) lay() *layout {
	l := &layout{of: map[int]int{}}
	cells, columns := p.cells()
	times := p.times()
	x := map[int]float64{}
	at := float64(margin)
	for _, t := range times {
		x[t] = at
		at += float64(columns[t])*cellWidth + 2*groupPad + gap
	}
	l.width = at - gap + margin
	y := float64(headSize)
	for _, learner := range p.Learners {
		l.titles = append(l.titles, rect{margin, y, l.width - 2*margin, bandHead})
		y += bandHead
		for _, backward := range []bool{false, true} {
			y = l.band(p, learner, backward, cells, columns, x, y)
		}
		y += gap
	}
	l.height = y + footSize
	return l
}

// times lists the columns of groups that there are, in their order.
func (p *Picture) times() []int {
	list := []int{Parameters}
	for _, s := range p.places() {
		if !slices.Contains(list, s.Step) {
			list = append(list, s.Step)
		}
	}
	slices.SortFunc(list, func(a, b int) int { return p.order(Place{Step: a}, Place{Step: b}) })
	return list
}

// row is where a box stands in its group: what belongs to no layer below all layers, and the
// loss above them.
func (b Box) row() int {
	if b.Layer < 0 && b.Array == "loss" {
		return 1 << 20
	}
	return b.Layer
}

// cells gives every box but inputs a cell, and every time its number of columns. A box stands
// no further than it has to from what it reads in its group.
func (p *Picture) cells() ([]cell, map[int]int) {
	cells := make([]cell, len(p.Boxes))
	columns := map[int]int{Parameters: 1}
	type stackOf struct {
		place       Place
		column, row int
	}
	used := map[stackOf]int{}
	for i, b := range p.Boxes {
		if b.Kind == "input" {
			continue
		}
		c := cell{row: b.row()}
		for _, r := range b.Reads {
			if from := p.Boxes[r]; from.Place == b.Place {
				step := 0
				if from.row() == c.row {
					step = 1
				}
				c.column = max(c.column, cells[r].column+step)
			}
		}
		key := stackOf{b.Place, c.column, c.row}
		c.stack = used[key]
		used[key]++
		cells[i] = c
		columns[b.Place.Step] = max(columns[b.Place.Step], c.column+1)
	}
	return cells, columns
}

// band lays out a learner's groups of one direction from y downwards, and returns where the
// next may begin.
func (l *layout) band(p *Picture, learner string, backward bool, cells []cell, columns map[int]int, x map[int]float64, y float64) float64 {
	var cards []card
	var rows []int
	var where []cell
	var times []int
	add := func(c card, at cell, time int) {
		c.h = float64(2*boxPad + lineSize*(len(c.text)+len(c.small)))
		c.w = boxWidth
		cards, where, times = append(cards, c), append(where, at), append(times, time)
		if !slices.Contains(rows, at.row) {
			rows = append(rows, at.row)
		}
	}
	inputs := map[int]int{} // card of the inputs of a layer
	for i, b := range p.Boxes {
		switch {
		case b.Kind == "input" && !backward && (b.Place.Learner == learner || b.Place.Learner == ""):
			if _, ok := inputs[b.Layer]; !ok {
				inputs[b.Layer] = len(cards)
				add(card{box: -1}, cell{row: b.Layer}, Parameters)
			}
			c := &cards[inputs[b.Layer]]
			c.text = append(c.text, b.lines()...)
			c.h += lineSize
		case b.Kind != "input" && b.Place.Learner == learner && b.Place.Backward == backward:
			add(card{box: i, text: b.lines(), small: p.beside(b)}, cells[i], b.Place.Step)
		}
	}
	if len(cards) == 0 {
		return y
	}
	slices.Sort(rows)
	slices.Reverse(rows)
	// Boxes of one cell stand in a stack, each below the former.
	type stackOf struct{ time, column, row int }
	stacks, below := map[stackOf]float64{}, make([]float64, len(cards))
	heights, tops := map[int]float64{}, map[int]float64{}
	for i, c := range cards {
		key := stackOf{times[i], where[i].column, where[i].row}
		if stacks[key] > 0 {
			stacks[key] += stackGap
		}
		below[i] = stacks[key]
		stacks[key] += c.h
		heights[where[i].row] = max(heights[where[i].row], stacks[key])
	}
	at := y + groupHead + groupPad/2
	for _, r := range rows {
		tops[r] = at
		at += heights[r] + rowGap
	}
	bottom := at - rowGap + groupPad
	for _, t := range p.times() {
		if slices.Contains(times, t) {
			place := Place{learner, t, backward}
			l.frames = append(l.frames, frame{rect{x[t], y, float64(columns[t])*cellWidth + 2*groupPad, bottom - y}, place})
		}
	}
	for i, c := range cards {
		column := where[i].column
		if backward {
			column = columns[times[i]] - 1 - column
		}
		c.x = x[times[i]] + groupPad + float64(column)*cellWidth + (cellWidth-boxWidth)/2
		c.y = tops[where[i].row] + (heights[where[i].row]-stacks[stackOf{times[i], where[i].column, where[i].row}])/2 + below[i]
		if c.box >= 0 {
			l.of[c.box] = len(l.cards)
		}
		l.cards = append(l.cards, c)
	}
	return bottom + gap
}

// arrow reports whether what box b reads of box r is drawn: values that are handed on in one
// direction, and the loss, where the direction turns.
func (p *Picture) arrow(r int, b Box) bool {
	from := p.Boxes[r]
	if from.Kind == "input" {
		return false
	}
	return from.Place.Backward == b.Place.Backward || b.Kind == "Ones" && b.Array == "loss"
}

// beside names what a box reads without an arrow, a few names to a line.
func (p *Picture) beside(b Box) []string {
	var lines []string
	const most = 20 // characters that fit
	for _, r := range b.Reads {
		if p.arrow(r, b) {
			continue
		}
		name := p.Boxes[r].Symbol
		if n := len(lines); n > 0 && len([]rune(lines[n-1]))+1+len([]rune(name)) <= most {
			lines[n-1] += " " + name
		} else {
			lines = append(lines, name)
		}
	}
	return lines
}
