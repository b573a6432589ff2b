package graph_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph"
	"metaplast/graph/op"
)

// TestPartOutlivesWhole reads a gradient by a range of rows after the gradient by all of them,
// which it is written into with checkpoints, has been overwritten.
func TestPartOutlivesWhole(t *testing.T) {
	for remat := range 3 {
		b := op.New(tensor.Float64)
		x, c := bound(t, b, "x", normals("part x", 64, 1), 4, 16), bound(t, b, "c", normals("part c", 32, 1), 2, 16)
		rows := b.Rows(x, 0, 2)
		cost := b.Dot(rows, c)
		g := gradients(t, b, cost, x, rows)
		whole := b.Scale(g[0], 3)
		part := b.Scale(g[1], 5)
		vm, err := graph.Planned(graph.Options{Remat: remat})(b, []*G.Node{whole, part})
		if err != nil {
			t.Fatal(err)
		}
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		sameBits(t, "part", part.Value().Data().([]float64), times(c.Value().Data().([]float64), 5))
	}
}
