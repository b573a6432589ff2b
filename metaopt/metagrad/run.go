package metagrad

import (
	"fmt"

	"gorgonia.org/tensor"

	"metaplast/data/npz"
	"metaplast/graph"
	"metaplast/graph/engine"
)

// Run unrolls the case in one graph and computes its results in the given type on a machine
// (nil for the default one). A loss or gradient that is NaN or Inf is an error that names the
// inner step, layer and array where it arose. Arrays of groups that are not learned get a zero
// gradient.
func (c *Case) Run(dtype tensor.Dtype, machine engine.Machine) ([]npz.Named, error) {
	cfg := c.config()
	cfg.Dtype, cfg.Machine = dtype, machine
	u, err := graph.Unroll(cfg)
	if err != nil {
		return nil, err
	}
	defer u.Close()
	layout := u.Layout(0)
	theta := make([]float64, layout.Total())
	for _, p := range layout {
		if c.fixes(p) {
			p.Of(theta)[0] = c.Learner.Strength
			continue
		}
		copy(p.Of(theta), c.inputs[p.Name].Data)
	}
	if err := u.SetParams(0, theta); err != nil {
		return nil, err
	}
	if err := u.Bind(c.inputs["x_support"].Data, c.inputs["y_support"].Data, c.inputs["x_query"].Data, c.inputs["y_query"].Data); err != nil {
		return nil, err
	}
	if c.rewarded() {
		if err := u.BindReward(c.inputs["reward"].Data); err != nil {
			return nil, err
		}
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
	for _, a := range append(u.FinalWeights(0), u.FinalState(0)...) {
		result = append(result, named(a.Name, a.Shape, a.Data))
	}
	for _, p := range layout {
		if !c.fixes(p) {
			result = append(result, named(graph.GradientPrefix+p.Name, p.Shape, p.Of(grad)))
		}
	}
	return result, nil
}
