package graph_test

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/floats"
	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/graph"
)

// A whole episode is unrolled as one graph and run on two sine functions. What comes out is the loss
// after learning, and how it depends on each of the meta-parameters.
func Example() {
	task := data.Sine{Functions: 2, Steps: 3, Batch: 4, Query: 8}
	learner, err := graph.Preset("flp")
	if err != nil {
		fmt.Println(err)
		return
	}
	learner.InnerLR = 0.01 // plasticity of every synapse, to begin with
	u, err := graph.Unroll(graph.Config{
		Network:  graph.MLP(3, []int{8}, 1, 0, objective.MSE),
		Learners: []graph.NamedLearner{{Name: "flp", Learner: learner}},
		Steps:    6, Batch: 4, Query: 16, Dtype: tensor.Float64,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer u.Close()
	e, err := task.Sample(1, data.Train, 0, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	theta := u.Layout(0).Init(1)
	if err := errors.Join(u.Bind(e.Arrays()), u.SetParams(0, theta), u.Run()); err != nil {
		fmt.Println(err)
		return
	}
	gradient := make([]float64, len(theta))
	fmt.Printf("finite %v, loss %.3f\n", u.Gradient(0, gradient), u.Loss(0))
	for _, name := range []string{"W0", "B0", "alpha0", "beta0"} {
		p, _ := u.Layout(0).Find(name)
		fmt.Printf("∂loss/∂%s %v: norm %.3f\n", p.Name, p.Shape, floats.Norm(p.Of(gradient), 2))
	}
	// Output:
	// finite true, loss 28.999
	// ∂loss/∂W0 [8 3]: norm 32.267
	// ∂loss/∂B0 [8 1]: norm 15.051
	// ∂loss/∂alpha0 [8 3]: norm 443.305
	// ∂loss/∂beta0 [1]: norm 2.991
}

// The inner loop alone, one step after the other: memory is that of one step, however long the
// stream is. Here a gradient learner is told y = 2x.
func ExampleInner() {
	network := graph.MLP(1, []int{4}, 1, 0, objective.MSE)
	learner, err := graph.Preset("oml")
	if err != nil {
		fmt.Println(err)
		return
	}
	learner.InnerLR = 0.05
	inner, err := graph.NewInner(graph.Config{
		Network: network, Learners: []graph.NamedLearner{{Name: "sgd", Learner: learner}},
		Batch: 2, Query: 1, Dtype: tensor.Float64,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer inner.Close()
	layout, err := graph.NewLayout(network, learner)
	if err := errors.Join(err, inner.SetParams(0, layout.Init(1))); err != nil {
		fmt.Println(err)
		return
	}
	inner.Start()
	for t := range 101 {
		if t%50 == 0 {
			err = errors.Join(err, inner.Query([]float64{1}, []float64{2}))
			fmt.Printf("step %d: y(1) = %.2f, loss %.4f\n", t, inner.Predictions(0).Data[0], inner.Loss(0))
		}
		err = errors.Join(err, inner.Step([]float64{0.5, 1}, []float64{1, 2}))
	}
	fmt.Println(err)
	// Output:
	// step 0: y(1) = 3.64, loss 2.6940
	// step 50: y(1) = 2.05, loss 0.0030
	// step 100: y(1) = 2.03, loss 0.0006
	// <nil>
}
