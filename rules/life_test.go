package rules_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// life is what the synapses of a layer see in the steps of an episode: matrices with a row for each
// example, weights, third factors and parameters.
type life struct {
	pre, post []matrix
	m         [][]float64
	w         matrix
	params    map[string][]float64
	alpha     float64
}

// normalLife draws one.
func normalLife(steps, n, in, out int) life {
	l := life{w: normal("life/W", out, in), params: map[string][]float64{}, alpha: 0.3}
	for t := range steps {
		l.pre = append(l.pre, normal(fmt.Sprintf("life/h%d", t), n, in))
		l.post = append(l.post, normal(fmt.Sprintf("life/p%d", t), n, out))
		l.m = append(l.m, normal(fmt.Sprintf("life/m%d", t), 1, n)[0])
	}
	return l
}

// lived is the graph of a life under a rule.
type lived struct {
	bench
	w      []*G.Node // after each step
	state  []rules.Values
	inputs map[string]*G.Node
}

// live unrolls a rule, and runs it.
func (l life) live(t *testing.T, rule rules.Rule) lived {
	t.Helper()
	if err := rules.CheckDeclared(rule); err != nil {
		t.Fatal(err)
	}
	g := lived{bench: newBench(t), inputs: map[string]*G.Node{}}
	keep := func(name string, n *G.Node) *G.Node {
		g.inputs[name] = n
		return n
	}
	w := keep("W", g.matrix("W", l.w))
	initial := w
	params, state := rules.Values{}, rules.Values{}
	for _, p := range rules.ParamsOf(rule) {
		v, given := l.params[p.Name]
		if !given {
			v = []float64{p.Initial}
		}
		params[p.Name] = keep("param "+p.Name, g.vector("param/"+p.Name, v))
	}
	for _, v := range rules.StateOf(rule) {
		dims := v.Dims(len(l.w[0]), len(l.w))
		size := 1
		for _, d := range dims {
			size *= d
		}
		state[v.Name] = keep("state "+v.Name, g.bind("state/"+v.Name, slices.Repeat([]float64{v.Initial}, size), dims...))
	}
	for i := range l.pre {
		at := fmt.Sprint(i)
		s := rules.Synapses{Pre: keep("pre "+at, g.matrix("h"+at, l.pre[i])), Post: keep("post "+at, g.matrix("p"+at, l.post[i])), W: w, Params: params, State: state}
		if rules.Sees(rule).Modulator {
			s.Modulator = keep("m "+at, g.vector("m"+at, l.m[i]))
		}
		if rules.Sees(rule).Initial {
			s.Initial = initial
		}
		before := maps.Clone(state)
		next := rules.Values(nil)
		w, next = rules.Apply(g.b, rule, s, op.Plasticity{Scale: l.alpha})
		if g.b.Err() != nil {
			t.Fatal(g.b.Err())
		}
		if !maps.Equal(before, state) {
			t.Fatal("the rule has changed the state that it was given")
		}
		state = next
		g.w, g.state = append(g.w, w), append(g.state, next)
	}
	outputs := slices.Clone(g.w)
	for _, s := range g.state {
		for _, name := range slices.Sorted(maps.Keys(s)) {
			outputs = append(outputs, s[name])
		}
	}
	g.run(outputs...)
	return g
}

// gradient is the derivative of the inner product of the last weights and state with fixed random numbers.
type gradient struct {
	lived
	names []string // of inputs
	exact [][]float64
	cost  func() float64
}

func (l life) gradient(t *testing.T, rule rules.Rule) gradient {
	t.Helper()
	g := gradient{lived: l.live(t, rule)}
	last := len(g.w) - 1
	project := func(name string, n *G.Node) *G.Node {
		x := normal("life/R/"+name, 1, n.Shape().TotalSize())[0]
		return g.b.Dot(n, g.bind("R/"+name, x, n.Shape()...))
	}
	cost := project("W", g.w[last])
	for _, name := range slices.Sorted(maps.Keys(g.state[last])) {
		cost = g.b.Add(cost, project(name, g.state[last][name]))
	}
	g.names = slices.Sorted(maps.Keys(g.inputs))
	var wrt []*G.Node
	for _, name := range g.names {
		wrt = append(wrt, g.inputs[name])
	}
	grads, err := engine.Grad(g.b, cost, wrt...)
	if err != nil {
		t.Fatal(err)
	}
	outputs := []*G.Node{cost}
	for _, d := range grads {
		if d != nil {
			outputs = append(outputs, d)
		}
	}
	vm, err := engine.Sequential(g.b, outputs)
	if err != nil {
		t.Fatal(err)
	}
	g.cost = func() float64 {
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		return cost.Value().Data().([]float64)[0]
	}
	g.cost()
	for i, d := range grads {
		x := make([]float64, wrt[i].Shape().TotalSize())
		if d != nil {
			copy(x, d.Value().Data().([]float64))
		}
		g.exact = append(g.exact, x)
	}
	return g
}

// slopes compares the derivative of the last weights, and of the last state, by everything that a life
// has, with central differences.
func (l life) slopes(t *testing.T, rule rules.Rule) {
	t.Helper()
	g := l.gradient(t, rule)
	const h = 1e-4
	for i, name := range g.names {
		x := g.inputs[name].Value().Data().([]float64)
		for j, was := range x {
			at := func(d float64) float64 {
				x[j] = was + d
				defer func() { x[j] = was }()
				return g.cost()
			}
			// Richardson's extrapolation: the error is of fourth order.
			want := (4*(at(h/2)-at(-h/2))/h - (at(h)-at(-h))/(2*h)) / 3
			if have := g.exact[i][j]; !(math.Abs(have-want) <= 1e-8*(1+math.Abs(want))) {
				t.Errorf("%s: derivative by %s[%d]: %.12g: want %.12g", rule.Info().Name, name, j, have, want)
			}
		}
	}
}

// check runs a rule for a life and compares weights after every step with those of a reference, which
// returns them from those of before.
func (l life) check(t *testing.T, rule rules.Rule, step func(t int, w matrix) matrix) lived {
	t.Helper()
	g := l.live(t, rule)
	w := l.w
	for i := range l.pre {
		w = step(i, w)
		g.equal(fmt.Sprintf("W(%d)", i+1), g.w[i], w)
	}
	return g
}

// hebb is Σ_n p_n h_nᵀ.
func hebb(p, h matrix) matrix { return p.transposed().times(h) }

// add is a + s c.
func (m matrix) add(c matrix, s float64) matrix {
	return m.each(func(i, j int) float64 { return m[i][j] + s*c[i][j] })
}

// scaled is row n of m times v[n].
func (m matrix) scaled(v []float64) matrix {
	return m.each(func(i, j int) float64 { return m[i][j] * v[i] })
}

func mean(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s / float64(len(v))
}
