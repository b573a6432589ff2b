package optim

import (
	"fmt"
	"slices"
	"strings"

	"metaplast/data/npz"
	"metaplast/graph"
)

// Segment is one named array within the flat vector of a learner's meta-parameters:
// θ[Offset : Offset+Size] holds it in C order.
//
//	Name     such as "W0"; unique within its learner, without "/"
//	Group    one of graph.Groups
//	Shape    extents, each at least 1; empty for a scalar
//	Offset   where it begins; segments follow one another without gaps, from 0
//	Size     the product of Shape
//	Learned  whether the outer loop changes it; a fixed segment keeps its initial values
type Segment struct {
	Name    string `json:"name"`
	Group   string `json:"group"`
	Shape   []int  `json:"shape"`
	Offset  int    `json:"offset"`
	Size    int    `json:"size"`
	Learned bool   `json:"learned"`
}

// End is the offset after the segment.
func (s Segment) End() int { return s.Offset + s.Size }

// Equal reports whether two segments are the same array at the same place, learned alike.
func (s Segment) Equal(o Segment) bool {
	return s.Name == o.Name && s.Group == o.Group && slices.Equal(s.Shape, o.Shape) &&
		s.Offset == o.Offset && s.Size == o.Size && s.Learned == o.Learned
}

// String gives, for example, "W0[64 6] weights learned".
func (s Segment) String() string {
	how := "fixed"
	if s.Learned {
		how = "learned"
	}
	return fmt.Sprintf("%s%v %s %s", s.Name, s.Shape, s.Group, how)
}

// Size checks a layout against what Segment promises and returns the length of θ. The
// layout may come from a file: no sum or product overflows.
func Size(layout []Segment) (int, error) {
	fail := func(s Segment, format string, args ...any) (int, error) {
		return 0, fmt.Errorf("%w: segment %q: "+format, append([]any{ErrLayout, s.Name}, args...)...)
	}
	seen, total := make(map[string]bool, len(layout)), 0
	for _, s := range layout {
		if s.Name == "" || strings.ContainsAny(s.Name, "/\\") {
			return fail(s, "want a name without slashes")
		}
		if seen[s.Name] {
			return fail(s, "there are two of this name")
		}
		seen[s.Name] = true
		if !slices.Contains(graph.Groups(), s.Group) {
			return fail(s, "group %q, want one of %s", s.Group, strings.Join(graph.Groups(), ", "))
		}
		n := 1
		for _, d := range s.Shape {
			if d < 1 || d > npz.MaxElements/n {
				return fail(s, "shape %v, want extents from 1 and at most %d elements", s.Shape, npz.MaxElements)
			}
			n *= d
		}
		if s.Size != n {
			return fail(s, "size %d, but shape %v holds %d", s.Size, s.Shape, n)
		}
		if s.Offset != total {
			return fail(s, "offset %d, want %d, where the one before ends", s.Offset, total)
		}
		if total += n; total > npz.MaxElements {
			return fail(s, "the layout exceeds %d elements", npz.MaxElements)
		}
	}
	return total, nil
}
