// Package episode unrolls an episode of a learner whose rule and pathway are one's own.
package episode

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/floats"
	"gorgonia.org/tensor"

	"example.org/outside/broadcast"
	"example.org/outside/outstar"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/rules"
)

// Two sine functions are learned one after the other, three inner steps each. The loss is that
// after learning, and the gradients say how it depends on what the learner began with.
func Example() {
	err := errors.Join(rules.Register(outstar.Outstar{}), rules.RegisterPathway(broadcast.Broadcast{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	learner, err := graph.Preset("flp")
	if err != nil {
		fmt.Println(err)
		return
	}
	learner.Rule, learner.Pathway, learner.InnerLR = "outstar", "broadcast", 0.001
	u, err := graph.Unroll(graph.Config{
		Network:  graph.MLP(3, []int{8}, 1, 0, objective.MSE),
		Learners: []graph.NamedLearner{{Name: "mine", Learner: learner}},
		Steps:    6, Batch: 4, Query: 16, Dtype: tensor.Float64,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer u.Close()
	e, err := data.Sine{Functions: 2, Steps: 3, Batch: 4, Query: 8}.Sample(1, data.Train, 0, 0)
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
	for _, name := range []string{"W0", "B0", "alpha0"} {
		p, _ := u.Layout(0).Find(name)
		fmt.Printf("∂loss/∂%s %v: norm %.3f\n", p.Name, p.Shape, floats.Norm(p.Of(gradient), 2))
	}
	// Output:
	// finite true, loss 14.779
	// ∂loss/∂W0 [8 3]: norm 20.004
	// ∂loss/∂B0 [8 1]: norm 0.461
	// ∂loss/∂alpha0 [8 3]: norm 649.822
}
