package graph

import (
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph/op"
)

// TestPerPosition checks what a pathway may send to a convolution and to a dense layer.
func TestPerPosition(t *testing.T) {
	for _, c := range []struct {
		f, h []int
		want string // in the error; none if it is empty
	}{
		{f: []int{2, 3}, h: []int{2, 3}},
		{f: []int{2, 3}, h: []int{2, 3, 4, 5}},
		{f: []int{2, 3, 4, 5}, h: []int{2, 3, 4, 5}},
		{f: []int{2, 60}, h: []int{2, 3, 4, 5}, want: "feedback of shape [2 60] for layer 1: want [2 3 4 5] or [2 3]"},
		{f: []int{2, 4}, h: []int{2, 3}, want: "feedback of shape [2 4] for layer 1: want [2 3]"},
	} {
		b := op.New(tensor.Float64)
		m := &wired{learnerModel: &learnerModel{learner: Learner{Pathway: "own"}}}
		h := b.Input("h", c.h...)
		have := m.perPosition(b, 1, b.Input("f", c.f...), h)
		switch {
		case c.want == "" && (b.Err() != nil || !sameShape(have.Shape(), h.Shape())):
			t.Errorf("feedback %v to %v: %v", c.f, c.h, b.Err())
		case c.want != "" && (b.Err() == nil || !strings.Contains(b.Err().Error(), c.want)):
			t.Errorf("feedback %v to %v: error %v: want %q", c.f, c.h, b.Err(), c.want)
		}
	}
}
