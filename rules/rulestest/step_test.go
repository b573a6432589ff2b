package rulestest_test

import (
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// stepper is a rule with a Step given by a function.
type stepper struct {
	rules.Oja
	name string
	step func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node
}

func (r stepper) Info() rules.Info { return rules.Info{Name: r.name, Formula: "as in the test"} }

func (r stepper) Step(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
	return r.step(b, s, p)
}

var _ rules.Stepper = stepper{}

// TestSteps checks every registered rule that has a Step.
func TestSteps(t *testing.T) {
	checked := 0
	for _, r := range rules.Rules() {
		if _, ok := r.(rules.Stepper); !ok {
			continue
		}
		checked++
		for _, f := range rulestest.Rule(r, rulestest.Options{N: 5, In: 9, Out: 4, Seed: 3}) {
			t.Errorf("%s: %v", r.Info().Name, f)
		}
	}
	if checked < 2 {
		t.Errorf("%d rules with a Step: want hebb and oja at least", checked)
	}
}

// TestFaultySteps shows that a Step that is not the change by Δ is found, by this check and by
// no other: Δ itself is right.
func TestFaultySteps(t *testing.T) {
	oja := func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node { return rules.Oja{}.Step(b, s, p) }
	cases := []struct {
		name  string
		step  func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node
		wants string // in some message
	}{
		{"one-millionth", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			p.Scale *= 1 + 1e-6
			return oja(b, s, p)
		}, "W'["},
		{"hebb-for-oja", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			return b.HebbStep(s.W, s.Post, s.Pre, p)
		}, "W'["},
		{"no-scale", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			p.Scale = 1
			return oja(b, s, p)
		}, "W'["},
		{"no-alpha", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			p.Alpha = nil
			return oja(b, s, p)
		}, "α [out]: Step: W'["},
		{"never-detached", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			p.Detach = false
			return oja(b, s, p)
		}, "detached: Step: the derivative by p"},
		{"half-a-derivative", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			s.Pre = b.Scale(b.Add(s.Pre, b.StopGradient(s.Pre)), 0.5)
			return oja(b, s, p)
		}, "the derivative by pre["},
		{"millionth-of-a-derivative", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			w := oja(b, s, p)
			d := b.Sub(s.W, b.StopGradient(s.W)) // is zero, but not its derivative
			return b.AddScaled(w, d, 1e-6)
		}, "the derivative by W["},
		{"no-scale-without-feedback", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			if s.Feedback == nil {
				p.Scale = 1
			}
			return oja(b, s, p)
		}, "without feedback, no α: Step: W'["},
		{"other-in-float32", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			if b.Dtype() == tensor.Float32 {
				p.Scale *= 1.01
			}
			return oja(b, s, p)
		}, "float32: Step: W'["},
		{"writes-to-operand", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			o := differentiable{square: newSquare(s.Post), b: b, factor: 1}
			o.inPlace = true
			zero := b.Scale(b.Hebb(b.Apply(o, s.Post), s.Pre), 0)
			return b.Add(oja(b, s, p), zero)
		}, "want operands not to be written to"},
		{"wrong-shape", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node { return s.Pre }, "cannot run: Step: "},
		{"nil", func(*op.Builder, rules.Synapses, op.Plasticity) *G.Node { return nil }, "without an error"},
		{"panics", func(*op.Builder, rules.Synapses, op.Plasticity) *G.Node { panic("oh") }, "panic: oh"},
		{"foreign", func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
			return op.New(b.Dtype()).Input("other", s.W.Shape()...)
		}, "another graph"},
	}
	for _, c := range cases {
		rec := check(stepper{name: c.name, step: c.step}, rulestest.Options{})
		all := strings.Join(rec.lines, "\n")
		if !rec.failed || !strings.Contains(all, c.wants) {
			t.Errorf("%s: messages do not say %q:\n%s", c.name, c.wants, all)
		}
		for _, line := range rec.lines {
			if !strings.HasPrefix(line, "rule "+c.name+": step: ") {
				t.Errorf("%s: another check fails: %s", c.name, line)
			}
		}
	}
	right := stepper{name: "right", step: func(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
		return b.Change(s.W, b.Oja(s.Post, s.Pre, s.W), p)
	}}
	for seed := range uint64(3) {
		rulestest.Check(t, right, rulestest.Options{Seed: seed})
		rulestest.Check(t, stepper{name: "oja", step: oja}, rulestest.Options{Seed: seed})
	}
}
