package metagrad

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"metaplast/data/npz"
	"metaplast/graph"
)

// arrays checks that every array is there, with its shape and finite.
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
		need(p.Name, p.Shape...)
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

	var faults []error
	for _, name := range names {
		a, ok := c.inputs[name]
		switch {
		case !ok:
			faults = append(faults, fmt.Errorf("%s: missing, want an array of shape %v", name, want[name]))
		case !slices.Equal(a.Shape, want[name]):
			faults = append(faults, fmt.Errorf("%s: shape %v: want %v", name, a.Shape, want[name]))
		}
		if i := slices.IndexFunc(a.Data, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }); i >= 0 {
			faults = append(faults, fmt.Errorf("%s: %v at index %d: want finite numbers", name, a.Data[i], i))
		}
	}
	for l, layer := range f.Network {
		w, _ := layout.Find(fmt.Sprintf("W%d", l))
		if layer.In != w.Shape[1] {
			faults = append(faults, fmt.Errorf("case.json: network[%d].in: have %d, but what lies below gives %d", l, layer.In, w.Shape[1]))
		}
	}
	return errors.Join(faults...)
}

// Unused returns the names of the arrays that take no part in the computation.
func (c *Case) Unused() []string {
	layout, err := graph.NewLayout(c.Network, c.Learner)
	if err != nil {
		return nil
	}
	var names []string
	for name := range c.inputs {
		if _, ok := layout.Find(name); !ok && !slices.Contains([]string{"x_support", "y_support", "x_query", "y_query"}, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Run unrolls the case in one graph and computes its results in the given type on a machine
// (nil for the default one). A loss or gradient that is NaN or Inf is an error that names the
// inner step, layer and array where it arose. Arrays that take no part get a zero gradient.
func (c *Case) Run(dtype tensor.Dtype, machine graph.Machine) ([]npz.Named, error) {
	xs, xq := c.inputs["x_support"].Shape, c.inputs["x_query"].Shape
	u, err := graph.Unroll(graph.Config{
		Network: c.Network, Learners: []graph.NamedLearner{{Name: "case", Learner: c.Learner}},
		Steps: xs[0], Batch: xs[1], Query: xq[0], Dtype: dtype, Machine: machine,
	})
	if err != nil {
		return nil, err
	}
	defer u.Close()
	layout := u.Layout(0)
	theta := make([]float64, layout.Total())
	for _, p := range layout {
		copy(p.Of(theta), c.inputs[p.Name].Data)
	}
	if err := u.SetParams(0, theta); err != nil {
		return nil, err
	}
	if err := u.Bind(c.tensor("x_support"), c.tensor("y_support"), c.tensor("x_query"), c.tensor("y_query")); err != nil {
		return nil, err
	}
	if err := u.Run(); err != nil {
		return nil, err
	}
	grad := make([]float64, layout.Total())
	if !u.Gradient(0, grad) {
		d, err := u.Diagnose(0)
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("the episode diverges: %w", d)
	}
	single := dtype == tensor.Float32
	named := func(name string, shape []int, data []float64) npz.Named {
		return npz.Named{Name: name, Array: npz.Array{Shape: shape, Data: data, Float32: single}}
	}
	result := []npz.Named{named("loss", []int{1}, []float64{u.Loss(0)})}
	for _, a := range u.FinalWeights(0) {
		result = append(result, named(a.Name, a.Shape, a.Data))
	}
	for _, p := range layout {
		result = append(result, named("grad_"+p.Name, p.Shape, p.Of(grad)))
	}
	for _, name := range c.Unused() {
		a := c.inputs[name]
		result = append(result, named("grad_"+name, a.Shape, make([]float64, len(a.Data))))
	}
	return result, nil
}

func (c *Case) tensor(name string) *tensor.Dense {
	a := c.inputs[name]
	return tensor.New(tensor.WithShape(a.Shape...), tensor.WithBacking(a.Data))
}
