package optim

import (
	"errors"
	"strings"
	"testing"
)

func TestLayoutSize(t *testing.T) {
	if n, err := Size(testLayout()); n != 9 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := Size(nil); n != 0 || err != nil {
		t.Errorf("empty: %d, %v", n, err)
	}
	for _, c := range []struct {
		name   string
		change func(*Segment)
		want   string
	}{
		{"gap", func(s *Segment) { s.Offset++ }, "want 6"},
		{"size", func(s *Segment) { s.Size = 3 }, "holds 2"},
		{"extent", func(s *Segment) { s.Shape = []int{-1, -2} }, "extents from 1"},
		{"overflow", func(s *Segment) { s.Shape = []int{1 << 40, 1 << 40} }, "extents from 1"},
		{"twice", func(s *Segment) { s.Name = "W0" }, "two of this name"},
		{"slash", func(s *Segment) { s.Name = "a/b" }, "without slashes"},
		{"group", func(s *Segment) { s.Group = "speed" }, "want one of weights, feedback"},
	} {
		layout := testLayout()
		c.change(&layout[1])
		if _, err := Size(layout); !errors.Is(err, ErrLayout) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
