package engine_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
)

// TestPartOutlivesWhole reads a gradient by a range of rows after the gradient by all of them,
// which it is written into with checkpoints, has been overwritten.
func TestPartOutlivesWhole(t *testing.T) {
	for remat := range 3 {
		b := op.New(tensor.Float64)
		x, c := graphtest.Bound(t, b, "x", graphtest.Normals("part x", 64, 1), 4, 16), graphtest.Bound(t, b, "c", graphtest.Normals("part c", 32, 1), 2, 16)
		rows := b.Rows(x, 0, 2)
		cost := b.Dot(rows, c)
		g := graphtest.Gradients(t, b, cost, x, rows)
		whole := b.Scale(g[0], 3)
		part := b.Scale(g[1], 5)
		vm, err := engine.Planned(engine.Options{Remat: remat})(b, []*G.Node{whole, part})
		if err != nil {
			t.Fatal(err)
		}
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		graphtest.SameBits(t, "part", part.Value().Data().([]float64), graphtest.Times(c.Value().Data().([]float64), 5))
	}
}
