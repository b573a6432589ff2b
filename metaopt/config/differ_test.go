package config

import "testing"

func TestDiffer(t *testing.T) {
	sine := Task{Kind: "sine", Functions: 5, Steps: 8, Batch: 8, Query: 32, Order: "continual"}
	iid, glyphs, sized := sine, Task{Kind: "glyphs", Ways: 5}, Task{Kind: "glyphs", Ways: 5, Size: 28, Dir: "elsewhere"}
	iid.Order = "iid"
	small := sized
	small.Size = 14
	for _, c := range []struct {
		a, b Task
		key  string
	}{{sine, sine, ""}, {sine, iid, "order"}, {sine, glyphs, "kind"}, {glyphs, sized, ""}, {glyphs, small, "size"}} {
		if key, va, vb := Differ(c.a, c.b); key != c.key || key != "" && va == vb {
			t.Errorf("%+v and %+v: %q, %v, %v: want %q", c.a, c.b, key, va, vb, c.key)
		}
	}
}
