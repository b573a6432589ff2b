package op_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules/rulestest"
)

// elementwise are the functions of one array, and what they are by themselves.
var elementwise = []struct {
	name  string
	build func(b *op.Builder, x *G.Node) *G.Node
	f     func(x float64) float64
	exact bool // no rounding but that of the result
}{
	{"Sqrt", func(b *op.Builder, x *G.Node) *G.Node { return b.Sqrt(x) }, math.Sqrt, true},
	{"Log", func(b *op.Builder, x *G.Node) *G.Node { return b.Log(x) }, math.Log, false},
	{"Exp", func(b *op.Builder, x *G.Node) *G.Node { return b.Exp(x) }, math.Exp, false},
	{"Abs", func(b *op.Builder, x *G.Node) *G.Node { return b.Abs(x) }, math.Abs, true},
	{"Clamp", func(b *op.Builder, x *G.Node) *G.Node { return b.Clamp(x, -0.5, 2) }, func(x float64) float64 {
		if math.IsNaN(x) {
			return x
		}
		return math.Min(math.Max(x, -0.5), 2)
	}, true},
	{"ClampBelow", func(b *op.Builder, x *G.Node) *G.Node { return b.Clamp(x, -1, math.Inf(1)) }, func(x float64) float64 { return math.Max(x, -1) }, true},
	{"Tanh", func(b *op.Builder, x *G.Node) *G.Node { return b.Tanh(x) }, func(x float64) float64 {
		if math.Abs(x) > 300 {
			return math.Copysign(1, x)
		}
		return (math.Exp(x) - math.Exp(-x)) / (math.Exp(x) + math.Exp(-x))
	}, false},
	{"Sigmoid", func(b *op.Builder, x *G.Node) *G.Node { return b.Sigmoid(x) }, func(x float64) float64 {
		if x < 0 {
			return math.Exp(x) / (1 + math.Exp(x))
		}
		return 1 / (1 + math.Exp(-x))
	}, false},
	{"Softplus", func(b *op.Builder, x *G.Node) *G.Node { return b.Softplus(x, 3) }, func(x float64) float64 {
		if x > 200 {
			return x
		}
		return math.Log(1+math.Exp(3*x)) / 3
	}, false},
	{"LeakyRelu", func(b *op.Builder, x *G.Node) *G.Node { return b.LeakyRelu(x, 0.125) }, func(x float64) float64 {
		if x > 0 {
			return x
		}
		return 0.125 * x
	}, true},
}

// TestElementwise computes each function of ordinary and of special numbers, in both types.
func TestElementwise(t *testing.T) {
	at := []float64{0, math.Copysign(0, -1), 0.1, -0.1, 0.5, -0.5, 1, -1, 2, -2, 3.7, -3.7, 20, -20, 1000, -1000, math.Inf(1), math.Inf(-1), math.NaN()}
	for _, c := range elementwise {
		for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			b := op.New(dt)
			x := b.Input("x", len(at))
			v := op.NewTensor(dt, tensor.Shape{len(at)})
			for i, a := range at {
				if dt == tensor.Float64 {
					v.Data().([]float64)[i] = a
				} else {
					v.Data().([]float32)[i] = float32(a)
				}
			}
			y := c.build(b, x)
			if b.Err() != nil {
				t.Fatal(b.Err())
			}
			if err := G.Let(x, v); err != nil {
				t.Fatal(err)
			}
			run(t, engine.Sequential, b, y)
			have, arguments := values(y), values(x)
			rounding := 3e-16
			if dt == tensor.Float32 {
				rounding = 6e-8
			}
			for i, a := range arguments {
				want := c.f(a)
				if c.exact && dt == tensor.Float32 {
					want = float64(float32(want))
				}
				tolerance := 4 * rounding * math.Max(1, math.Abs(want))
				if c.exact {
					tolerance = 0
				}
				if math.IsNaN(want) != math.IsNaN(have[i]) || !math.IsNaN(want) && want != have[i] && !(math.Abs(have[i]-want) <= tolerance) {
					t.Errorf("%s(%v) in %v: %.17g: want %.17g", c.name, a, dt, have[i], want)
				}
			}
		}
	}
}

// TestSoftplusFar asks for softplus and its slope where exp(s z) overflows or vanishes.
func TestSoftplusFar(t *testing.T) {
	b := op.New(tensor.Float64)
	z := inputs(t, b, "far", [][]int{{5}})[0]
	copy(floats(z), []float64{800, -800, -3, 40, 1e300})
	h := b.Softplus(z, 10)
	g, err := engine.Grad(b, b.Sum(h), z)
	if err != nil {
		t.Fatal(err)
	}
	run(t, engine.Sequential, b, h, g[0])
	for i, want := range []float64{800, 0, math.Log1p(math.Exp(-30)) / 10, 40, 1e300} {
		if have := floats(h)[i]; math.Abs(have-want) > 1e-15*want {
			t.Errorf("softplus(%g): %.17g: want %.17g", floats(z)[i], have, want)
		}
	}
	for i, want := range []float64{1, 0, math.Exp(-30) / (1 + math.Exp(-30)), 1, 1} {
		if have := floats(g[0])[i]; math.Abs(have-want) > 1e-14*want {
			t.Errorf("slope at %g: %.17g: want %.17g", floats(z)[i], have, want)
		}
	}
}

// TestSinglePrecision asks for all digits of tanh, sigmoid and softplus in single precision, however
// small they are.
func TestSinglePrecision(t *testing.T) {
	var at []float32
	for z := float32(1e-12); z < 60; z *= 1.0137 {
		at = append(at, z, -z)
	}
	for name, c := range map[op.Activation]func(z float64) float64{
		"tanh": math.Tanh, "sigmoid": logistic,
		"softplus":    func(z float64) float64 { return math.Max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) },
		"softplus(7)": func(z float64) float64 { return math.Max(z, 0) + math.Log1p(math.Exp(-math.Abs(7*z)))/7 },
	} {
		b := op.New(tensor.Float32)
		z := b.Input("z", len(at))
		if err := G.Let(z, tensor.New(tensor.WithShape(len(at)), tensor.WithBacking(at))); err != nil {
			t.Fatal(err)
		}
		h := b.Activate(z, name)
		run(t, engine.Sequential, b, h)
		for i, have := range h.Value().Data().([]float32) {
			want := c(float64(at[i]))
			if math.Abs(want) < 1e-37 { // single precision has fewer digits there
				continue
			}
			if d := math.Abs(float64(have)-want) / math.Abs(want); d > 0x1p-23 {
				t.Errorf("%s(%g): %g: want %g: off by %.2g of it", name, at[i], have, want, d)
			}
		}
	}
}

// TestSlopes compares the derivative at places where it is decided: at kinks, and at borders.
func TestSlopes(t *testing.T) {
	for _, c := range []struct {
		name     string
		build    func(b *op.Builder, x *G.Node) *G.Node
		at, want []float64
	}{
		{"Abs", func(b *op.Builder, x *G.Node) *G.Node { return b.Abs(x) }, []float64{-2, 0, 3}, []float64{-1, 0, 1}},
		{"Clamp", func(b *op.Builder, x *G.Node) *G.Node { return b.Clamp(x, -1, 2) }, []float64{-1.5, -1, 0, 2, 2.5}, []float64{0, 1, 1, 1, 0}},
		{"LeakyRelu", func(b *op.Builder, x *G.Node) *G.Node { return b.LeakyRelu(x, 0.25) }, []float64{-2, math.Copysign(0, -1), 0, 3}, []float64{0.25, 0.25, 0.25, 1}},
		{"Sum", func(b *op.Builder, x *G.Node) *G.Node { return b.Sum(x) }, []float64{-2, 0, 3}, []float64{1, 1, 1}},
	} {
		b := op.New(tensor.Float64)
		x := inputs(t, b, "slopes", [][]int{{len(c.at)}})[0]
		copy(floats(x), c.at)
		g, err := engine.Grad(b, b.Sum(c.build(b, x)), x)
		if err != nil {
			t.Fatal(err)
		}
		run(t, engine.Sequential, b, g[0])
		for i, want := range c.want {
			if have := floats(g[0])[i]; have != want {
				t.Errorf("%s: slope at %v: %v: want %v", c.name, c.at[i], have, want)
			}
		}
	}
}

func TestDivAndSum(t *testing.T) {
	b := op.New(tensor.Float64)
	in := inputs(t, b, "div", [][]int{{2, 2}, {2, 2}})
	copy(floats(in[0]), []float64{6, -1, 0, 2})
	copy(floats(in[1]), []float64{-4, 0, 0, 8})
	c, s := b.Div(in[0], in[1]), b.Sum(in[1])
	run(t, engine.Sequential, b, c, s)
	if have := floats(c); have[0] != -1.5 || !math.IsInf(have[1], -1) || !math.IsNaN(have[2]) || have[3] != 0.25 {
		t.Errorf("quotients %v: want -1.5, -Inf, NaN, 0.25", have)
	}
	if have := floats(s); len(have) != 1 || have[0] != 4 {
		t.Errorf("sum %v: want 4", have)
	}
}

// elementwiseOps are the ops of this file's subject with operands where they are smooth.
func elementwiseOps() []opCase {
	positive := func(b *op.Builder, x *G.Node) *G.Node { return b.AddScaled(b.OnesLike(x), b.Mul(x, x), 0.5) }
	of := func(f func(b *op.Builder, x *G.Node) *G.Node) func(b *op.Builder, in []*G.Node) *G.Node {
		return func(b *op.Builder, in []*G.Node) *G.Node { return f(b, in[0]) }
	}
	one, two := [][]int{{3, 4}}, [][]int{{3, 4}, {3, 4}}
	return []opCase{
		{name: "Div", shapes: two, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Div(in[0], positive(b, in[1])) }},
		{name: "DivSelf", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Div(x, b.Add(positive(b, x), x)) })},
		{name: "Sqrt", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Sqrt(positive(b, x)) })},
		{name: "Log", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Log(positive(b, x)) })},
		{name: "LogGamma", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.LogGamma(positive(b, x)) })},
		{name: "Polygamma", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Polygamma(positive(b, x), 1) })},
		{name: "Exp", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Exp(x) })},
		{name: "Abs", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Abs(x) })},
		{name: "MulSign", shapes: two, fixed: []int{1}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.MulSign(in[0], in[1]) }},
		{name: "Clamp", shapes: [][]int{{5, 6}}, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Clamp(x, -0.4, 0.9) })},
		{name: "Within", shapes: two, fixed: []int{1}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Within(in[0], in[1], -0.4, 0.9) }},
		{name: "Sum", shapes: [][]int{{2, 3, 2}}, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Sum(x) })},
		{name: "Tanh", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Tanh(x) })},
		{name: "TanhGate", shapes: two, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.TanhGate(in[0], in[1]) }},
		{name: "Sigmoid", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Sigmoid(x) })},
		{name: "SigmoidGate", shapes: two, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.SigmoidGate(in[0], in[1]) }},
		{name: "Softplus", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.Softplus(x, 2) })},
		{name: "SoftplusGate", shapes: two, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.SoftplusGate(in[0], in[1], 0.5) }},
		{name: "LeakyRelu", shapes: one, build: of(func(b *op.Builder, x *G.Node) *G.Node { return b.LeakyRelu(x, 0.2) })},
		{name: "LeakyGate", shapes: two, fixed: []int{1}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.LeakyGate(in[0], in[1], 0.2) }},
	}
}

func init() { opCases = append(opCases, elementwiseOps()...) }

// TestElementwiseOps checks each as an op of somebody's own is checked: derivatives of two orders,
// inputs unmodified, the same bits where the result is written over an operand, single precision,
// NaN.
func TestElementwiseOps(t *testing.T) {
	for _, c := range elementwiseOps() {
		t.Run(c.name, func(t *testing.T) {
			rulestest.CheckOp(t, rulestest.Op{Name: c.name, Shapes: c.shapes, Build: c.build, Fixed: c.fixed}, rulestest.Options{})
		})
	}
}

// TestElementwiseRefuses wants errors that say what would do.
func TestElementwiseRefuses(t *testing.T) {
	for _, c := range []struct {
		want  string
		build func(b *op.Builder, x, y *G.Node) *G.Node
	}{
		{"Div: operands of shape [3] and [2]: want equal shapes", func(b *op.Builder, x, y *G.Node) *G.Node { return b.Div(x, y) }},
		{"MulSign: operands", func(b *op.Builder, x, y *G.Node) *G.Node { return b.MulSign(x, y) }},
		{"Within: operands", func(b *op.Builder, x, y *G.Node) *G.Node { return b.Within(x, y, 0, 1) }},
		{"TanhGate: operands", func(b *op.Builder, x, y *G.Node) *G.Node { return b.TanhGate(x, y) }},
		{"SigmoidGate: operands", func(b *op.Builder, x, y *G.Node) *G.Node { return b.SigmoidGate(x, y) }},
		{"SoftplusGate: operands", func(b *op.Builder, x, y *G.Node) *G.Node { return b.SoftplusGate(x, y, 1) }},
		{"LeakyGate: operands", func(b *op.Builder, x, y *G.Node) *G.Node { return b.LeakyGate(x, y, 0.5) }},
		{"Clamp to [1, 0.5]", func(b *op.Builder, x, y *G.Node) *G.Node { return b.Clamp(x, 1, 0.5) }},
		{"want a lower bound that is not above the upper one", func(b *op.Builder, x, y *G.Node) *G.Node { return b.Clamp(x, math.NaN(), 0.5) }},
		{"Softplus of sharpness 0", func(b *op.Builder, x, y *G.Node) *G.Node { return b.Softplus(x, 0) }},
		{"want a finite number above 0", func(b *op.Builder, x, y *G.Node) *G.Node { return b.Softplus(x, math.Inf(1)) }},
		{"LeakyRelu of slope 0", func(b *op.Builder, x, y *G.Node) *G.Node { return b.LeakyRelu(x, 0) }},
		{"want a slope above 0 and at most 1 (0 is relu)", func(b *op.Builder, x, y *G.Node) *G.Node { return b.LeakyRelu(x, math.NaN()) }},
	} {
		b := op.New(tensor.Float32)
		n := c.build(b, b.Input("x", 3), b.Input("y", 2))
		if n != nil || b.Err() == nil || !strings.Contains(b.Err().Error(), c.want) {
			t.Errorf("%v, error %v: want none, and %q", n, b.Err(), c.want)
		}
		if again := c.build(b, nil, nil); again != nil {
			t.Errorf("%v of a builder that has failed: want none", fmt.Sprint(again))
		}
	}
}
