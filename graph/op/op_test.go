package op_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"metaplast/data/stream"
	"metaplast/graph/engine"
	"metaplast/graph/op"
)

// inputs makes one bound input node per shape, with values drawn from a seeded stream and
// kept away from the kink of relu.
func inputs(t rapid.TB, b *op.Builder, name string, shapes [][]int) []*G.Node {
	t.Helper()
	r := stream.New(1, "test/op/"+name, 0, 0)
	nodes := make([]*G.Node, len(shapes))
	for i, s := range shapes {
		nodes[i] = b.Input(fmt.Sprintf("%s/%d", name, i), s...)
		if b.Err() != nil {
			t.Fatal(b.Err())
		}
		v := tensor.New(tensor.WithShape(s...), tensor.Of(b.Dtype()))
		draw := func() float64 {
			x := r.NormFloat64()
			return x + math.Copysign(0.05, x)
		}
		switch d := v.Data().(type) {
		case []float64:
			for j := range d {
				d[j] = draw()
			}
		case []float32:
			for j := range d {
				d[j] = float32(draw())
			}
		}
		if err := G.Let(nodes[i], v); err != nil {
			t.Fatal(err)
		}
	}
	return nodes
}

// cost turns a result into a number that is curved in it: ⟨n, v⟩ + ⟨n∘n, w⟩ with fixed v, w.
func cost(t rapid.TB, b *op.Builder, name string, n *G.Node) *G.Node {
	t.Helper()
	if b.Err() != nil {
		t.Fatal(b.Err())
	}
	w := inputs(t, b, name+"/weights", [][]int{n.Shape(), n.Shape()})
	return b.Add(b.Dot(n, w[0]), b.Dot(b.Mul(n, n), w[1]))
}

func run(t rapid.TB, m engine.Machine, b *op.Builder, outputs ...*G.Node) {
	t.Helper()
	vm, err := m(b, outputs)
	if err != nil {
		t.Fatal(err)
	}
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
}

func floats(n *G.Node) []float64 { return n.Value().Data().([]float64) }

// TestDerivatives checks the first and second derivative of every op by central
// differences with two step sizes: the error must be small and, unless it is already
// rounding, fall about fourfold when the step is halved.
func TestDerivatives(t *testing.T) {
	for _, c := range opCases {
		t.Run(c.name, func(t *testing.T) {
			b := op.New(tensor.Float64)
			in := inputs(t, b, c.name, c.shapes)
			free := in[:0:0]
			for i, n := range in {
				isFixed := false
				for _, f := range c.fixed {
					isFixed = isFixed || f == i
				}
				if !isFixed {
					free = append(free, n)
				}
			}
			first := cost(t, b, c.name, c.build(b, in))
			g1, err := engine.Grad(b, first, free...)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, b, "order 1", first, free, g1)

			// The second order differentiates the derivative's own nodes.
			var second *G.Node
			for i, g := range g1 {
				term := cost(t, b, fmt.Sprintf("%s/order 2/%d", c.name, i), g)
				if second == nil {
					second = term
				} else {
					second = b.Add(second, term)
				}
			}
			g2, err := engine.Grad(b, second, free...)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, b, "order 2", second, free, g2)
		})
	}
}

func compare(t *testing.T, b *op.Builder, what string, cost *G.Node, at, grads []*G.Node) {
	t.Helper()
	outputs := []*G.Node{cost}
	for _, g := range grads {
		if g != nil {
			outputs = append(outputs, g)
		}
	}
	vm, err := engine.Sequential(b, outputs)
	if err != nil {
		t.Fatal(err)
	}
	eval := func() float64 {
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		return floats(cost)[0]
	}
	eval()
	exact := make([][]float64, len(grads))
	scale := 1e-3
	for i, g := range grads {
		exact[i] = make([]float64, len(floats(at[i])))
		if g != nil {
			copy(exact[i], floats(g))
		}
		for _, v := range exact[i] {
			scale = math.Max(scale, math.Abs(v))
		}
	}
	const h = 2e-4
	for i, n := range at {
		x := floats(n)
		for j := range x {
			difference := func(h float64) float64 {
				keep := x[j]
				x[j] = keep + h
				up := eval()
				x[j] = keep - h
				down := eval()
				x[j] = keep
				return math.Abs((up-down)/(2*h)-exact[i][j]) / scale
			}
			wide, narrow := difference(2*h), difference(h)
			if narrow > 1e-6 || (narrow > 1e-9 && narrow > wide/3) {
				t.Errorf("%s: operand %d[%d]: error %.2g with step %g, %.2g with step %g: want it to fall fourfold", what, i, j, wide, 2*h, narrow, h)
			}
		}
	}
}

// TestGateFixed checks that nothing flows to an operand that an op is constant in.
func TestGateFixed(t *testing.T) {
	b := op.New(tensor.Float64)
	in := inputs(t, b, "fixed", [][]int{{3, 2}, {3, 2}})
	for name, n := range map[string]*G.Node{"Gate": b.Gate(in[0], in[1]), "StopGradient": b.StopGradient(in[1]), "OnesLike": b.OnesLike(in[1])} {
		g, err := engine.Grad(b, cost(t, b, "fixed/"+name, n), in[1])
		if err != nil {
			t.Fatal(err)
		}
		if g[0] != nil {
			t.Errorf("%s: gradient %v: want none", name, g[0])
		}
	}
}

// TestFloat32 compares every op with itself in double precision, on both machines.
func TestFloat32(t *testing.T) {
	for _, c := range opCases {
		for name, m := range map[string]engine.Machine{"sequential": engine.Sequential, "tape": engine.Tape} {
			b64, b32 := op.New(tensor.Float64), op.New(tensor.Float32)
			n64 := c.build(b64, inputs(t, b64, c.name, c.shapes))
			n32 := c.build(b32, inputs(t, b32, c.name, c.shapes))
			if b64.Err() != nil || b32.Err() != nil {
				t.Fatal(b64.Err(), b32.Err())
			}
			run(t, m, b64, n64)
			run(t, m, b32, n32)
			want, got := floats(n64), n32.Value().Data().([]float32)
			for i := range want {
				if d := math.Abs(want[i] - float64(got[i])); d > 1e-5*(1+math.Abs(want[i])) {
					t.Errorf("%s on %s [%d]: float32 %g, float64 %g", c.name, name, i, got[i], want[i])
				}
			}
		}
	}
}

// TestAgainstGorgonia compares values with Gorgonia's own ops of the same meaning.
func TestAgainstGorgonia(t *testing.T) {
	own := func(n *G.Node, err error) *G.Node {
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	cases := []struct {
		name   string
		shapes [][]int
		ours   func(b *op.Builder, in []*G.Node) *G.Node
		theirs func(in []*G.Node) *G.Node
	}{
		{"MatMul", [][]int{{3, 4}, {4, 2}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.MatMul(in[0], in[1], op.N, op.N) }, func(in []*G.Node) *G.Node { return own(G.Mul(in[0], in[1])) }},
		{"Add", [][]int{{3, 4}, {3, 4}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Add(in[0], in[1]) }, func(in []*G.Node) *G.Node { return own(G.Add(in[0], in[1])) }},
		{"Sub", [][]int{{3, 4}, {3, 4}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Sub(in[0], in[1]) }, func(in []*G.Node) *G.Node { return own(G.Sub(in[0], in[1])) }},
		{"Mul", [][]int{{3, 4}, {3, 4}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Mul(in[0], in[1]) }, func(in []*G.Node) *G.Node { return own(G.HadamardProd(in[0], in[1])) }},
		{"Relu", [][]int{{3, 4}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Relu(in[0]) }, func(in []*G.Node) *G.Node { return own(G.Rectify(in[0])) }},
		{"Softmax", [][]int{{3, 4}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Softmax(in[0]) }, func(in []*G.Node) *G.Node { return own(G.SoftMax(in[0], 1)) }},
		{"SumBias", [][]int{{3, 4}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.SumBias(in[0]) }, func(in []*G.Node) *G.Node { return own(G.Sum(in[0], 0)) }},
		{"Conv", [][]int{{2, 2, 6, 6}, {3, 2, 3, 3}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Conv(in[0], in[1], 1, 1) }, func(in []*G.Node) *G.Node {
			return own(G.Conv2d(in[0], in[1], tensor.Shape{3, 3}, []int{1, 1}, []int{1, 1}, []int{1, 1}))
		}},
		{"MSE", [][]int{{4, 3}, {4, 3}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.MSE(in[0], in[1]) }, func(in []*G.Node) *G.Node {
			return own(G.Mean(own(G.Square(own(G.Sub(in[0], in[1]))))))
		}},
	}
	for _, c := range cases {
		b := op.New(tensor.Float64)
		in := inputs(t, b, c.name, c.shapes)
		ours, theirs := c.ours(b, in), c.theirs(in)
		if b.Err() != nil {
			t.Fatal(b.Err())
		}
		run(t, engine.Tape, b, ours, theirs)
		var want []float64
		switch d := theirs.Value().Data().(type) {
		case []float64:
			want = d
		case float64:
			want = []float64{d}
		}
		got := floats(ours)
		if len(got) != len(want) {
			t.Fatalf("%s: %d elements: want %d", c.name, len(got), len(want))
		}
		for i := range want {
			if math.Abs(got[i]-want[i]) > 1e-13*(1+math.Abs(want[i])) {
				t.Errorf("%s [%d]: %g: gorgonia has %g", c.name, i, got[i], want[i])
			}
		}
	}
}

// TestKernelsKeepNaN checks that no kernel turns NaN or Inf into an ordinary number.
func TestKernelsKeepNaN(t *testing.T) {
	for _, c := range opCases {
		for operand := range c.shapes {
			b := op.New(tensor.Float64)
			in := inputs(t, b, c.name, c.shapes)
			out := c.build(b, in)
			for i := range floats(in[operand]) {
				floats(in[operand])[i] = math.NaN()
			}
			faults := 0
			b.Watch(func(f op.Fault) { faults++ })
			run(t, engine.Sequential, b, out)
			found := false
			for _, v := range floats(out) {
				found = found || math.IsNaN(v)
			}
			if !found || faults == 0 {
				if k := out.Op().(*op.Kernel); found && faults == 0 {
					if _, view := k.View(); view {
						continue // nothing is computed: the fault is where the operand was
					}
				}
				if c.name == "Gate" && operand == 1 || c.name == "DenseBack" && operand == 2 {
					continue // a gate that is NaN passes its operand; the activity itself is NaN and is reported
				}
				t.Errorf("%s: operand %d is NaN, result is %v, %d faults", c.name, operand, floats(out), faults)
			}
		}
	}
}

func TestShapeErrors(t *testing.T) {
	cases := map[string]struct {
		shapes [][]int
		build  func(b *op.Builder, in []*G.Node) *G.Node
	}{
		"MatMul":   {[][]int{{3, 4}, {3, 4}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.MatMul(in[0], in[1], op.N, op.N) }},
		"Add":      {[][]int{{3, 1}, {3}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Add(in[0], in[1]) }},
		"Mul":      {[][]int{{3}, {1, 3}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Mul(in[0], in[1]) }},
		"ScaleBy":  {[][]int{{3}, {3}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.ScaleBy(in[0], in[1]) }},
		"AddBias":  {[][]int{{3, 2}, {3}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.AddBias(in[0], in[1]) }},
		"RowScale": {[][]int{{2}, {3, 2}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.RowScale(in[0], in[1]) }},
		"ColScale": {[][]int{{3, 2}, {3}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.ColScale(in[0], in[1]) }},
		"Rows":     {[][]int{{3, 2}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Rows(in[0], 2, 4) }},
		"Reshape":  {[][]int{{3, 2}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Reshape(in[0], 4) }},
		"Conv":     {[][]int{{1, 2, 3, 3}, {1, 1, 2, 2}}, func(b *op.Builder, in []*G.Node) *G.Node { return b.Conv(in[0], in[1], 1, 0) }},
	}
	for name, c := range cases {
		b := op.New(tensor.Float64)
		n := b.Relu(c.build(b, inputs(t, b, name, c.shapes))) // nil passes through
		if n != nil || b.Err() == nil || !strings.Contains(b.Err().Error(), name) {
			t.Errorf("%s: error %v: want one that names the op and the shapes", name, b.Err())
		}
	}
	b := op.New(tensor.Float64)
	b.Input("x", 2)
	if b.Input("x", 2); b.Err() == nil {
		t.Error("two inputs of one name: want an error")
	}
}

// TestEveryKindIsChecked asks that every primitive of the package occurs in the graphs of
// TestDerivatives, with the derivatives of its derivatives.
func TestEveryKindIsChecked(t *testing.T) {
	made := map[string]bool{}
	for _, c := range opCases {
		b := op.New(tensor.Float64)
		in := inputs(t, b, c.name, c.shapes)
		if _, err := engine.Grad(b, cost(t, b, c.name, c.build(b, in)), in...); err != nil {
			t.Fatal(err)
		}
		for _, n := range b.Graph().AllNodes() {
			if k, ok := n.Op().(*op.Kernel); ok {
				made[k.Kind()] = true
			}
		}
	}
	made["StopGradient"] = true // has no derivative, see TestGateFixed
	made["Winner"] = true       // nor has this one, see TestWinner
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:kind:\s+|rowwise\()"(\w+)"`).FindAllStringSubmatch(string(text), -1) {
			found++
			if !made[m[1]] && !made[m[1]+"NN"] {
				t.Errorf("%s: no row of opCases makes a %s", f, m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("%d primitives found in the sources: want at least 20", found)
	}
}
