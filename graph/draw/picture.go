package draw

import (
	"fmt"
	"slices"
	"strings"

	G "gorgonia.org/gorgonia"

	"metaplast/graph"
	"metaplast/graph/op"
)

// Parameters is the Step of a Place that holds inputs: before everything else.
const Parameters = op.Prefix - 1

// Place is a group of boxes.
type Place struct {
	Learner  string // empty for x and y
	Step     int    // inner step, op.Query, op.Prefix or Parameters
	Backward bool   // of the outer gradient
}

// Box is one pass of a kernel over its operands, or an input.
type Box struct {
	Node    int64    // number of its first node
	Place   Place    // its group
	Layer   int      // weight layer, or -1
	Array   string   // what is computed, see op.Label
	Kind    string   // of the primitive; "input"
	Symbol  string   // the array as the formulas name it, such as h1, W0(2)
	Shapes  [][]int  // of its results: more than one where a kernel computes them together
	Meaning []string // names of results that are inputs or outputs, such as loss, grad_W0
	Reads   []int    // boxes that it reads, in the order of its operands, each once
}

// Picture is an episode's graph as it is drawn.
type Picture struct {
	Title    string
	Learners []string
	Steps    int // inner steps
	Boxes    []Box
}

// New makes a picture of an outline of the configuration cfg.
func New(title string, cfg graph.Config, o *graph.Outline) *Picture {
	p := &Picture{Title: title, Steps: cfg.Steps}
	for _, l := range cfg.Learners {
		p.Learners = append(p.Learners, l.Name)
	}
	meaning := map[*G.Node][]string{}
	inputs := map[*G.Node]graph.Named{}
	for _, n := range slices.Concat(o.Inputs, o.Outputs) {
		meaning[n.Node] = append(meaning[n.Node], n.Name)
	}
	for _, n := range o.Inputs {
		inputs[n.Node] = n
	}
	drawn := map[*G.Node]int{}
	for _, n := range o.Nodes {
		k, ours := n.Op().(*op.Kernel)
		first := n
		if ours && k.Group() != nil {
			first = k.Group()[0]
		}
		at, known := drawn[first]
		if !known {
			at = len(p.Boxes)
			drawn[first] = at
			p.Boxes = append(p.Boxes, box(n, inputs[n]))
		}
		drawn[n] = at
		b := &p.Boxes[at]
		b.Shapes = append(b.Shapes, slices.Clone([]int(n.Shape())))
		b.Meaning = append(b.Meaning, meaning[n]...)
		for _, c := range op.Children(n) {
			if from := drawn[c]; !slices.Contains(b.Reads, from) {
				b.Reads = append(b.Reads, from)
			}
		}
	}
	for i := range p.Boxes {
		if p.Boxes[i].Array == foreign {
			p.settle(i)
		}
		p.describe(&p.Boxes[i])
	}
	return p
}

// box is a node without its results and operands.
func box(n *G.Node, input graph.Named) Box {
	l, ours := op.LabelOf(n)
	b := Box{Node: n.ID(), Layer: l.Layer, Array: l.Array, Place: Place{l.Learner, l.Step, l.Backward}}
	switch {
	case ours:
		b.Kind = n.Op().(*op.Kernel).Kind()
	case n == input.Node:
		b.Kind, b.Layer, b.Symbol = "input", input.Layer, input.Name
		b.Place = Place{Learner: input.Learner, Step: Parameters}
	default:
		b.Kind, b.Layer, b.Array = n.Op().String(), -1, foreign
	}
	return b
}

// foreign stands in the place of Array in boxes of ops that carry no label, until they are
// described.
const foreign = "\x00"

// settle gives the box of an op that is not ours the place of what was made just before it.
func (p *Picture) settle(i int) {
	b, before := &p.Boxes[i], p.Boxes[max(i-1, 0)]
	b.Place, b.Layer, b.Array = before.Place, before.Layer, before.Array
	if before.Kind == "input" {
		b.Place.Step = 0
	}
}

// describe completes a box with what follows from those that it reads.
func (p *Picture) describe(b *Box) {
	if b.Kind == "input" {
		return
	}
	// The gradient of the loss by itself, 1, has no label of a learner's.
	if b.Place.Learner == "" && b.Array == "" && b.Place.Backward {
		b.Array = "loss"
		for _, r := range b.Reads {
			b.Place.Learner = p.Boxes[r].Place.Learner
		}
	}
	switch b.Array {
	case "h":
		b.Symbol = fmt.Sprintf("h%d", b.Layer+1)
	case "f":
		b.Symbol = fmt.Sprintf("f%d", b.Layer)
	case "post":
		b.Symbol = fmt.Sprintf("p%d", b.Layer)
	case "signal":
		b.Symbol = "s"
	case "W", "b":
		b.Symbol = fmt.Sprintf("%s%d(%d)", b.Array, b.Layer, b.Place.Step+1)
	case "x": // rows of x, of y, or of what the frozen prefix makes of x
		b.Symbol = "x"
		if len(b.Reads) > 0 {
			b.Symbol = p.Boxes[b.Reads[0]].Symbol
		}
	case "loss":
		b.Symbol = "L"
	default:
		b.Symbol = b.Array
	}
	if b.Place.Backward {
		b.Symbol = "∂" + b.Symbol
	}
}

// Edges is how many pairs of boxes there are of which one reads the other.
func (p *Picture) Edges() int {
	n := 0
	for _, b := range p.Boxes {
		n += len(b.Reads)
	}
	return n
}

// Name is the title of a place.
func (s Place) Name() string {
	name := fmt.Sprintf("inner step %d", s.Step)
	switch s.Step {
	case op.Query:
		name = "query"
	case op.Prefix:
		name = "frozen prefix"
	case Parameters:
		name = "meta-parameters"
		if s.Learner == "" {
			name = "episode"
		}
	}
	if s.Backward {
		name = "gradient through " + name
	}
	return name
}

// order sorts places: what learners share first, then learner by learner, forward in time,
// then back.
func (p *Picture) order(a, b Place) int {
	key := func(s Place) [3]int {
		time := s.Step
		if s.Step == op.Query {
			time = p.Steps
		}
		if s.Backward {
			return [3]int{slices.Index(p.Learners, s.Learner), 1, -time}
		}
		return [3]int{slices.Index(p.Learners, s.Learner), 0, time}
	}
	x, y := key(a), key(b)
	return slices.Compare(x[:], y[:])
}

// places lists the groups that have boxes, in order.
func (p *Picture) places() []Place {
	seen := map[Place]bool{}
	var list []Place
	for _, b := range p.Boxes {
		if !seen[b.Place] {
			seen[b.Place] = true
			list = append(list, b.Place)
		}
	}
	slices.SortFunc(list, p.order)
	return list
}

// shape writes a shape.
func shape(s []int) string { return strings.ReplaceAll(fmt.Sprint(s), " ", ",") }
