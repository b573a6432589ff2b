package metagrad_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math"
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

// TestFormulas computes each case from its files and by the formulas in plain loops.
func TestFormulas(t *testing.T) {
	for _, c := range slices.Concat(cases, ownCases) {
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
			want := f.results()
			moved := 0.0
			for name, g := range want {
				if strings.HasPrefix(name, "grad_") {
					moved = max(moved, largest(g.Data))
				}
			}
			if moved == 0 {
				t.Error("no derivative is other than zero: the case shows nothing")
			}
			if len(result) != len(want) {
				t.Errorf("%d arrays: want %d", len(result), len(want))
			}
			for _, a := range result {
				compare(t, a.Name, a.Data, want[a.Name].Data)
			}
		})
	}
}

var update = flag.Bool("update", false, "write the golden cases that are made by the formulas in plain loops")

// TestOwnGolden asks that the stored cases of what rules have of their own are those of the formulas: their files
// byte for byte, and their results to rounding. With -update it writes them.
func TestOwnGolden(t *testing.T) {
	for _, c := range ownCases {
		t.Run(c.name, func(t *testing.T) {
			c.draw()
			dir := filepath.Join(golden, "own-"+c.name)
			files, results := c.files(t), c.formulas.results()
			if *update {
				store(t, dir, files, results)
			}
			text, err := os.ReadFile(filepath.Join(dir, "case.json"))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(text, files["case.json"]) {
				t.Error("case.json is another: want it written by go test -run TestOwnGolden -update")
			}
			drawn, err := npz.Decode(bytes.NewReader(files["inputs.npz"]), int64(len(files["inputs.npz"])))
			if err != nil {
				t.Fatal(err)
			}
			inputs, err := npz.Read(filepath.Join(dir, "inputs.npz"))
			if err != nil {
				t.Fatal(err)
			}
			same(t, inputs, drawn)
			expected, err := npz.Read(filepath.Join(dir, "expected.npz"))
			if err != nil {
				t.Fatal(err)
			}
			same(t, expected, results)
		})
	}
}

// same compares all arrays of two archives, to rounding.
func same(t *testing.T, have, want map[string]npz.Array) {
	t.Helper()
	if len(have) != len(want) {
		t.Errorf("%d arrays: want %d", len(have), len(want))
	}
	for name, w := range want {
		if !slices.Equal(have[name].Shape, w.Shape) {
			t.Errorf("%s: shape %v: want %v", name, have[name].Shape, w.Shape)
		}
		compare(t, name, have[name].Data, w.Data)
	}
}

// store writes a golden case.
func store(t *testing.T, dir string, files map[string][]byte, results map[string]npz.Array) {
	t.Helper()
	var named []npz.Named
	for _, name := range slices.Sorted(maps.Keys(results)) {
		named = append(named, npz.Named{Name: name, Array: results[name]})
	}
	expected, err := npz.Encode(named)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"case.json": files["case.json"], "inputs.npz": files["inputs.npz"], "expected.npz": expected} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// results are the arrays that must come out: loss, weights, variables and derivatives.
func (f *formulas) results() map[string]npz.Array {
	loss, final := f.run(f.params)
	want := map[string]npz.Array{"loss": {Shape: []int{1}, Data: []float64{real(loss)}}}
	ends := func(name string, shape []int) {
		want["final_"+name] = npz.Array{Shape: shape, Data: parts(final[name])}
	}
	for l, b := range f.blocks {
		if !f.plastic(l) {
			continue
		}
		ends(fmt.Sprint("W", l), b.weights())
		if f.bias {
			ends(fmt.Sprint("b", l), []int{b.out})
		}
	}
	f.eachVariable(func(name string, shape []int, _ variable) { ends(name, shape) })
	shapes := f.shapes()
	for name, p := range f.params {
		g := npz.Array{Shape: shapes[name]}
		for i := range p {
			g.Data = append(g.Data, f.derivative(name, i))
		}
		want["grad_"+name] = g
	}
	return want
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
					b, shape = dense(shape, l.Out, l.Activation, l.Plastic)
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
