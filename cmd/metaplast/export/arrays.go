package export

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/npz"
	"metaplast/graph"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/evaluate"
)

// Learner is one learner of a run, with what was recorded of it.
type Learner struct {
	evaluate.Subject
	Trace *analysis.Trace
}

func named(name string, shape []int, values []float64) npz.Named {
	return npz.Named{Name: name, Array: npz.Array{Shape: slices.Clone(shape), Data: values}}
}

// Parameters are the meta-parameters of all learners: <learner>/<name>, shapes and names those of
// graph.Layout.
func Parameters(learners []Learner) []npz.Named {
	var a []npz.Named
	for _, l := range learners {
		for _, p := range l.Layout {
			a = append(a, named(l.Name+"/"+p.Name, p.Shape, p.Of(l.Theta)))
		}
	}
	return a
}

// Episode is an episode and what learners made of it. T inner steps of N examples, M queries, F
// classes or functions; K recorded steps.
//
//	x_support [T,N,…]  y_support [T,N,n_L]  task_support [T,N]
//	x_query [M,…]      y_query [M,n_L]      task_query [M]
//	reward_support [T,N]                  of tasks that give one
//	steps [K]                             the recorded inner steps
//	<learner>/fast_W{l} [K+1,out,in]      W before each recorded step, and W(T)
//	<learner>/update_W{l} [K,out,in]      ΔW of the step
//	<learner>/gradient_W{l} [K,out,in]    ∇W of the step's mean loss at W
//	<learner>/fast_b{l} …                 [K+1,out], the same of biases where they are plastic
//	<learner>/final_state.NAME.{l}        s(T): variables of rules that have some, and
//	<learner>/final_state_b.NAME.{l}      those of the synapses of plastic biases
//	<learner>/loss [K]                    of the step's examples at W
//	<learner>/query_loss [1]              with W(T)
//	<learner>/query_h{l} [M,…]            activities of the queries with W(T); the last are outputs
//
// Convolutions have [out,in,k,k] for [out,in].
func Episode(ep data.Episode, learners []Learner) []npz.Named {
	steps, batch := ep.SupportX.Shape()[0], ep.SupportX.Shape()[1]
	dense := func(name string, d *tensor.Dense) npz.Named { return named(name, d.Shape(), d.Data().([]float64)) }
	a := []npz.Named{
		dense("x_support", ep.SupportX), dense("y_support", ep.SupportY), named("task_support", []int{steps, batch}, numbers(ep.SupportTask)),
		dense("x_query", ep.QueryX), dense("y_query", ep.QueryY), named("task_query", []int{len(ep.QueryTask)}, numbers(ep.QueryTask)),
	}
	if ep.SupportReward != nil {
		a = append(a, dense("reward_support", ep.SupportReward))
	}
	for i, l := range learners {
		t := l.Trace
		if i == 0 {
			a = append(a, named("steps", []int{len(t.Steps)}, numbers(t.Steps)))
		}
		for _, p := range t.Fast {
			for _, part := range []struct {
				name string
				of   [][]float64
			}{{"fast_", t.Weights}, {"update_", t.Updates}, {"gradient_", t.Gradients}} {
				a = append(a, named(l.Name+"/"+part.name+p.Name, append([]int{len(part.of)}, p.Shape...), stack(p, part.of)))
			}
		}
		for _, v := range t.Memory {
			a = append(a, named(l.Name+"/final_"+v.Name, v.Shape, v.Of(t.State)))
		}
		a = append(a, named(l.Name+"/loss", []int{len(t.Losses)}, t.Losses), named(l.Name+"/query_loss", []int{1}, []float64{t.QueryLoss}))
		for _, h := range t.Activities {
			a = append(a, named(l.Name+"/query_"+h.Name, h.Shape, h.Data))
		}
	}
	return a
}

// Values is the number of values of an episode with the traces of some learners, before there
// are any: k recorded steps.
func Values(spec data.Spec, k int, subjects []evaluate.Subject) (int, error) {
	inputs := 1
	for _, d := range spec.Inputs {
		inputs *= d
	}
	total := (spec.Steps*spec.Batch + spec.Query) * (inputs + spec.Outputs + 1)
	for _, s := range subjects {
		n, err := analysis.TraceLen(s, k)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", s.Name, err)
		}
		total += n
	}
	return total, nil
}

// stack puts one array of every vector end to end.
func stack(p graph.Param, of [][]float64) []float64 {
	s := make([]float64, 0, p.Size*len(of))
	for _, v := range of {
		s = append(s, p.Of(v)...)
	}
	return s
}

func numbers(list []int) []float64 {
	f := make([]float64, len(list))
	for i, v := range list {
		f[i] = float64(v)
	}
	return f
}
