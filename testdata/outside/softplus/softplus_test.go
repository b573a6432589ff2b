package softplus

import (
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules/rulestest"
)

func TestSoftplus(t *testing.T) {
	rulestest.CheckOp(t, rulestest.Op{
		Name:   "Softplus",
		Shapes: [][]int{{3, 4}},
		Build:  func(b *op.Builder, in []*G.Node) *G.Node { return Softplus(b, in[0]) },
	}, rulestest.Options{})
}

func TestSigmoid(t *testing.T) {
	rulestest.CheckOp(t, rulestest.Op{
		Name:   "Sigmoid",
		Shapes: [][]int{{5}},
		Build:  func(b *op.Builder, in []*G.Node) *G.Node { return Sigmoid(b, in[0]) },
	}, rulestest.Options{})
}
