package data

import (
	"fmt"

	"metaplast/data/fault"

	"gorgonia.org/tensor"
)

// Fill writes the inputs and the one-hot targets of examples of this plan,
//
//	x  [n,C,H,W]    n = len(examples)
//	y  [n,Outputs]
//
// over whatever the buffers held. So a long plan can be shown step by step from two buffers, with
// Support[t*N:(t+1)*N] for inner step t. It fails with a *ShapeError on buffers of another length
// and with a *ClassError on an example that the bank does not have or cannot read.
func (p *Plan) Fill(examples []Example, x, y []float64) error {
	b, n := p.bank, len(examples)
	size := b.size()
	if len(x) != n*size {
		return newShapeError("x", []int{len(x)}, []string{itoa(n * size)})
	}
	if len(y) != n*p.Outputs {
		return newShapeError("y", []int{len(y)}, []string{itoa(n * p.Outputs)})
	}
	clear(y)
	pixels := make([]uint8, size)
	area := size / b.spec.Shape[0]
	for i, e := range examples {
		if e.Unit < 0 || e.Unit >= p.Outputs {
			return fmt.Errorf("data: example %d has output unit %d, want one below %d", i, e.Unit, p.Outputs)
		}
		if err := b.Bytes(pixels, p.Split, e.Class, e.Drawing); err != nil {
			return err
		}
		for c := range b.spec.Levels {
			levels := &b.spec.Levels[c]
			from := pixels[c*area : (c+1)*area]
			to := x[i*size+c*area:][:len(from)]
			for j, v := range from {
				to[j] = levels[v]
			}
		}
		y[i*p.Outputs+e.Unit] = 1
	}
	return nil
}

// Episode reads all images of a plan. It fails like Fill, and with a *fault.Field for a plan of more
// than 2²⁷ numbers in one array.
func (p *Plan) Episode() (Episode, error) {
	size := p.bank.size()
	if n := max(len(p.Support), len(p.Query)); multiply(n, max(size, p.Outputs)) > maxEpisode {
		return Episode{}, &fault.Field{Path: "examples", Value: n,
			Want: fmt.Sprintf("at most %d to hold at once; use Fill step by step", maxEpisode/max(size, p.Outputs))}
	}
	sx, sy := make([]float64, len(p.Support)*size), make([]float64, len(p.Support)*p.Outputs)
	qx, qy := make([]float64, len(p.Query)*size), make([]float64, len(p.Query)*p.Outputs)
	if err := p.Fill(p.Support, sx, sy); err != nil {
		return Episode{}, err
	}
	if err := p.Fill(p.Query, qx, qy); err != nil {
		return Episode{}, err
	}
	dense := func(values []float64, shape ...int) *tensor.Dense {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))
	}
	t, n, s := p.Steps(), p.Batch, p.bank.spec.Shape
	return Episode{
		SupportX:    dense(sx, t, n, s[0], s[1], s[2]),
		SupportY:    dense(sy, t, n, p.Outputs),
		QueryX:      dense(qx, len(p.Query), s[0], s[1], s[2]),
		QueryY:      dense(qy, len(p.Query), p.Outputs),
		SupportTask: taskIndices(p.Support),
		QueryTask:   taskIndices(p.Query),
	}, nil
}

func taskIndices(examples []Example) []int {
	indices := make([]int, len(examples))
	for i, e := range examples {
		indices[i] = e.Task
	}
	return indices
}
