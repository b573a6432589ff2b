package rules_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
	"metaplast/rules"
)

// alone is a rule without its other methods.
type alone struct{ rule rules.Rule }

func (a alone) Info() rules.Info { return rules.Info{Name: "alone"} }
func (a alone) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return a.rule.Delta(b, s)
}

// TestModulated: with a factor for each example, for one for a step, and for rules that weigh examples
// themselves or are asked about one example after the other.
func TestModulated(t *testing.T) {
	for _, of := range []rules.Rule{rules.Hebb{}, alone{rules.Hebb{}}} {
		for _, shape := range []struct{ examples, factors int }{{1, 1}, {4, 4}, {4, 1}} {
			l := normalLife(3, shape.examples, 3, 2)
			for i := range l.m {
				l.m[i] = l.m[i][:shape.factors]
			}
			gain := []float64{1.5, -0.5}
			l.params["modulated_gain"] = gain
			rule := rules.Modulated{Of: of, Gain: 1}
			l.check(t, rule, func(i int, w matrix) matrix {
				p := l.post[i].each(func(n, k int) float64 { return l.post[i][n][k] * l.m[i][n%shape.factors] })
				return w.add(hebb(p, l.pre[i]).scaled(gain), l.alpha)
			})
			l.slopes(t, rule)
		}
	}
}

// TestWeigh: rules weigh examples as if each were alone, where they have no state to share; those with
// state as if each were beside the same state.
func TestWeigh(t *testing.T) {
	for _, c := range []rules.Rule{rules.Hebb{}, rules.Oja{}, rules.Instar{Competition: rules.NoCompetition}, rules.Instar{Competition: rules.SoftmaxCompetition},
		rules.Instar{Competition: rules.WinnerCompetition}, rules.BCM{Tau: 0.3}, rules.Covariance{Mean: rules.RunningMean, Tau: 0.3}, rules.Counted{Of: rules.BCM{Tau: 0.2}, Rho: 0.5}} {
		if _, ok := c.(rules.Weighted); !ok {
			t.Errorf("%s: want a rule that weighs examples", c.Info().Name)
			continue
		}
		const n = 4
		g := newBench(t)
		p, h, m := normal("p", n, 2), normal("h", n, 3), normal("m", 1, n)[0]
		s := rules.Trial(g.b, c, n, 3, 2)
		s.Pre, s.Post, s.W = g.matrix("h", h), g.matrix("p", p), g.matrix("weights", normal("W", 2, 3))
		for name := range s.State {
			shape := s.State[name].Shape()
			s.State[name] = g.bind("at/"+name, normal(name, 1, shape.TotalSize())[0], shape...)
		}
		for name := range s.Params {
			s.Params[name] = g.vector("of/"+name, []float64{0.3})
		}
		have, _ := rules.Weigh(g.b, c, s, g.vector("m", m))
		outputs := []*G.Node{have}
		var each []*G.Node
		for i := range n {
			one := s
			one.Pre, one.Post = g.b.Rows(s.Pre, i, i+1), g.b.Rows(s.Post, i, i+1)
			delta, _ := rules.Changes(g.b, c, one)
			each = append(each, delta)
		}
		if g.b.Err() != nil {
			t.Fatal(g.b.Err())
		}
		g.run(append(outputs, each...)...)
		g.equal(c.Info().Name, have, zeros(2, 3).each(func(i, j int) float64 {
			sum := 0.0
			for n, delta := range each {
				sum += m[n] * delta.Value().Data().([]float64)[i*3+j]
			}
			return sum
		}))
	}
}

// TestModulatedCovariance: means over the examples of a step are those of all, not of one alone.
func TestModulatedCovariance(t *testing.T) {
	l := normalLife(2, 4, 3, 2)
	rule := rules.Modulated{Of: rules.Covariance{Mean: rules.BatchMean, Tau: 0.1}, Gain: 1}
	l.check(t, rule, func(i int, w matrix) matrix {
		return w.add(hebb(centred(l.post[i]).scaled(l.m[i]), centred(l.pre[i])), l.alpha)
	})
	l.slopes(t, rule)
}

// TestWeighOnes: with a weight of 1 for each example, every registered rule that can weigh them is itself.
func TestWeighOnes(t *testing.T) {
	const n = 3
	weighing := 0
	for _, r := range rules.Rules() {
		if _, updates := r.(rules.Updater); updates || !rules.Weighs(r) {
			continue
		}
		weighing++
		g := newBench(t)
		s := rules.Trial(g.b, r, n, 3, 2)
		for _, in := range g.b.Graph().Inputs() {
			shape := in.Shape()
			if err := G.Let(in, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(normal(in.Name(), 1, shape.TotalSize())[0]))); err != nil {
				t.Fatal(err)
			}
		}
		whole, _ := rules.Changes(g.b, r, s)
		have, _ := rules.Weigh(g.b, r, s, g.vector("ones", []float64{1, 1, 1}))
		if g.b.Err() != nil {
			t.Fatal(g.b.Err())
		}
		g.run(whole, have)
		g.equal(r.Info().Name, have, zeros(2, 3).each(func(i, j int) float64 { return whole.Value().Data().([]float64)[i*3+j] }))
	}
	if weighing < 6 {
		t.Errorf("%d rules weigh examples: want hebb, oja, instar, bcm, covariance and counted at least", weighing)
	}
}
