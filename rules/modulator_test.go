package rules_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/data/settings"
	"metaplast/graph/engine"
	"metaplast/rules"
)

// moments is a moment of five examples, with two outputs and a top hidden layer of three units.
func moments(g bench, m rules.Modulator) (rules.Moment, map[string]*G.Node) {
	const n = 5
	in := map[string]*G.Node{
		"signal": g.matrix("s", normal("s", n, 2)), "top": g.matrix("top", normal("top", n, 3)),
		"loss": g.vector("L", []float64{0.4}), "reward": g.vector("R", normal("R", 1, n)[0]),
	}
	seen := rules.Moment{Signal: in["signal"], Top: in["top"], Loss: in["loss"], Reward: in["reward"], Params: rules.Values{}}
	for _, p := range m.Params(3) {
		size := 1
		for _, d := range p.Dims() {
			size *= d
		}
		in[p.Name] = g.bind(p.Name, normal("modulator/"+p.Name, 1, size)[0], p.Dims()...)
		seen.Params[p.Name] = in[p.Name]
	}
	return seen, in
}

// TestModulators compares values with formulas, and derivatives by all that they see with central
// differences.
func TestModulators(t *testing.T) {
	s, top, w, b := normal("s", 5, 2), normal("top", 5, 3), normal("modulator/w", 1, 3)[0], normal("modulator/b", 1, 1)[0]
	want := map[string]func() []float64{
		rules.ConstantName: func() []float64 { return normal("modulator/value", 1, 1)[0] },
		rules.LossName:     func() []float64 { return []float64{0.4} },
		rules.RewardName:   func() []float64 { return normal("R", 1, 5)[0] },
		rules.ErrorName: func() (m []float64) {
			for _, row := range s {
				m = append(m, length(row))
			}
			return m
		},
		rules.ReadoutName: func() (m []float64) {
			for _, row := range top {
				m = append(m, math.Tanh(row[0]*w[0]+row[1]*w[1]+row[2]*w[2]+b[0]))
			}
			return m
		},
	}
	for _, m := range rules.Modulators() {
		name := m.Info().Name
		formula := want[name]
		if formula == nil {
			t.Errorf("modulator %s has no formula here", name)
			continue
		}
		if err := settings.Check(m); err != nil {
			t.Errorf("modulator %s: %v", name, err)
		}
		if _, needs := m.(rules.Rewarded); needs != (name == rules.RewardName) {
			t.Errorf("modulator %s: needs a reward: %v", name, needs)
		}
		g := newBench(t)
		seen, in := moments(g, m)
		value := m.Value(g.b, seen)
		if g.b.Err() != nil {
			t.Fatal(g.b.Err())
		}
		values := formula()
		cost := g.b.Dot(value, g.vector("projection", normal("projection", 1, len(values))[0]))
		for operand, node := range in {
			grads, err := engine.Grad(g.b, cost, node)
			if err != nil {
				t.Fatal(err)
			}
			outputs := []*G.Node{cost, value}
			if grads[0] != nil {
				outputs = append(outputs, grads[0])
			}
			g.run(outputs...)
			exact := make([]float64, node.Shape().TotalSize())
			if grads[0] != nil {
				copy(exact, grads[0].Value().Data().([]float64))
			}
			x := node.Value().Data().([]float64)
			for i, was := range x {
				at := func(d float64) float64 {
					x[i] = was + d
					defer func() { x[i] = was }()
					g.run(cost)
					return cost.Value().Data().([]float64)[0]
				}
				const h = 1e-4
				if slope := (4*(at(h/2)-at(-h/2))/h - (at(h)-at(-h))/(2*h)) / 3; math.Abs(slope-exact[i]) > 1e-8 {
					t.Errorf("%s: derivative by %s[%d]: %.12g: want %.12g", name, operand, i, exact[i], slope)
				}
			}
		}
		g.run(value)
		g.equal(name, g.asRow(value), matrix{values})
	}
}

// asRow is a vector as a matrix of one row.
func (w bench) asRow(v *G.Node) *G.Node {
	r := w.b.Reshape(v, 1, v.Shape().TotalSize())
	w.run(r)
	return r
}

// TestErrorFactorAtZero: no signal is no surprise, and no slope.
func TestErrorFactorAtZero(t *testing.T) {
	g := newBench(t)
	s := g.matrix("s", matrix{{0, 0}, {3, -4}})
	m := rules.ErrorFactor{}.Value(g.b, rules.Moment{Signal: s})
	grads, err := engine.Grad(g.b, g.b.Sum(m), s)
	if err != nil {
		t.Fatal(err)
	}
	g.run(m, grads[0])
	g.equal("m", g.asRow(m), matrix{{0, 5}})
	g.equal("derivative", grads[0], matrix{{0, 0}, {0.6, -0.8}})
}

// TestFactorSettings: what modulators start at is finite.
func TestFactorSettings(t *testing.T) {
	for _, m := range []rules.Modulator{rules.ConstantFactor{Start: math.Inf(1)}, rules.ReadoutFactor{Spread: -1}, rules.ReadoutFactor{Bias: math.NaN()}} {
		if settings.Validate("", m) == nil {
			t.Errorf("%+v: want an error", m)
		}
	}
}
