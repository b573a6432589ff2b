package engine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/internal/graphtest"
	"metaplast/graph/op"
)

// network is the mean squared error of a small net with softmax in the middle: smooth, and
// with derivatives of every order.
func network(b *op.Builder, x, w, v, y *G.Node) *G.Node {
	return b.MSE(b.MatMul(b.Softmax(b.MatMul(x, w, op.N, op.T)), v, op.N, op.T), y)
}

// TestGradTwice calls Grad again on one graph: the same bits for the same cost, and right
// second derivatives for a cost made of first ones.
func TestGradTwice(t *testing.T) {
	b := op.New(tensor.Float64)
	wData, vData := graphtest.Normals("w", 12, 1), graphtest.Normals("v", 8, 1)
	x, y := graphtest.Bound(t, b, "x", graphtest.Normals("x", 15, 1), 5, 3), graphtest.Bound(t, b, "y", graphtest.Normals("y", 10, 1), 5, 2)
	w, v := graphtest.Bound(t, b, "w", wData, 4, 3), graphtest.Bound(t, b, "v", vData, 2, 4)
	cost := network(b, x, w, v, y)

	first := graphtest.Gradients(t, b, cost, w, v)
	again := graphtest.Gradients(t, b, cost, w, v)
	values := graphtest.Evaluate(t, b, append(first, again...)...)
	graphtest.SameBits(t, "w, second call", values[2], values[0])
	graphtest.SameBits(t, "v, second call", values[3], values[1])

	// ⟨r, ∂L/∂w⟩ + ⟨∂L/∂v, ∂L/∂v⟩ mixes all second derivatives.
	r := graphtest.Bound(t, b, "r", graphtest.Normals("r", 12, 1), 4, 3)
	second := b.Add(b.Dot(first[0], r), b.Dot(first[1], first[1]))
	for name, cost := range map[string]*G.Node{"order 1": cost, "order 2": second} {
		g := graphtest.Gradients(t, b, cost, w, v)
		claimed := graphtest.Evaluate(t, b, g...)
		f := func() float64 { return graphtest.Evaluate(t, b, cost)[0][0] }
		graphtest.Differences(t, name+", w", f, wData, claimed[0])
		graphtest.Differences(t, name+", v", f, vData, claimed[1])
	}
	third := graphtest.Gradients(t, b, b.Dot(graphtest.Gradients(t, b, second, w)[0], r), w)
	claimed := graphtest.Evaluate(t, b, third...)
	of := b.Dot(graphtest.Gradients(t, b, second, w)[0], r)
	graphtest.Differences(t, "order 3, w", func() float64 { return graphtest.Evaluate(t, b, of)[0][0] }, wData, claimed[0])
}

// TestGradThroughDescent differentiates through three steps of gradient descent whose
// gradients come from Grad themselves, by the initial weights and by the rate.
func TestGradThroughDescent(t *testing.T) {
	b := op.New(tensor.Float64)
	wData, vData, rateData := graphtest.Normals("w", 12, 1), graphtest.Normals("v", 8, 1), []float64{0.3}
	w0, v0, rate := graphtest.Bound(t, b, "w", wData, 4, 3), graphtest.Bound(t, b, "v", vData, 2, 4), graphtest.Bound(t, b, "rate", rateData, 1)
	w, v := w0, v0
	data := func(step string) (x, y *G.Node) {
		return graphtest.Bound(t, b, "x"+step, graphtest.Normals("x"+step, 15, 1), 5, 3), graphtest.Bound(t, b, "y"+step, graphtest.Normals("y"+step, 10, 1), 5, 2)
	}
	for _, step := range []string{"0", "1", "2"} {
		x, y := data(step)
		g := graphtest.Gradients(t, b, network(b, x, w, v, y), w, v)
		w, v = b.Sub(w, b.ScaleBy(g[0], rate)), b.Sub(v, b.ScaleBy(g[1], rate))
	}
	x, y := data("query")
	outer := network(b, x, w, v, y)
	claimed := graphtest.Evaluate(t, b, graphtest.Gradients(t, b, outer, w0, v0, rate)...)
	vm, err := engine.Sequential(b, []*G.Node{outer})
	if err != nil {
		t.Fatal(err)
	}
	f := func() float64 {
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		return outer.Value().Data().([]float64)[0]
	}
	graphtest.Differences(t, "w", f, wData, claimed[0])
	graphtest.Differences(t, "v", f, vData, claimed[1])
	graphtest.Differences(t, "rate", f, rateData, claimed[2])
}

// TestGradOfInner asks for the gradient by nodes that are not inputs, the cost among them.
func TestGradOfInner(t *testing.T) {
	b := op.New(tensor.Float64)
	x := graphtest.Bound(t, b, "x", []float64{1, -2, 3}, 3)
	y := b.Mul(x, x)
	cost := b.Dot(y, y)
	values := graphtest.Evaluate(t, b, graphtest.Gradients(t, b, cost, x, y, cost)...)
	graphtest.SameBits(t, "x", values[0], []float64{4, -32, 108}) // 4x³
	graphtest.SameBits(t, "y", values[1], []float64{2, 8, 18})    // 2y
	graphtest.SameBits(t, "cost", values[2], []float64{1})
}

func TestGradNoPath(t *testing.T) {
	b := op.New(tensor.Float64)
	x := graphtest.Bound(t, b, "x", []float64{1, -2, 3}, 3)
	other := graphtest.Bound(t, b, "other", []float64{1, 1, 1}, 3)
	stopped := b.StopGradient(x)
	after := b.Scale(b.Dot(x, x), 2) // reads x, but the cost does not read it
	cost := b.Dot(stopped, b.Scale(other, 3))
	g, err := engine.Grad(b, cost, x, other, stopped, after)
	if err != nil {
		t.Fatal(err)
	}
	if g[0] != nil || g[3] != nil {
		t.Errorf("%v, %v: want nil where no differentiable path leads to the cost", g[0], g[3])
	}
	values := graphtest.Evaluate(t, b, g[1], g[2])
	graphtest.SameBits(t, "other", values[0], []float64{3, -6, 9})
	graphtest.SameBits(t, "stopped", values[1], []float64{3, 3, 3})
}

func TestGradErrors(t *testing.T) {
	b := op.New(tensor.Float64)
	x := graphtest.Bound(t, b, "x", []float64{1, -2, 3}, 3)
	for name, cost := range map[string]*G.Node{"nil": nil, "vector": x} {
		if _, err := engine.Grad(b, cost, x); err == nil || !strings.Contains(err.Error(), "[1]") {
			t.Errorf("%s: %v: want an error that asks for a cost of shape [1]", name, err)
		}
	}
	b.Add(x, b.Dot(x, x))
	if _, err := engine.Grad(b, x, x); err == nil || err != b.Err() {
		t.Errorf("%v: want the error of the Builder, %v", err, b.Err())
	}
}

// TestGradRestoresLabel checks that Grad leaves the Builder's label as it was.
func TestGradRestoresLabel(t *testing.T) {
	b := op.New(tensor.Float64)
	x := graphtest.Bound(t, b, "x", []float64{1, -2, 3}, 3)
	at := op.Label{Learner: "l", Step: 3, Layer: 2, Array: "W"}
	b.At(at)
	cost := b.Dot(x, x)
	g := graphtest.Gradients(t, b, cost, x)
	if former := b.At(op.Label{}); former != at {
		t.Errorf("label %v after Grad: want %v", former, at)
	}
	want := at
	want.Backward = true
	if have, ok := op.LabelOf(g[0]); !ok || have != want {
		t.Errorf("label of the gradient %v: want %v", have, want)
	}
}

// TestGradLeavesNodesAlone checks that nothing is stored in the nodes, which is how
// Gorgonia's own Grad goes wrong the second time.
func TestGradLeavesNodesAlone(t *testing.T) {
	b := op.New(tensor.Float64)
	x := graphtest.Bound(t, b, "x", []float64{1, -2, 3}, 3)
	cost := b.Dot(b.Mul(x, x), x)
	first := graphtest.Gradients(t, b, cost, x)
	for _, n := range b.Graph().AllNodes() {
		if n.Deriv() != nil {
			t.Errorf("%v has a derivative stored in it", n)
		}
	}
	second := graphtest.Gradients(t, b, b.Dot(first[0], b.OnesLike(first[0])), x)
	graphtest.SameBits(t, "6x", graphtest.Evaluate(t, b, second[0])[0], []float64{6, -12, 18})
}

// TestGorgoniaGradUnused reads the sources of the module: Gorgonia's Grad, which returns
// first-order values the second time without an error, is called nowhere but in tests.
func TestGorgoniaGradUnused(t *testing.T) {
	files := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		files++
		name := ""
		for _, i := range f.Imports {
			if i.Path.Value == `"gorgonia.org/gorgonia"` {
				name = "gorgonia"
				if i.Name != nil {
					name = i.Name.Name
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if id, ok := s.X.(*ast.Ident); ok && name != "" && id.Name == name {
				switch s.Sel.Name {
				case "Grad", "Backpropagate", "BindDualValues", "NewLispMachine":
					t.Errorf("%v uses gorgonia's %s: use engine.Grad", set.Position(s.Pos()), s.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 30 {
		t.Errorf("%d files read: want the whole module", files)
	}
}
