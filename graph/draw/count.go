package draw

import (
	"cmp"
	"slices"
)

// Count is how many nodes of one kind a learner has.
type Count struct {
	Kind    string `json:"kind"`
	Learner string `json:"learner"`  // empty for x and y
	Forward int    `json:"forward"`  // inputs, inner steps and query
	Reverse int    `json:"gradient"` // of the outer gradient
}

// GroupCount is how many nodes a group has.
type GroupCount struct {
	Learner  string `json:"learner"`
	Group    string `json:"group"`
	Step     int    `json:"step"`     // inner step, or -1 query, -2 frozen prefix, -3 inputs
	Gradient bool   `json:"gradient"` // of the outer gradient
	Nodes    int    `json:"nodes"`
}

// Nodes is the number of nodes: results of kernels, and inputs.
func (p *Picture) Nodes() int {
	n := 0
	for _, b := range p.Boxes {
		n += len(b.Shapes)
	}
	return n
}

// Counts lists nodes by kind and learner, in the order of kinds and then of learners.
func (p *Picture) Counts() []Count {
	var list []Count
	for _, b := range p.Boxes {
		i := slices.IndexFunc(list, func(c Count) bool { return c.Kind == b.Kind && c.Learner == b.Place.Learner })
		if i < 0 {
			i = len(list)
			list = append(list, Count{Kind: b.Kind, Learner: b.Place.Learner})
		}
		if b.Place.Backward {
			list[i].Reverse += len(b.Shapes)
		} else {
			list[i].Forward += len(b.Shapes)
		}
	}
	slices.SortStableFunc(list, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(slices.Index(p.Learners, a.Learner), slices.Index(p.Learners, b.Learner)))
	})
	return list
}

// Groups lists the groups with the number of their nodes, in the order of the picture.
func (p *Picture) Groups() []GroupCount {
	var list []GroupCount
	for _, s := range p.places() {
		c := GroupCount{Learner: s.Learner, Group: s.Name(), Step: s.Step, Gradient: s.Backward}
		for _, b := range p.Boxes {
			if b.Place == s {
				c.Nodes += len(b.Shapes)
			}
		}
		list = append(list, c)
	}
	return list
}
