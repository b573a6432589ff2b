package analysis

import (
	"context"
	"fmt"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
)

// Trace is one episode of one learner, recorded.
//
//	Weights[k]    W(Steps[k]), every fast weight in the order of Fast; Weights[K] is W(T)
//	Updates[k]    ΔW of inner step Steps[k]
//	Gradients[k]  ∇W of the mean loss on the examples of that step, at W(Steps[k])
//	Losses[k]     that loss
//
// Numbers are NaN or infinite where the learner diverges.
type Trace struct {
	Fast                        graph.Layout
	Steps                       []int // [K] recorded inner steps
	Weights, Updates, Gradients [][]float64
	Losses                      []float64

	Memory graph.Layout // of the rules' variables
	State  []float64    // s(T), in that order

	QueryLoss  float64       // with W(T)
	Activities []graph.Array // of the query examples with W(T): h1, …, hL; the last are the predictions
}

// TraceLen is the number of values that a trace of a learner holds in Weights, Updates, Gradients and
// State, for k recorded steps.
func TraceLen(s evaluate.Subject, k int) (int, error) {
	n := s.Graph.Network
	l := s.Graph.Learners[0].Learner
	layout, err := graph.NewLayout(n, l)
	if err != nil {
		return 0, err
	}
	total := 0
	plastic := n.Plastic(l)
	for _, p := range layout {
		if p.Role == graph.Weight && plastic[p.Layer] || p.Role == graph.Bias && plastic[p.Layer] && l.PlasticBias {
			total += p.Size
		}
	}
	memory, err := graph.NewMemory(n, l)
	return total*(3*k+1) + memory.Total(), err
}

// Record takes a subject through an episode and keeps every `every`-th inner step from the first
// on. Everything is computed in double precision. Cost: T inner steps, and a gradient for each
// that is kept; memory is that of the result, see TraceLen.
func Record(ctx context.Context, s evaluate.Subject, ep data.Episode, every int) (tr *Trace, err error) {
	if every < 1 {
		return nil, fmt.Errorf("analysis: every %d-th inner step: want at least 1", every)
	}
	if n := len(s.Graph.Learners); n != 1 {
		return nil, fmt.Errorf("analysis: %s: %d learners: want one", s.Name, n)
	}
	shape := ep.SupportX.Shape()
	p, err := graph.NewProbe(probed(s, data.Spec{Steps: shape[0], Batch: shape[1], Reward: ep.SupportReward != nil}, ep.QueryX.Shape()[0]))
	if err != nil {
		return nil, fmt.Errorf("analysis: %s: %w", s.Name, err)
	}
	defer func() {
		if e := p.Close(); err == nil {
			err = e
		}
	}()
	if err := p.SetParams(0, s.Theta); err != nil {
		return nil, fmt.Errorf("analysis: %s: %w", s.Name, err)
	}
	p.Start()
	tr = &Trace{Fast: p.Fast(0), Memory: p.Memory(0)}
	read := func(f func(int, []float64)) []float64 {
		v := make([]float64, tr.Fast.Total())
		f(0, v)
		return v
	}
	x, y := ep.SupportX.Data().([]float64), ep.SupportY.Data().([]float64)
	nx, ny := len(x)/shape[0], len(y)/shape[0]
	for t := range shape[0] {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		bx, by := x[t*nx:(t+1)*nx], y[t*ny:(t+1)*ny]
		if err := p.BindReward(ep.Reward(t)); err != nil {
			return nil, err
		}
		if t%every != 0 {
			if err := p.Step(bx, by); err != nil {
				return nil, err
			}
			continue
		}
		if err := p.Measure(bx, by); err != nil {
			return nil, err
		}
		tr.Steps, tr.Losses = append(tr.Steps, t), append(tr.Losses, p.StepLoss(0))
		tr.Weights, tr.Gradients = append(tr.Weights, read(p.Weights)), append(tr.Gradients, read(p.FastGradient))
		if err := p.Step(bx, by); err != nil {
			return nil, err
		}
		tr.Updates = append(tr.Updates, read(p.Update))
	}
	tr.Weights = append(tr.Weights, read(p.Weights))
	tr.State = make([]float64, tr.Memory.Total())
	p.State(0, tr.State)
	if err := p.Query(ep.QueryX.Data().([]float64), ep.QueryY.Data().([]float64)); err != nil {
		return nil, err
	}
	tr.QueryLoss, tr.Activities = p.Loss(0), p.Activities(0)
	return tr, nil
}
