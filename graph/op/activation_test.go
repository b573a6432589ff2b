package op_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/suggest"
	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules/rulestest"
)

// activations are all of them, with what they are by themselves: φ(z), and φ′ and φ″ by z.
var activations = []struct {
	name       op.Activation
	f          func(z float64) float64
	d1, d2     func(z float64) float64
	fixed      bool // φ′ does not vary with the activity
	isStraight bool
}{
	{"linear", func(z float64) float64 { return z }, constant(1), constant(0), true, true},
	{"", func(z float64) float64 { return z }, constant(1), constant(0), true, true},
	{"relu", func(z float64) float64 { return math.Max(z, 0) }, step(0), constant(0), true, false},
	{"leaky_relu", func(z float64) float64 { return math.Max(z, 0.01*z) }, step(0.01), constant(0), true, false},
	{"leaky_relu(0.3)", func(z float64) float64 { return math.Max(z, 0.3*z) }, step(0.3), constant(0), true, false},
	{"tanh", math.Tanh, func(z float64) float64 { return 1 / (math.Cosh(z) * math.Cosh(z)) },
		func(z float64) float64 { return -2 * math.Tanh(z) / (math.Cosh(z) * math.Cosh(z)) }, false, false},
	{"sigmoid", logistic, func(z float64) float64 { return 1 / (2 + 2*math.Cosh(z)) },
		func(z float64) float64 { return -math.Tanh(z/2) / (2 + 2*math.Cosh(z)) }, false, false},
	{"softplus", func(z float64) float64 { return math.Log(1 + math.Exp(z)) }, logistic,
		func(z float64) float64 { return 1 / (2 + 2*math.Cosh(z)) }, false, false},
	{"softplus(2.5)", func(z float64) float64 { return math.Log(1+math.Exp(2.5*z)) / 2.5 }, func(z float64) float64 { return logistic(2.5 * z) },
		func(z float64) float64 { return 2.5 / (2 + 2*math.Cosh(2.5*z)) }, false, false},
}

func constant(v float64) func(float64) float64 { return func(float64) float64 { return v } }

func step(low float64) func(float64) float64 {
	return func(z float64) float64 {
		if z > 0 {
			return 1
		}
		return low
	}
}

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// TestActivations compares φ, and φ′ and φ″ as derivatives of its nodes, with formulas of z alone,
// and the slope as gates read it from the activity.
func TestActivations(t *testing.T) {
	for _, a := range activations {
		b := op.New(tensor.Float64)
		z := inputs(t, b, "activations", [][]int{{40}})[0]
		h := b.Activate(z, a.name)
		slope := b.GateBy(b.OnesLike(z), h, a.name)
		g1, err := engine.Grad(b, b.Sum(b.Add(h, z)), z) // z, so that there is a path even if φ is the identity
		if err != nil {
			t.Fatal(err)
		}
		outputs := []*G.Node{h, slope, g1[0]}
		g2, err := engine.Grad(b, b.Sum(g1[0]), z)
		if err != nil {
			t.Fatal(err)
		}
		if g2[0] != nil {
			outputs = append(outputs, g2[0])
		}
		run(t, engine.Sequential, b, outputs...)
		for i, v := range floats(z) {
			second := 0.0
			if g2[0] != nil {
				second = floats(g2[0])[i]
			}
			for _, c := range []struct {
				what       string
				have, want float64
			}{{"φ", floats(h)[i], a.f(v)}, {"φ′ of h", floats(slope)[i], a.d1(v)}, {"φ′", floats(g1[0])[i] - 1, a.d1(v)}, {"φ″", second, a.d2(v)}} {
				if math.Abs(c.have-c.want) > 1e-14 {
					t.Errorf("%s: %s at %v: %.17g: want %.17g", a.name, c.what, v, c.have, c.want)
				}
			}
		}
		if a.name.Curved() == a.fixed || a.name.Straight() != a.isStraight || a.name.Check() != nil {
			t.Errorf("%q: curved %v, straight %v, error %v", a.name, a.name.Curved(), a.name.Straight(), a.name.Check())
		}
	}
}

// activationOps are layers with each activation, and what goes back through them.
func activationOps() []opCase {
	var cases []opCase
	for _, a := range activations {
		if a.name == "" || a.name == "leaky_relu" || a.name == "softplus" {
			continue
		}
		var fixed []int
		if a.fixed {
			fixed = []int{2}
		}
		cases = append(cases,
			opCase{name: "Dense " + string(a.name), shapes: [][]int{{3, 5}, {4, 5}, {4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], a.name) }},
			opCase{name: "Dense of few " + string(a.name), shapes: [][]int{{3, 1}, {4, 1}, {4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], a.name) }},
			opCase{name: "ConvLayer " + string(a.name), shapes: [][]int{{2, 2, 5, 6}, {3, 2, 3, 3}, {3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.ConvLayer(in[0], in[1], in[2], 2, 1, a.name) }},
		)
		if !a.isStraight && a.name != op.Relu { // a gate of relu passes what it is NaN for, see TestKernelsKeepNaN
			cases = append(cases, opCase{name: "DenseBack " + string(a.name), shapes: [][]int{{3, 4}, {4, 5}, {3, 5}}, fixed: fixed,
				build: func(b *op.Builder, in []*G.Node) *G.Node { return b.DenseBack(in[0], in[1], in[2], a.name) }})
		}
	}
	return cases
}

func init() { opCases = append(opCases, activationOps()...) }

// TestActivationOps checks layers of each activation as an op of somebody's own is checked.
func TestActivationOps(t *testing.T) {
	for _, c := range activationOps() {
		t.Run(c.name, func(t *testing.T) {
			rulestest.CheckOp(t, rulestest.Op{Name: c.name, Shapes: c.shapes, Build: c.build, Fixed: c.fixed}, rulestest.Options{})
		})
	}
}

// TestActivationRefuses wants errors that say what would do.
func TestActivationRefuses(t *testing.T) {
	for text, want := range map[op.Activation]string{
		"rellu":              `unknown activation "rellu": did you mean "relu"? There are relu, linear, leaky_relu, tanh, sigmoid, softplus`,
		"softplus(0)":        `activation "softplus(0)": want softplus(s) with a sharpness s above 0, as in softplus(10)`,
		"softplus(-1)":       "sharpness",
		"softplus(Inf)":      "sharpness",
		"softplus(NaN)":      "sharpness",
		"softplus(10":        "softplus(s)",
		"softplus()":         "softplus(s)",
		"softplus(1, 2)":     "softplus(s)",
		"leaky_relu(0)":      "slope a above 0 and at most 1, as in leaky_relu(0.1), or relu",
		"leaky_relu(1.5)":    "slope",
		"tanh(2)":            `activation "tanh(2)": want tanh alone, which has no number`,
		"relu()":             "relu alone",
		"leakyrelu(0.1)":     `did you mean "leaky_relu"`,
		" relu":              `did you mean "relu"`,
		"softplus(1e400)":    "sharpness",
		"softplus(10) extra": "softplus(s)",
	} {
		err := text.Check()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v: want %q", text, err, want)
			continue
		}
		if text.Curved() || text.Straight() {
			t.Errorf("%q: curved or straight: want neither", text)
		}
		for name, build := range map[string]func(b *op.Builder, x, w, c *G.Node) *G.Node{
			"Activate":  func(b *op.Builder, x, w, c *G.Node) *G.Node { return b.Activate(x, text) },
			"GateBy":    func(b *op.Builder, x, w, c *G.Node) *G.Node { return b.GateBy(x, x, text) },
			"Dense":     func(b *op.Builder, x, w, c *G.Node) *G.Node { return b.Dense(x, w, c, text) },
			"DenseBack": func(b *op.Builder, x, w, c *G.Node) *G.Node { return b.DenseBack(x, w, nil, text) },
			"ConvLayer": func(b *op.Builder, x, w, c *G.Node) *G.Node {
				return b.ConvLayer(b.Reshape(x, 2, 3, 1, 1), b.Reshape(w, 3, 3, 1, 1), c, 1, 0, text)
			},
		} {
			b := op.New(tensor.Float32)
			n := build(b, b.Input("x", 2, 3), b.Input("w", 3, 3), b.Input("c", 3))
			if n != nil || b.Err() == nil || !strings.Contains(b.Err().Error(), want) {
				t.Errorf("%s of %q: %v, error %v: want none, and %q", name, text, n, b.Err(), want)
			}
		}
	}
	var unknown *suggest.UnknownError
	if err := op.Activation("tan").Check(); !errors.As(err, &unknown) || unknown.Nearest != "tanh" {
		t.Errorf("error %v: want an UnknownError", err)
	}
	if n := len(op.Activations()); n != 6 {
		t.Errorf("%d are listed: want 6", n)
	}
	for _, listed := range op.Activations() {
		if err := op.Activation(listed).Check(); err != nil {
			t.Errorf("%s is listed: %v", listed, err)
		}
	}
}
