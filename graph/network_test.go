package graph_test

import (
	"testing"

	"metaplast/graph"
)

func TestNetworkValidate(t *testing.T) {
	dense := func(out int) graph.Layer {
		return graph.Layer{Kind: graph.DenseLayer, Out: out, Activation: graph.Linear, Plastic: true}
	}
	conv := graph.Layer{Kind: graph.ConvLayer, Out: 2, Kernel: 3, Stride: 1, Activation: graph.Relu}
	for name, n := range map[string]graph.Network{
		"no layers":      {Input: []int{3}, Loss: "mse"},
		"loss":           {Input: []int{3}, Loss: "mes", Layers: []graph.Layer{dense(1)}},
		"input":          {Input: []int{3, 4}, Loss: "mse", Layers: []graph.Layer{dense(1)}},
		"negative input": {Input: []int{-3}, Loss: "mse", Layers: []graph.Layer{dense(1)}},
		"negative out":   {Input: []int{3}, Loss: "mse", Layers: []graph.Layer{dense(-1)}},
		"relu output":    {Input: []int{3}, Loss: "mse", Layers: []graph.Layer{{Kind: graph.DenseLayer, Out: 1, Activation: graph.Relu}}},
		"conv on vector": {Input: []int{3}, Loss: "mse", Layers: []graph.Layer{conv, dense(1)}},
		"conv too large": {Input: []int{1, 2, 2}, Loss: "mse", Layers: []graph.Layer{conv, dense(1)}},
		"huge":           {Input: []int{1 << 20}, Loss: "mse", Layers: []graph.Layer{dense(1 << 20)}},
	} {
		if err := n.Validate(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := (graph.Network{Input: []int{1, 5, 5}, Loss: "cross_entropy", Layers: []graph.Layer{conv, dense(4)}}).Validate(); err != nil {
		t.Error(err)
	}
}
