package config

import (
	"fmt"
	"math/big"

	"metaplast/graph"
	"metaplast/graph/op"
)

// Bounds of what a run takes as a whole, for the same purpose as those of single fields.
const (
	maxParams   = 1 << 31 // weights of all learners together, and gradients of a meta-batch
	maxFast     = 1 << 36 // weights of all inner steps and learners: what the graph of an episode holds
	maxNodes    = 1 << 24 // layers of all inner steps and learners
	maxActivity = 1 << 34 // activities of all examples of an episode and all learners
)

// times is a product of numbers of any size. Every field is legal by itself, but products of them
// have no bound.
func times(ns ...int) *big.Int {
	p := big.NewInt(1)
	for _, n := range ns {
		p.Mul(p, big.NewInt(int64(n)))
	}
	return p
}

// sizes bounds what the run takes. All fields are legal by themselves.
func (c *Config) sizes() []error {
	var faults []error
	g := c.Graph()
	weights, units, in := new(big.Int), new(big.Int), g.Network.Input
	for l, layer := range g.Network.Layers {
		if layer.Kind == graph.ConvLayer {
			out, err := op.ConvOutput(in[0], in[1], in[2], layer.Out, layer.Kernel, layer.Stride, layer.Pad)
			if err != nil {
				return []error{fmt.Errorf("network.conv[%d]: %w", l, err)}
			}
			weights.Add(weights, times(in[0], layer.Kernel, layer.Kernel, layer.Out))
			units.Add(units, times(out...))
			in = out
			continue
		}
		weights.Add(weights, times(append([]int{layer.Out}, in...)...))
		units.Add(units, times(layer.Out))
		in = []int{layer.Out}
	}
	bound := func(what string, limit int64, factors ...*big.Int) {
		p := times()
		for _, f := range factors {
			p.Mul(p, f)
		}
		if p.Cmp(big.NewInt(limit)) > 0 {
			faults = append(faults, fmt.Errorf("%s, want at most %d", what, limit))
		}
	}
	n, steps := len(c.Learners), times(g.Steps)
	learners := times(n)
	bound(fmt.Sprintf("network: %v weights × %d learners × meta.batch %d", weights, n, c.Meta.Batch), maxParams, weights, learners, times(c.Meta.Batch))
	bound(fmt.Sprintf("task: %d inner steps × %v weights × %d learners", g.Steps, weights, n), maxFast, steps, weights, learners)
	examples := times(g.Steps, g.Batch)
	examples.Add(examples, c.Task.queries())
	bound(fmt.Sprintf("task: %v examples × %v units × %d learners", examples, units, n), maxActivity, examples, units, learners)
	bound(fmt.Sprintf("task: %d inner steps × %d layers × %d learners", g.Steps, len(g.Network.Layers), n), maxNodes, steps, times(len(g.Network.Layers)), learners)
	return faults
}

// queries is the number of query examples of an episode.
func (t Task) queries() *big.Int {
	if t.Own != nil {
		return times(t.Own.Spec().Query)
	}
	if !t.ofImages() {
		return times(t.Functions, t.Query)
	}
	m := times(t.Ways, t.Query)
	return m.Add(m, times(t.Remember))
}
