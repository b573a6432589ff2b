package rulestest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/data/suggest"
	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// halves is a rule of rules: half of the change of the one inside. It says what it does not go with.
type halves struct {
	Of rules.Rule `yaml:"of" about:"what is halved"`
}

var _ rules.Parametric = halves{}

func (halves) Info() rules.Info { return rules.Info{Name: "test-halves", Formula: "Δ/2"} }
func (h halves) Params() []rules.Param {
	return append(slices.Clone(rules.ParamsOf(h.Of)), rules.Param{Name: "half", Initial: 0.5})
}
func (h halves) Observes() rules.Observed {
	see := rules.Sees(h.Of)
	see.Modulator = true
	return see
}
func (h halves) Validate() error {
	if h.Of.Info().Name == "oja" {
		return errors.New("oja is not halved: want hebb")
	}
	return nil
}
func (h halves) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	delta := h.Of.Delta(b, s)
	if !b.Usable(delta, s.Modulator) {
		return nil
	}
	return rules.Times(b, b.ScaleBy(delta, mean(b, s.Modulator)), s.Params["half"])
}

// level is a modulator [1]: what the loss and a parameter make of it.
type level struct{}

func (level) Info() rules.Info { return rules.Info{Name: "test-level", Formula: "m = a + L"} }
func (level) Params(int) []rules.Param {
	return []rules.Param{{Name: "a", Initial: 1}}
}
func (level) Value(b *op.Builder, m rules.Moment) *G.Node { return b.Add(m.Params["a"], m.Loss) }

var registerHalves = sync.OnceValue(func() error {
	return errors.Join(rules.Register(halves{Of: rules.Hebb{}}), rules.RegisterModulator(level{}))
})

// TestCombined goes through rules inside a rule of rules: every pathway and granularity, what is
// refused, and the same rows for any number of workers.
func TestCombined(t *testing.T) {
	if err := registerHalves(); err != nil {
		t.Fatal(err)
	}
	var first string
	for _, workers := range []int{1, 3} {
		var order []rulestest.Row
		rows, err := rulestest.Combined(context.Background(), []string{"hebb", "oja"}, rulestest.Options{Workers: workers, Each: func(r rulestest.Row) { order = append(order, r) }})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(rows, order) {
			t.Error("rows are reported in another order")
		}
		if text := fmt.Sprint(rows); first == "" {
			first = text
		} else if text != first {
			t.Error("other rows for three workers")
		}
		seen, settings := map[[2]string]bool{}, map[string]bool{}
		refused := 0
		for _, r := range rows {
			if r.Combinator != "test-halves" {
				continue
			}
			switch r.Rule {
			case "hebb":
				seen[[2]string{r.Pathway, r.Granularity}] = true
				_, set, _ := strings.Cut(r.Place, ", ")
				settings[set] = true
				if !r.Passed || r.Elements < 5 || !(r.WorstError <= 1e-8) {
					t.Errorf("%+v", r)
				}
			case "oja":
				refused++
				if r.Passed || r.Failed() || !strings.Contains(r.Refused, "want hebb") {
					t.Errorf("%+v: want it refused", r)
				}
			}
		}
		if want := len(rules.Pathways()) * len(graph.Granularities()); len(seen) != want || refused != 1 {
			t.Errorf("%d combinations, %d refused: want %d and 1", len(seen), refused, want)
		}
		if len(settings) < 10 {
			t.Errorf("%d settings: want each of them", len(settings))
		}
		table := string(rulestest.Table(rows))
		for _, want := range []string{"test-halves of hebb   direct layered backprop none   none synapse neuron layer network", "test-halves of oja: rule: oja is not halved: want hebb"} {
			if !strings.Contains(table, want) {
				t.Errorf("no %q in the table:\n%s", want, table)
			}
		}
		if strings.Count(table, "test-halves of hebb ") != 1 {
			t.Error("more than one line for a rule inside another")
		}
		checked, err := rulestest.Rows(context.Background(), []string{"hebb", "oja"}, rulestest.Options{Elements: 1, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		all := append(checked, rows...)
		none := 0
		for _, r := range all {
			if r.Refused != "" {
				none++
			}
		}
		if n, refused, err := rulestest.Combinations([]string{"hebb", "oja"}, rulestest.Options{}); err != nil || n != len(all) || refused != none {
			t.Errorf("%d combinations, %d refused, %v: want %d and %d", n, refused, err, len(all), none)
		}
	}
	one := rulestest.Options{Pathways: []string{"direct"}, Granularities: []string{"layer"}}
	all := one
	all.All = true
	elements := map[bool]int{}
	for _, o := range []rulestest.Options{one, all} {
		rows, err := rulestest.Combined(context.Background(), []string{"hebb"}, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Combinator == "test-halves" && r.Rule == "hebb" {
				elements[o.All] = r.Elements
			}
		}
	}
	if elements[true] < 20*elements[false] || elements[false] == 0 {
		t.Errorf("%d elements with all settings, and %d without", elements[true], elements[false])
	}
	var unknown *suggest.UnknownError
	if rows, err := rulestest.Combined(context.Background(), []string{"hepp"}, rulestest.Options{}); !errors.As(err, &unknown) || rows != nil {
		t.Errorf("%v: want an error that names the nearest", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	rows, err := rulestest.Combined(ctx, []string{"test-halves"}, rulestest.Options{Each: func(rulestest.Row) { cancel() }})
	if len(rows) != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d rows, %v: want one row and the context's error", len(rows), err)
	}
}

// TestCombinedFails shows that a wrong derivative is found inside a rule of rules, by every row that looks.
func TestCombinedFails(t *testing.T) {
	if err := rules.Register(wrongly{Of: rules.Hebb{}}); err != nil {
		t.Fatal(err)
	}
	rows, err := rulestest.Combined(context.Background(), []string{"hebb"}, rulestest.Options{Pathways: []string{"direct"}})
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, r := range rows {
		if r.Combinator == "test-wrongly" && r.Failed() {
			failed++
		}
	}
	if failed < len(graph.Granularities())-1 {
		t.Errorf("%d rows have failed: want most of %d", failed, len(graph.Granularities()))
	}
}

// wrongly is a rule of rules that is wrong by one percent in the derivative.
type wrongly struct {
	Of rules.Rule `yaml:"of" about:"what is changed"`
}

func (wrongly) Info() rules.Info { return rules.Info{Name: "test-wrongly"} }
func (w wrongly) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	d := w.Of.Delta(b, s)
	return b.Add(b.Scale(d, 0.99), b.Scale(b.StopGradient(d), 0.01))
}

// TestModulator shows that CheckModulator passes what is right and fails on what is not.
func TestModulator(t *testing.T) {
	if err := registerHalves(); err != nil {
		t.Fatal(err)
	}
	for _, m := range []rules.Modulator{level{}, rewarding{}, top{}} {
		if found := rulestest.ModulatorFaults(m, rulestest.Options{Elements: 2}); len(found) > 0 {
			t.Errorf("%T: %v", m, found)
		}
	}
	calls := 0
	for _, c := range []struct {
		m    rules.Modulator
		want string
	}{
		{nil, "shapes: Info: have nil"},
		{factor{name: "Two Words", value: level{}.Value}, "shapes: Info"},
		{factor{name: "test-nothing", value: func(*op.Builder, rules.Moment) *G.Node { return nil }}, "without an error"},
		{factor{name: "test-matrix", value: func(_ *op.Builder, m rules.Moment) *G.Node { return m.Signal }}, "want [N] = [4]"},
		{factor{name: "test-stopped", value: func(b *op.Builder, m rules.Moment) *G.Node { return b.StopGradient(m.Loss) }}, "derivative: N=4, by loss[0]"},
		{factor{name: "test-fixed", params: []rules.Param{{Name: "a", Initial: 1}}, value: func(b *op.Builder, m rules.Moment) *G.Node {
			return b.Mul(m.Loss, b.StopGradient(m.Params["a"]))
		}}, "by param/a[0]"},
		{factor{name: "test-twice", params: []rules.Param{{Name: "a"}, {Name: "a"}}, value: level{}.Value}, "declared: parameter a"},
		{factor{name: "test-infinite", value: func(b *op.Builder, m rules.Moment) *G.Node { return b.Div(b.OnesLike(m.Loss), m.Loss) }}, "finite: N=4, no error"},
		{factor{name: "test-first", value: func(b *op.Builder, m rules.Moment) *G.Node {
			return b.Sum(b.Rows(m.Signal, 0, 1))
		}}, "examples: N=4"},
		{factor{name: "test-other", value: func(b *op.Builder, m rules.Moment) *G.Node {
			calls++
			return b.Scale(m.Loss, float64(calls))
		}}, "determinism: N=4"},
		{factor{name: "test-single", value: func(b *op.Builder, m rules.Moment) *G.Node {
			if b.Dtype() == G.Float32 {
				return b.Scale(m.Loss, 1.01)
			}
			return m.Loss
		}}, "float32: N=4"},
		{factor{name: "test-level", params: level{}.Params(1), value: level{}.Value}, "it is that of another modulator"},
	} {
		text := fmt.Sprint(rulestest.ModulatorFaults(c.m, rulestest.Options{Elements: 1, Pathways: []string{"direct"}, Granularities: []string{"layer"}}))
		if !strings.Contains(text, c.want) {
			t.Errorf("%v: want %q", text, c.want)
		}
	}
}

// factor is a modulator given by a function.
type factor struct {
	name   string
	params []rules.Param
	value  func(b *op.Builder, m rules.Moment) *G.Node
}

func (m factor) Info() rules.Info                            { return rules.Info{Name: m.name} }
func (m factor) Params(int) []rules.Param                    { return m.params }
func (m factor) Value(b *op.Builder, s rules.Moment) *G.Node { return m.value(b, s) }

// rewarding is R itself, of each example.
type rewarding struct{}

func (rewarding) Info() rules.Info                            { return rules.Info{Name: "test-rewarding"} }
func (rewarding) Params(int) []rules.Param                    { return nil }
func (rewarding) NeedsReward()                                {}
func (rewarding) Value(b *op.Builder, m rules.Moment) *G.Node { return b.Scale(m.Reward, 1.5) }

// top is tanh(h w) of each example.
type top struct{}

func (top) Info() rules.Info { return rules.Info{Name: "test-top"} }
func (top) Params(n int) []rules.Param {
	return []rules.Param{{Name: "w", Shape: []int{1, n}, Spread: 0.5}}
}
func (top) Value(b *op.Builder, m rules.Moment) *G.Node {
	if !b.Usable(m.Top) {
		return nil
	}
	return b.Reshape(b.Tanh(b.MatMul(m.Top, m.Params["w"], op.N, op.T)), m.Top.Shape()[0])
}
