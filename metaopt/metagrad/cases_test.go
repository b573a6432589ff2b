package metagrad_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/npz"
)

// written is a case as files and as formulas: what learner in case.json says, and the same said
// to the formulas.
type written struct {
	name     string
	network  string // see networks
	learner  string
	formulas formulas
	layers   []string // activations from the bottom, where they are not relu
	outer    string   // what case.json says of the outer loss, where formulas do not
}

// networks are 3-5-4-2 units, with a layer that is not plastic or none, and one with a plastic
// convolution on a plastic convolution.
var networks = map[string]func() ([]block, []int){
	"dense":  func() ([]block, []int) { return mlp(true, true, true) },
	"frozen": func() ([]block, []int) { return mlp(false, true, true) },
	"gap":    func() ([]block, []int) { return mlp(true, false, true) },
	"conv": func() ([]block, []int) {
		input := []int{2, 4, 5}
		a, shape := conv(input, 2, 3, 1, 1, true)
		b, shape := conv(shape, 3, 2, 2, 0, true)
		c, shape := dense(shape, 4, "relu", true)
		d, _ := dense(shape, 2, "linear", true)
		return []block{a, b, c, d}, input
	},
}

func mlp(plastic ...bool) ([]block, []int) {
	var blocks []block
	shape := []int{3}
	for l, out := range []int{5, 4, 2} {
		var b block
		b, shape = dense(shape, out, []string{"relu", "relu", "linear"}[l], plastic[l])
		blocks = append(blocks, b)
	}
	return blocks, []int{3}
}

const (
	direct = `"feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "pathway"}`
	alphas = `"plasticity": {"granularity": "synapse"}`
	none   = `"feedback": {"pathway": "none"}`
)

// cases has each setting of the format at least once, those of the golden cases beside.
var cases = []written{
	{"gated", "dense", `"rule": "oja", "feedback": {"pathway": "direct", "signal": "error", "activation": "linear", "output": "pathway", "gated": true}, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", linear: true, gated: true, granularity: "synapse"}, nil, ""},
	{"examples mean", "dense", `"rule": "oja", "examples": "mean", ` + direct + `, "plasticity": {"granularity": "neuron", "hidden_scale": 0.5}`,
		formulas{rule: "oja", pathway: "direct", signal: "error", mean: true, granularity: "neuron", hiddenScale: 0.5}, nil, ""},
	{"examples sum", "dense", `"rule": "hebb", "examples": "sum", ` + direct + `, "plasticity": {"granularity": "layer"}`,
		formulas{rule: "hebb", pathway: "direct", signal: "error", granularity: "layer"}, nil, ""},
	{"plastic bias per synapse", "frozen", `"rule": "oja", "plastic_bias": true, ` + direct + `, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", bias: true, granularity: "synapse"}, nil, ""},
	{"plastic bias per neuron, clamped", "dense", `"rule": "oja", "plastic_bias": true, "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "clamped"}, "plasticity": {"granularity": "neuron"}`,
		formulas{classes: true, rule: "oja", pathway: "direct", signal: "error", clamped: true, bias: true, granularity: "neuron"}, nil, ""},
	{"plastic bias, one rate for the network", "dense", `"rule": "hebb", "plastic_bias": true, ` + direct + `, "plasticity": {"granularity": "network"}`,
		formulas{rule: "hebb", pathway: "direct", signal: "error", bias: true, granularity: "network"}, nil, ""},
	{"first order", "dense", `"rule": "oja", "first_order": true, ` + direct + `, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", first: true, granularity: "synapse"}, nil, ""},
	{"detached", "dense", `"rule": "oja", "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "pathway", "detach_error": true}, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", detach: true, granularity: "synapse"}, nil, ""},
	{"output only", "dense", `"rule": "oja", "output_only": true, ` + direct + `, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", outputOnly: true, granularity: "synapse"}, nil, ""},
	{"output only, no feedback, clamped", "dense", `"rule": "oja", "output_only": true, "feedback": {"pathway": "none", "signal": "error", "output": "clamped"}, ` + alphas,
		formulas{classes: true, rule: "oja", pathway: "none", signal: "error", clamped: true, outputOnly: true, granularity: "synapse"}, nil, ""},
	{"hidden only", "dense", `"rule": "oja", "hidden_only": true, ` + direct + `, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", hiddenOnly: true, granularity: "synapse"}, nil, ""},
	{"hidden only, layered", "dense", `"rule": "hebb", "hidden_only": true, "feedback": {"pathway": "layered", "signal": "error", "activation": "relu", "output": "pathway"}, "plasticity": {"granularity": "layer"}`,
		formulas{rule: "hebb", pathway: "layered", signal: "error", hiddenOnly: true, granularity: "layer"}, nil, ""},
	{"hidden only, backprop", "dense", `"rule": "gradient", "order": 2, "hidden_only": true, ` + none + `, "plasticity": {"granularity": "network"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, hiddenOnly: true, fixed: true, strength: 1, granularity: "network"}, nil, ""},
	{"strength fixed", "dense", `"rule": "oja", "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "pathway", "strength": 0.3}, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", fixed: true, strength: 0.3, granularity: "synapse"}, nil, ""},
	{"strength fixed at 0", "dense", `"rule": "hebb", "feedback": {"pathway": "direct", "signal": "target", "activation": "relu", "output": "clamped", "strength": 0}, ` + alphas,
		formulas{rule: "hebb", pathway: "direct", signal: "target", clamped: true, fixed: true, granularity: "synapse"}, nil, ""},
	{"dfa: strength 1, fixed feedback, clamped", "dense", `"rule": "hebb", "feedback": {"pathway": "direct", "signal": "error", "activation": "linear", "output": "clamped", "gated": true, "strength": 1}, ` + alphas + `, "learned": {"feedback": false}`,
		formulas{classes: true, rule: "hebb", pathway: "direct", signal: "error", linear: true, gated: true, clamped: true, fixed: true, strength: 1, granularity: "synapse", constant: []string{"B", "c"}}, nil, ""},
	{"strength not learned, by arrays", "dense", `"rule": "oja", ` + direct + `, ` + alphas + `, "learned": {"strength": false}`,
		formulas{rule: "oja", pathway: "direct", signal: "error", granularity: "synapse", constant: []string{"beta"}}, nil, ""},
	{"weights and plasticity not learned", "dense", `"rule": "oja", ` + direct + `, ` + alphas + `, "learned": {"weights": false, "plasticity": false}`,
		formulas{rule: "oja", pathway: "direct", signal: "error", granularity: "synapse", constant: []string{"W", "b0", "b1", "b2", "alpha"}}, nil, ""},
	{"random plastic weights", "frozen", `"rule": "oja", "random_plastic": true, ` + direct + `, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", granularity: "synapse", constantPlasticWeights: true}, nil, ""},
	{"layered, relu", "gap", `"rule": "oja", "feedback": {"pathway": "layered", "signal": "error", "activation": "relu", "output": "pathway"}, "plasticity": {"granularity": "network"}`,
		formulas{rule: "oja", pathway: "layered", signal: "error", granularity: "network"}, nil, ""},
	{"layered, gated, clamped", "frozen", `"rule": "hebb", "feedback": {"pathway": "layered", "signal": "target", "activation": "linear", "output": "clamped", "gated": true}, "plasticity": {"granularity": "neuron"}`,
		formulas{classes: true, rule: "hebb", pathway: "layered", signal: "target", linear: true, gated: true, clamped: true, granularity: "neuron"}, nil, ""},
	{"backprop", "dense", `"rule": "oja", "feedback": {"pathway": "backprop", "signal": "error", "output": "pathway"}, "plasticity": {"granularity": "layer"}`,
		formulas{rule: "oja", pathway: "backprop", signal: "error", granularity: "layer"}, nil, ""},
	{"gradient descent as a local rule", "gap", `"rule": "hebb", "plastic_bias": true, "inner_lr": 0.1, "feedback": {"pathway": "backprop", "signal": "gradient", "output": "pathway", "strength": 1}, "plasticity": {"granularity": "none"}`,
		formulas{classes: true, rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "none", rate: 0.1}, nil, ""},
	{"no feedback, a fixed rate", "dense", `"rule": "oja", "inner_lr": 0.02, "feedback": {"pathway": "none", "signal": "error", "output": "pathway"}, "plasticity": {"granularity": "none", "hidden_scale": 2}`,
		formulas{rule: "oja", pathway: "none", signal: "error", granularity: "none", rate: 0.02, hiddenScale: 2}, nil, ""},
	{"direct, a fixed rate", "dense", `"rule": "hebb", "inner_lr": 0.02, ` + direct + `, "plasticity": {"granularity": "none"}`,
		formulas{rule: "hebb", pathway: "direct", signal: "error", granularity: "none", rate: 0.02}, nil, ""},
	{"signal gradient, direct", "dense", `"rule": "oja", "feedback": {"pathway": "direct", "signal": "gradient", "activation": "linear", "output": "pathway"}, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "gradient", linear: true, granularity: "synapse"}, nil, ""},
	{"gradient, a rate per layer", "frozen", `"rule": "gradient", "order": 2, ` + none + `, "plasticity": {"granularity": "layer"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "layer"}, nil, ""},
	{"gradient, first order, a rate per neuron", "dense", `"rule": "gradient", "first_order": true, ` + none + `, "plasticity": {"granularity": "neuron"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", first: true, bias: true, fixed: true, strength: 1, granularity: "neuron"}, nil, ""},
	{"gradient, rates per synapse, biases fixed", "dense", `"rule": "gradient", "order": 2, "plastic_bias": false, ` + none + `, ` + alphas,
		formulas{classes: true, rule: "hebb", pathway: "backprop", signal: "gradient", fixed: true, strength: 1, granularity: "synapse"}, nil, ""},
	{"gradient, output only, one rate", "dense", `"rule": "gradient", "order": 2, "output_only": true, ` + none + `, "plasticity": {"granularity": "network"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, outputOnly: true, fixed: true, strength: 1, granularity: "network"}, nil, ""},
	{"convolutions, direct, mean", "conv", `"rule": "oja", "examples": "mean", "plastic_bias": true, "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "pathway", "gated": true}, ` + alphas,
		formulas{classes: true, rule: "oja", pathway: "direct", signal: "error", gated: true, mean: true, bias: true, granularity: "synapse"}, nil, ""},
	{"convolutions, layered", "conv", `"rule": "oja", "feedback": {"pathway": "layered", "signal": "error", "activation": "relu", "output": "clamped"}, "plasticity": {"granularity": "neuron"}`,
		formulas{classes: true, rule: "oja", pathway: "layered", signal: "error", clamped: true, granularity: "neuron"}, nil, ""},
	{"convolutions, gradient", "conv", `"rule": "gradient", "order": 2, "inner_lr": 0.1, ` + none + `, "plasticity": {"granularity": "none"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "none", rate: 0.1}, nil, ""},
	{"smooth, direct, gated", "dense", `"rule": "oja", "feedback": {"pathway": "direct", "signal": "error", "activation": "tanh", "output": "pathway", "gated": true}, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", psi: "tanh", gated: true, granularity: "synapse"}, []string{"tanh", "softplus(2)"}, ""},
	{"smooth, direct, gated, biases", "dense", `"rule": "hebb", "plastic_bias": true, "feedback": {"pathway": "direct", "signal": "target", "activation": "sigmoid", "output": "clamped", "gated": true}, "plasticity": {"granularity": "neuron"}`,
		formulas{classes: true, rule: "hebb", pathway: "direct", signal: "target", psi: "sigmoid", gated: true, clamped: true, bias: true, granularity: "neuron"}, []string{"sigmoid", "leaky_relu(0.2)"}, ""},
	{"smooth, layered, gated", "dense", `"rule": "oja", "feedback": {"pathway": "layered", "signal": "error", "activation": "softplus(3)", "output": "pathway", "gated": true}, "plasticity": {"granularity": "layer"}`,
		formulas{rule: "oja", pathway: "layered", signal: "error", psi: "softplus(3)", gated: true, granularity: "layer"}, []string{"sigmoid", "tanh"}, ""},
	{"smooth, layered, not gated", "gap", `"rule": "oja", "feedback": {"pathway": "layered", "signal": "error", "activation": "leaky_relu", "output": "pathway"}, "plasticity": {"granularity": "network"}`,
		formulas{rule: "oja", pathway: "layered", signal: "error", psi: "leaky_relu(0.01)", granularity: "network"}, []string{"softplus", "tanh"}, ""},
	{"smooth, backprop", "dense", `"rule": "oja", "feedback": {"pathway": "backprop", "signal": "error", "output": "pathway"}, ` + alphas,
		formulas{rule: "oja", pathway: "backprop", signal: "error", granularity: "synapse"}, []string{"tanh", "sigmoid"}, ""},
	{"smooth, gradient of second order", "dense", `"rule": "gradient", "order": 2, ` + none + `, ` + alphas,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "synapse"}, []string{"softplus(2)", "tanh"}, ""},
	{"smooth, gradient of second order, classes", "dense", `"rule": "gradient", "order": 2, "inner_lr": 0.2, ` + none + `, "plasticity": {"granularity": "none"}`,
		formulas{classes: true, rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "none", rate: 0.2}, []string{"leaky_relu(0.2)", "sigmoid"}, ""},
	{"smooth, gradient of first order", "frozen", `"rule": "gradient", "order": 1, ` + none + `, "plasticity": {"granularity": "layer"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", first: true, bias: true, fixed: true, strength: 1, granularity: "layer"}, []string{"tanh", "softplus"}, ""},
	{"smooth convolutions, direct, gated", "conv", `"rule": "oja", "feedback": {"pathway": "direct", "signal": "error", "activation": "tanh", "output": "pathway", "gated": true}, ` + alphas,
		formulas{classes: true, rule: "oja", pathway: "direct", signal: "error", psi: "tanh", gated: true, granularity: "synapse"}, []string{"tanh", "softplus(2)", "sigmoid"}, ""},
	{"smooth convolutions, layered, gated", "conv", `"rule": "oja", "feedback": {"pathway": "layered", "signal": "error", "activation": "linear", "output": "clamped", "gated": true}, "plasticity": {"granularity": "neuron"}`,
		formulas{classes: true, rule: "oja", pathway: "layered", signal: "error", linear: true, gated: true, clamped: true, granularity: "neuron"}, []string{"sigmoid", "tanh", "softplus(4)"}, ""},
	{"smooth convolutions, gradient", "conv", `"rule": "gradient", "order": 2, "inner_lr": 0.1, ` + none + `, "plasticity": {"granularity": "none"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "none", rate: 0.1}, []string{"softplus(2)", "leaky_relu(0.1)", "tanh"}, ""},
}

// draw fills in the network, the episode and the parameters.
func (c *written) draw() {
	f := &c.formulas
	f.blocks, f.input = networks[c.network]()
	for l, a := range c.layers {
		f.blocks[l].activation = a
	}
	f.steps, f.batch, f.query = 3, 3, 4
	r := rand.New(rand.NewPCG(11, uint64(len(c.name))))
	normal := func(n int, mean, scale float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = mean + scale*r.NormFloat64()
		}
		return x
	}
	target := func(n int) []float64 {
		y := normal(n*f.outputs(), 0, 1)
		if f.classes {
			clear(y)
			for i := range n {
				y[i*f.outputs()+r.IntN(f.outputs())] = 1
			}
		}
		return y
	}
	n := f.blocks[0].below
	f.xs, f.ys = normal(f.steps*f.batch*n, 0, 1), target(f.steps*f.batch)
	f.xq, f.yq = normal(f.query*n, 0, 1), target(f.query)
	if f.modulator == "reward" {
		f.reward = normal(f.steps*f.batch, 0.3, 1)
	}
	f.params = map[string][]complex128{}
	shapes := f.shapes()
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		mean, scale := 0.0, 0.5
		if strings.HasPrefix(name, "alpha") {
			mean, scale = 0.03, 0.02
		}
		if strings.HasPrefix(name, "beta") {
			mean, scale = 0.5, 0.2
		}
		switch { // what rules have of their own
		case strings.Contains(name, "theta_"):
			scale = 0.1
		case strings.Contains(name, "tau"), strings.Contains(name, "lambda"):
			mean, scale = 0.6, 0.1
		case strings.Contains(name, "gain"), strings.Contains(name, "rho"), name == "modulator.value":
			mean, scale = 1, 0.2
		case strings.Contains(name, "output_weights"):
			scale = 0.2
		}
		for _, v := range normal(tensor.Shape(shapes[name]).TotalSize(), mean, scale) {
			f.params[name] = append(f.params[name], complex(v, 0))
		}
	}
}

// write makes the folder of a case, with further arrays.
func (c *written) write(t *testing.T, extra ...npz.Named) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range c.files(t, extra...) {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// files are those of a case, with further arrays.
func (c *written) files(t *testing.T, extra ...npz.Named) map[string][]byte {
	t.Helper()
	f := &c.formulas
	type layer map[string]any
	var layers []layer
	for _, b := range f.blocks {
		l := layer{"kind": "dense", "in": b.in, "out": b.out, "activation": b.activation, "plastic": b.plastic}
		if b.kernel > 0 {
			l["kind"], l["kernel"], l["stride"], l["pad"] = "conv", b.kernel, 1, 1
			if b.kernel == 2 {
				l["stride"], l["pad"] = 2, 0
			}
		}
		layers = append(layers, l)
	}
	network, err := json.Marshal(layers)
	if err != nil {
		t.Fatal(err)
	}
	loss := "mse"
	if f.classes {
		loss = "cross_entropy"
	}
	outer := ""
	switch {
	case c.outer != "":
		outer = `"outer_loss": ` + c.outer + ", "
	case f.queryWeight != 0 || f.stream != 0:
		outer = fmt.Sprintf(`"outer_loss": {"query": %v, "stream": %v}, `, f.queryWeight, f.stream)
	}
	text := fmt.Sprintf(`{"dtype": "float64", "loss": %q, %s"network": %s, "learner": {%s}}`, loss, outer, network, c.learner)

	named := func(name string, data []float64, shape ...int) {
		extra = append(extra, npz.Named{Name: name, Array: npz.Array{Shape: shape, Data: data}})
	}
	named("x_support", f.xs, append([]int{f.steps, f.batch}, f.input...)...)
	named("y_support", f.ys, f.steps, f.batch, f.outputs())
	named("x_query", f.xq, append([]int{f.query}, f.input...)...)
	named("y_query", f.yq, f.query, f.outputs())
	if f.reward != nil {
		named("reward", f.reward, f.steps, f.batch)
	}
	shapes := f.shapes()
	for _, name := range slices.Sorted(maps.Keys(f.params)) {
		named(name, parts(f.params[name]), shapes[name]...)
	}
	archive, err := npz.Encode(extra)
	if err != nil {
		t.Fatal(err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(text), "", " "); err != nil {
		t.Fatal(err)
	}
	indented.WriteByte('\n')
	return map[string][]byte{"case.json": indented.Bytes(), "inputs.npz": archive}
}

// parts are the real parts.
func parts(x []complex128) []float64 {
	r := make([]float64, len(x))
	for i, v := range x {
		r[i] = real(v)
	}
	return r
}
