package metagrad_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/npz"
	"metaplast/graph"
	"metaplast/metaopt/metagrad"
)

// written is a case as files and as formulas: what learner in case.json says, and the same said
// to the formulas.
type written struct {
	name     string
	network  string // see networks
	learner  string
	formulas formulas
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
		c, shape := dense(shape, 4, true, true)
		d, _ := dense(shape, 2, false, true)
		return []block{a, b, c, d}, input
	},
}

func mlp(plastic ...bool) ([]block, []int) {
	var blocks []block
	shape := []int{3}
	for l, out := range []int{5, 4, 2} {
		var b block
		b, shape = dense(shape, out, l < 2, plastic[l])
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
		formulas{rule: "oja", pathway: "direct", signal: "error", linear: true, gated: true, granularity: "synapse"}},
	{"examples mean", "dense", `"rule": "oja", "examples": "mean", ` + direct + `, "plasticity": {"granularity": "neuron", "hidden_scale": 0.5}`,
		formulas{rule: "oja", pathway: "direct", signal: "error", mean: true, granularity: "neuron", hiddenScale: 0.5}},
	{"examples sum", "dense", `"rule": "hebb", "examples": "sum", ` + direct + `, "plasticity": {"granularity": "layer"}`,
		formulas{rule: "hebb", pathway: "direct", signal: "error", granularity: "layer"}},
	{"plastic bias per synapse", "frozen", `"rule": "oja", "plastic_bias": true, ` + direct + `, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", bias: true, granularity: "synapse"}},
	{"plastic bias per neuron, clamped", "dense", `"rule": "oja", "plastic_bias": true, "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "clamped"}, "plasticity": {"granularity": "neuron"}`,
		formulas{classes: true, rule: "oja", pathway: "direct", signal: "error", clamped: true, bias: true, granularity: "neuron"}},
	{"plastic bias, one rate for the network", "dense", `"rule": "hebb", "plastic_bias": true, ` + direct + `, "plasticity": {"granularity": "network"}`,
		formulas{rule: "hebb", pathway: "direct", signal: "error", bias: true, granularity: "network"}},
	{"first order", "dense", `"rule": "oja", "first_order": true, ` + direct + `, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", first: true, granularity: "synapse"}},
	{"detached", "dense", `"rule": "oja", "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "pathway", "detach_error": true}, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", detach: true, granularity: "synapse"}},
	{"output only", "dense", `"rule": "oja", "output_only": true, ` + direct + `, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", outputOnly: true, granularity: "synapse"}},
	{"output only, no feedback, clamped", "dense", `"rule": "oja", "output_only": true, "feedback": {"pathway": "none", "signal": "error", "output": "clamped"}, ` + alphas,
		formulas{classes: true, rule: "oja", pathway: "none", signal: "error", clamped: true, outputOnly: true, granularity: "synapse"}},
	{"strength fixed", "dense", `"rule": "oja", "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "pathway", "strength": 0.3}, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", fixed: true, strength: 0.3, granularity: "synapse"}},
	{"strength fixed at 0", "dense", `"rule": "hebb", "feedback": {"pathway": "direct", "signal": "target", "activation": "relu", "output": "clamped", "strength": 0}, ` + alphas,
		formulas{rule: "hebb", pathway: "direct", signal: "target", clamped: true, fixed: true, granularity: "synapse"}},
	{"dfa: strength 1, fixed feedback, clamped", "dense", `"rule": "hebb", "feedback": {"pathway": "direct", "signal": "error", "activation": "linear", "output": "clamped", "gated": true, "strength": 1}, ` + alphas + `, "learned": {"feedback": false}`,
		formulas{classes: true, rule: "hebb", pathway: "direct", signal: "error", linear: true, gated: true, clamped: true, fixed: true, strength: 1, granularity: "synapse", constant: []string{"B", "c"}}},
	{"strength not learned, by arrays", "dense", `"rule": "oja", ` + direct + `, ` + alphas + `, "learned": {"strength": false}`,
		formulas{rule: "oja", pathway: "direct", signal: "error", granularity: "synapse", constant: []string{"beta"}}},
	{"weights and plasticity not learned", "dense", `"rule": "oja", ` + direct + `, ` + alphas + `, "learned": {"weights": false, "plasticity": false}`,
		formulas{rule: "oja", pathway: "direct", signal: "error", granularity: "synapse", constant: []string{"W", "b0", "b1", "b2", "alpha"}}},
	{"random plastic weights", "frozen", `"rule": "oja", "random_plastic": true, ` + direct + `, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "error", granularity: "synapse", constantPlasticWeights: true}},
	{"layered, relu", "gap", `"rule": "oja", "feedback": {"pathway": "layered", "signal": "error", "activation": "relu", "output": "pathway"}, "plasticity": {"granularity": "network"}`,
		formulas{rule: "oja", pathway: "layered", signal: "error", granularity: "network"}},
	{"layered, gated, clamped", "frozen", `"rule": "hebb", "feedback": {"pathway": "layered", "signal": "target", "activation": "linear", "output": "clamped", "gated": true}, "plasticity": {"granularity": "neuron"}`,
		formulas{classes: true, rule: "hebb", pathway: "layered", signal: "target", linear: true, gated: true, clamped: true, granularity: "neuron"}},
	{"backprop", "dense", `"rule": "oja", "feedback": {"pathway": "backprop", "signal": "error", "output": "pathway"}, "plasticity": {"granularity": "layer"}`,
		formulas{rule: "oja", pathway: "backprop", signal: "error", granularity: "layer"}},
	{"gradient descent as a local rule", "gap", `"rule": "hebb", "plastic_bias": true, "inner_lr": 0.1, "feedback": {"pathway": "backprop", "signal": "gradient", "output": "pathway", "strength": 1}, "plasticity": {"granularity": "none"}`,
		formulas{classes: true, rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "none", rate: 0.1}},
	{"no feedback, a fixed rate", "dense", `"rule": "oja", "inner_lr": 0.02, "feedback": {"pathway": "none", "signal": "error", "output": "pathway"}, "plasticity": {"granularity": "none", "hidden_scale": 2}`,
		formulas{rule: "oja", pathway: "none", signal: "error", granularity: "none", rate: 0.02, hiddenScale: 2}},
	{"direct, a fixed rate", "dense", `"rule": "hebb", "inner_lr": 0.02, ` + direct + `, "plasticity": {"granularity": "none"}`,
		formulas{rule: "hebb", pathway: "direct", signal: "error", granularity: "none", rate: 0.02}},
	{"signal gradient, direct", "dense", `"rule": "oja", "feedback": {"pathway": "direct", "signal": "gradient", "activation": "linear", "output": "pathway"}, ` + alphas,
		formulas{rule: "oja", pathway: "direct", signal: "gradient", linear: true, granularity: "synapse"}},
	{"gradient, a rate per layer", "frozen", `"rule": "gradient", "order": 2, ` + none + `, "plasticity": {"granularity": "layer"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "layer"}},
	{"gradient, first order, a rate per neuron", "dense", `"rule": "gradient", "first_order": true, ` + none + `, "plasticity": {"granularity": "neuron"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", first: true, bias: true, fixed: true, strength: 1, granularity: "neuron"}},
	{"gradient, rates per synapse, biases fixed", "dense", `"rule": "gradient", "order": 2, "plastic_bias": false, ` + none + `, ` + alphas,
		formulas{classes: true, rule: "hebb", pathway: "backprop", signal: "gradient", fixed: true, strength: 1, granularity: "synapse"}},
	{"gradient, output only, one rate", "dense", `"rule": "gradient", "order": 2, "output_only": true, ` + none + `, "plasticity": {"granularity": "network"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, outputOnly: true, fixed: true, strength: 1, granularity: "network"}},
	{"convolutions, direct, mean", "conv", `"rule": "oja", "examples": "mean", "plastic_bias": true, "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "pathway", "gated": true}, ` + alphas,
		formulas{classes: true, rule: "oja", pathway: "direct", signal: "error", gated: true, mean: true, bias: true, granularity: "synapse"}},
	{"convolutions, layered", "conv", `"rule": "oja", "feedback": {"pathway": "layered", "signal": "error", "activation": "relu", "output": "clamped"}, "plasticity": {"granularity": "neuron"}`,
		formulas{classes: true, rule: "oja", pathway: "layered", signal: "error", clamped: true, granularity: "neuron"}},
	{"convolutions, gradient", "conv", `"rule": "gradient", "order": 2, "inner_lr": 0.1, ` + none + `, "plasticity": {"granularity": "none"}`,
		formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "none", rate: 0.1}},
}

// draw fills in the network, the episode and the parameters.
func (c *written) draw() {
	f := &c.formulas
	f.blocks, f.input = networks[c.network]()
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
		for _, v := range normal(tensor.Shape(shapes[name]).TotalSize(), mean, scale) {
			f.params[name] = append(f.params[name], complex(v, 0))
		}
	}
}

// write makes the folder of a case, with further arrays.
func (c *written) write(t *testing.T, extra ...npz.Named) string {
	t.Helper()
	f := &c.formulas
	type layer map[string]any
	var layers []layer
	for _, b := range f.blocks {
		l := layer{"kind": "dense", "in": b.in, "out": b.out, "activation": "linear", "plastic": b.plastic}
		if b.relu {
			l["activation"] = "relu"
		}
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
	text := fmt.Sprintf(`{"dtype": "float64", "loss": %q, "network": %s, "learner": {%s}}`, loss, network, c.learner)

	named := func(name string, data []float64, shape ...int) {
		extra = append(extra, npz.Named{Name: name, Array: npz.Array{Shape: shape, Data: data}})
	}
	named("x_support", f.xs, append([]int{f.steps, f.batch}, f.input...)...)
	named("y_support", f.ys, f.steps, f.batch, f.outputs())
	named("x_query", f.xq, append([]int{f.query}, f.input...)...)
	named("y_query", f.yq, f.query, f.outputs())
	shapes := f.shapes()
	for name, p := range f.params {
		named(name, parts(p), shapes[name]...)
	}
	archive, err := npz.Encode(extra)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"case.json": []byte(text), "inputs.npz": archive} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// parts are the real parts.
func parts(x []complex128) []float64 {
	r := make([]float64, len(x))
	for i, v := range x {
		r[i] = real(v)
	}
	return r
}

// TestFormulas computes each case from its files and by the formulas in plain loops.
func TestFormulas(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.draw()
			f := &c.formulas
			loaded, err := metagrad.Load(c.write(t))
			if err != nil {
				t.Fatal(err)
			}
			result, err := loaded.Run(tensor.Float64, nil)
			if err != nil {
				t.Fatal(err)
			}
			loss, final := f.run(f.params)
			want := map[string][]float64{"loss": {real(loss)}}
			for l := range f.blocks {
				for _, array := range []string{"W", "b"} {
					if name := fmt.Sprint(array, l); f.plastic(l) && (array == "W" || f.bias) {
						want["final_"+name] = parts(final[name])
					}
				}
			}
			moved := 0.0
			for name, p := range f.params {
				for i := range p {
					want["grad_"+name] = append(want["grad_"+name], f.derivative(name, i))
				}
				moved = max(moved, largest(want["grad_"+name]))
			}
			if moved == 0 {
				t.Error("no derivative is other than zero: the case shows nothing")
			}
			if len(result) != len(want) {
				t.Errorf("%d arrays: want %d", len(result), len(want))
			}
			for _, a := range result {
				compare(t, a.Name, a.Data, want[a.Name])
			}
		})
	}
}

// compare asks for 1e-10 of the largest element, and for zeros where all are zero.
func compare(t *testing.T, name string, have, want []float64) {
	t.Helper()
	if len(have) != len(want) {
		t.Errorf("%s: %d elements: want %d", name, len(have), len(want))
		return
	}
	bound := 1e-10 * largest(want)
	for i := range want {
		if !(math.Abs(have[i]-want[i]) <= bound) {
			t.Errorf("%s[%d]: %.15g: want %.15g", name, i, have[i], want[i])
			return
		}
	}
}

// TestFormulasAreGolden compares the formulas themselves with the golden cases: loss, final
// weights, and some elements of every gradient.
func TestFormulasAreGolden(t *testing.T) {
	oja := formulas{rule: "oja", pathway: "direct", signal: "error", granularity: "synapse"}
	gradient := formulas{rule: "hebb", pathway: "backprop", signal: "gradient", bias: true, fixed: true, strength: 1, granularity: "none", rate: 0.02}
	with := func(f formulas, set func(*formulas)) formulas { set(&f); return f }
	for name, f := range map[string]formulas{
		"reg-oja-error-synapse": oja,
		"reg-oja-neuron":        with(oja, func(f *formulas) { f.granularity = "neuron" }),
		"reg-oja-target-frozen": with(oja, func(f *formulas) { f.signal = "target" }),
		"reg-hebb-linear-feedback": with(oja, func(f *formulas) {
			f.rule, f.linear = "hebb", true
		}),
		"cls-oja-target-clamped": with(oja, func(f *formulas) { f.classes, f.signal, f.clamped, f.hiddenScale = true, "target", true, 100 }),
		"cls-oja-conv-frozen":    with(oja, func(f *formulas) { f.classes, f.detach, f.hiddenScale = true, true, 10 }),
		"reg-gradient-order1":    with(gradient, func(f *formulas) { f.first = true }),
		"reg-gradient-order2":    gradient,
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(golden, name)
			inputs, err := npz.Read(filepath.Join(dir, "inputs.npz"))
			if err != nil {
				t.Fatal(err)
			}
			expected, err := npz.Read(filepath.Join(dir, "expected.npz"))
			if err != nil {
				t.Fatal(err)
			}
			c, err := metagrad.Load(dir) // for the network alone
			if err != nil {
				t.Fatal(err)
			}
			xs := inputs["x_support"]
			f.input, f.steps, f.batch, f.query = xs.Shape[2:], xs.Shape[0], xs.Shape[1], inputs["x_query"].Shape[0]
			shape := f.input
			for _, l := range c.Network.Layers {
				var b block
				if l.Kind == graph.ConvLayer {
					b, shape = conv(shape, l.Out, l.Kernel, l.Stride, l.Pad, l.Plastic)
				} else {
					b, shape = dense(shape, l.Out, l.Activation == graph.Relu, l.Plastic)
				}
				f.blocks = append(f.blocks, b)
			}
			f.xs, f.ys, f.xq, f.yq = xs.Data, inputs["y_support"].Data, inputs["x_query"].Data, inputs["y_query"].Data
			f.params = map[string][]complex128{}
			shapes := f.shapes()
			if len(shapes) != len(inputs)-4 {
				t.Errorf("%d parameter arrays: want %d", len(shapes), len(inputs)-4)
			}
			for name, shape := range shapes {
				if !slices.Equal(inputs[name].Shape, shape) {
					t.Fatalf("%s: shape %v: want %v", name, shape, inputs[name].Shape)
				}
				for _, v := range inputs[name].Data {
					f.params[name] = append(f.params[name], complex(v, 0))
				}
			}
			loss, final := f.run(f.params)
			compare(t, "loss", []float64{real(loss)}, expected["loss"].Data)
			for name, want := range expected {
				if array, ok := strings.CutPrefix(name, "final_"); ok {
					compare(t, name, parts(final[array]), want.Data)
				}
				array, ok := strings.CutPrefix(name, "grad_")
				if !ok {
					continue
				}
				bound := 1e-10 * largest(want.Data)
				for i := 0; i < len(want.Data); i += 1 + len(want.Data)/3 {
					if have := f.derivative(array, i); !(math.Abs(have-want.Data[i]) <= bound) {
						t.Errorf("%s[%d]: %.15g: want %.15g", name, i, have, want.Data[i])
					}
				}
			}
		})
	}
}

// TestLoadNames shows that nothing of a case is taken for absent: what takes no part is refused by
// its name, with the nearest that does, and so is a setting without effect.
func TestLoadNames(t *testing.T) {
	rename := func(from, to string) func(*written) {
		return func(c *written) {
			c.formulas.params[to] = c.formulas.params[from]
			delete(c.formulas.params, from)
		}
	}
	learner := func(text string) func(*written) { return func(c *written) { c.learner = text } }
	array := func(name string) npz.Named {
		return npz.Named{Name: name, Array: npz.Array{Shape: []int{1}, Data: []float64{1}}}
	}
	const output = `"rule": "oja", "feedback": {"pathway": "direct", "signal": "error", "activation": "relu", "output": "pathway"`
	for _, c := range []struct {
		name   string
		change func(*written)
		extra  []npz.Named
		says   []string
	}{
		{"one more", nil, []npz.Named{array("W01")}, []string{"W01: takes no part in this case: the nearest array that does is W0, of shape [5 3]"}},
		{"of a layer that is not there", nil, []npz.Named{array("beta3")}, []string{"beta3: takes no part", "is beta"}},
		{"misnamed", func(c *written) { rename("alpha0", "alpha_0")(c); rename("W1", "W01")(c) }, nil,
			[]string{"alpha0: missing", "alpha_0: takes no part in this case: the nearest array that does is alpha0", "W1: missing", "W01: takes no part in this case: the nearest array that does is W1"}},
		{"small letter", rename("B1", "b01"), nil, []string{"B1: missing", "b01: takes no part"}},
		{"result among the inputs", nil, []npz.Named{array("loss")}, []string{"loss: takes no part"}},
		{"biases are not plastic", nil, []npz.Named{array("alpha_b0")}, []string{"alpha_b0: takes no part", "is alpha0"}},
		{"fixed strength", learner(output + `, "strength": 0.3}, ` + alphas), nil, []string{"beta0: learner.feedback.strength fixes the strength at 0.3"}},
		{"no feedback", learner(`"rule": "oja", "feedback": {"pathway": "none", "signal": "error", "output": "pathway"}, ` + alphas), nil, []string{"B0: takes no part", "beta2: takes no part"}},
		{"field of the learner", learner(`"plasticbias": true, ` + output + `}, ` + alphas), nil, []string{`learner.plasticbias: unknown field "plasticbias": did you mean "plastic_bias"`}},
		{"field of the feedback", learner(output + `, "gate": true}, ` + alphas), nil, []string{`learner.feedback.gate: unknown field`, `"gated"`}},
		{"field in capitals", learner(`"Examples": "mean", ` + output + `}, ` + alphas), nil, []string{`learner.Examples: unknown field`, `"examples"`}},
		{"field of what is learned", learner(output + `}, "learned": {"weight": false}, ` + alphas), nil, []string{`learner.learned.weight: unknown field`, `"weights"`}},
		{"several fields", learner(`"a": 1, "b": 2, ` + output + `}, ` + alphas), nil, []string{"learner.a: ", "learner.b: "}},
		{"order of a local rule", learner(`"order": 1, ` + output + `}, ` + alphas), nil, []string{"learner.order", "first_order"}},
		{"rate beside rates", learner(`"inner_lr": 0.1, ` + output + `}, ` + alphas), nil, []string{"learner.inner_lr: takes no part"}},
		{"no rate", learner(output + `}, "plasticity": {"granularity": "none"}`), nil, []string{"learner.inner_lr: missing"}},
		{"examples", learner(`"examples": "average", ` + output + `}, ` + alphas), nil, []string{"learner.examples", `there are sum, mean`}},
		{"strength fixed and learned", learner(output + `, "strength": 0.3}, "learned": {"strength": true}, ` + alphas), nil, []string{"learner.learned.strength"}},
		{"strength without feedback", learner(`"rule": "oja", "feedback": {"pathway": "none", "signal": "error", "output": "pathway", "strength": 0.3}, ` + alphas), nil, []string{"learner.feedback.strength: takes no part"}},
		{"gated without feedback", learner(`"rule": "oja", "feedback": {"pathway": "none", "signal": "error", "output": "pathway", "gated": true}, ` + alphas), nil, []string{"learner.feedback.gated: takes no part"}},
		{"feedback of the gradient rule", learner(`"rule": "gradient", "order": 2, "feedback": {"pathway": "none", "gated": true}, ` + alphas), nil, []string{"learner.feedback: want the pathway none and nothing else"}},
		{"no order", learner(`"rule": "gradient", ` + none + `, ` + alphas), nil, []string{"learner.order: want 1 or 2"}},
		{"order 3", learner(`"rule": "gradient", "order": 3, ` + none + `, ` + alphas), nil, []string{"learner.order: have 3"}},
		{"two orders", learner(`"rule": "gradient", "order": 2, "first_order": true, ` + none + `, ` + alphas), nil, []string{"learner.first_order: have true beside learner.order 2"}},
	} {
		w := written{name: c.name, network: "dense", learner: output + `}, ` + alphas,
			formulas: formulas{rule: "oja", pathway: "direct", signal: "error", granularity: "synapse"}}
		w.draw()
		shapes := w.formulas.shapes()
		if c.change != nil {
			c.change(&w)
		}
		for name, p := range w.formulas.params { // what was renamed is written flat
			if shapes[name] == nil {
				c.extra = append(c.extra, npz.Named{Name: name, Array: npz.Array{Shape: []int{len(p)}, Data: parts(p)}})
				delete(w.formulas.params, name)
			}
		}
		_, err := metagrad.Load(w.write(t, c.extra...))
		for _, says := range c.says {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v: want an error that says %q", c.name, err, says)
			}
		}
	}
}
