package metagrad

import (
	"errors"
	"maps"
	"math"
	"slices"

	"metaplast/data/suggest"
	"metaplast/graph"
)

// arrays checks that every array is there, with its shape and finite, and that there is no other.
func (c *Case) arrays(f file) error {
	layout, err := graph.NewLayout(c.Network, c.Learner)
	if err != nil {
		return err
	}
	want := map[string][]int{}
	var names []string
	need := func(name string, shape ...int) {
		want[name] = shape
		names = append(names, name)
	}
	for _, p := range layout {
		if !c.fixes(p) {
			need(p.Name, p.Shape...)
		}
	}
	out := c.Network.Outputs()
	xs, xq := c.inputs["x_support"].Shape, c.inputs["x_query"].Shape
	need("x_support", append([]int{xs[0], xs[1]}, c.Network.Input...)...)
	need("y_support", xs[0], xs[1], out)
	m := 1
	if len(xq) > 0 {
		m = xq[0]
	}
	need("x_query", append([]int{m}, c.Network.Input...)...)
	need("y_query", m, out)

	if c.rewarded() {
		need("reward", xs[0], xs[1])
	}

	var wrong faults
	var missing []string
	for _, name := range names {
		a, ok := c.inputs[name]
		switch {
		case !ok:
			missing = append(missing, name)
			wrong.add("%s: missing, want an array of shape %v", name, want[name])
		case !slices.Equal(a.Shape, want[name]):
			wrong.add("%s: shape %v: want %v", name, a.Shape, want[name])
		}
		if i := slices.IndexFunc(a.Data, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }); i >= 0 {
			wrong.add("%s: %v at index %d: want finite numbers", name, a.Data[i], i)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.inputs)) {
		if want[name] != nil {
			continue
		}
		if p, ok := layout.Find(name); ok && c.fixes(p) {
			wrong.add("%s: learner.feedback.strength fixes the strength at %v: want no such array", name, c.Learner.Strength)
			continue
		}
		// What is missing is what is most likely meant.
		nearest := suggest.Closest(name, append(slices.Clone(missing), names...))
		wrong.add("%s: takes no part in this case: the nearest array that does is %s, of shape %v", name, nearest, want[nearest])
	}
	for l, layer := range f.Network {
		w, _ := layout.At(graph.Weight, l)
		if layer.In != w.Shape[1] {
			wrong.add("case.json: network[%d].in: have %d, but what lies below gives %d", l, layer.In, w.Shape[1])
		}
	}
	return errors.Join(wrong...)
}

// fixes reports whether case.json gives a parameter its value, and not an array.
func (c *Case) fixes(p graph.Param) bool { return c.strength && p.Group == graph.Strength }
