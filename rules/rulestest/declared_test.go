package rulestest_test

import (
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// declares is a rule given by what it declares and a function.
type declares struct {
	name   string
	params []rules.Param
	state  []rules.Variable
	sees   rules.Observed
	far    string // NonLocal
	next   func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values)
}

var (
	_ rules.Parametric = declares{}
	_ rules.Stateful   = declares{}
	_ rules.Observer   = declares{}
	_ rules.NonLocal   = declares{}
	_ rules.Updater    = updating{}
	_ rules.Reader     = reading{}
)

func (r declares) Info() rules.Info         { return rules.Info{Name: r.name, Formula: "as in the test"} }
func (r declares) Params() []rules.Param    { return r.params }
func (r declares) State() []rules.Variable  { return r.state }
func (r declares) Observes() rules.Observed { return r.sees }
func (r declares) NonLocal() string         { return r.far }
func (r declares) Next(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
	return r.next(b, s)
}
func (r declares) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	delta, _ := r.next(b, s)
	return delta
}

// updating is a rule that says what the weights are after a step.
type updating struct {
	declares
	update func(b *op.Builder, s rules.Synapses, p op.Plasticity) (*G.Node, rules.Values)
}

func (r updating) Delta(b *op.Builder, _ rules.Synapses) *G.Node {
	return b.Fail(&rules.NoDeltaError{Rule: r.name})
}
func (r updating) Next(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
	return r.Delta(b, s), nil
}
func (r updating) Update(b *op.Builder, s rules.Synapses, p op.Plasticity) (*G.Node, rules.Values) {
	return r.update(b, s, p)
}

// otherDelta is a rule whose Delta is not the first result of Next.
type otherDelta struct{ declares }

func (r otherDelta) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return b.Scale(b.Hebb(s.Post, s.Pre), 0.5)
}

// reading is a rule that says how answers are read.
type reading struct {
	declares
	read func(b *op.Builder, h *G.Node, s rules.Synapses) *G.Node
}

func (r reading) Read(b *op.Builder, h *G.Node, s rules.Synapses) *G.Node { return r.read(b, h, s) }

// stepping is a rule with state whose Step loses it.
type stepping struct{ declares }

func (r stepping) Step(b *op.Builder, s rules.Synapses, p op.Plasticity) *G.Node {
	return b.Change(s.W, r.Delta(b, s), p)
}

// silent is a rule with state and no way to carry it on.
type silent struct{ rule }

func (silent) State() []rules.Variable {
	return []rules.Variable{{Name: "x", Per: rules.PerPost}}
}

var (
	lambda   = rules.Param{Name: "lambda", Initial: 0.9}
	synaptic = rules.Variable{Name: "e", Per: rules.PerSynapse}
	third    = rules.Observed{Modulator: true}
)

// eligibility is E ← λE + Hebb, applied as m ∘ E with the mean of m over the examples.
func eligibility(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
	e := b.Add(rules.Times(b, s.State["e"], s.Params["lambda"]), b.Hebb(s.Post, s.Pre))
	return b.ScaleBy(e, mean(b, s.Modulator)), rules.Values{"e": e}
}

func mean(b *op.Builder, x *G.Node) *G.Node {
	if b.Err() != nil {
		return nil
	}
	return b.Scale(b.Sum(x), 1/float64(x.Shape().TotalSize()))
}

func hebbian(b *op.Builder, s rules.Synapses) *G.Node { return b.Hebb(s.Post, s.Pre) }

// scaled multiplies by a node without a derivative for it.
func scaled(b *op.Builder, x, theta *G.Node) *G.Node {
	return rules.Times(b, x, b.StopGradient(theta))
}

// TestDeclared shows that Check passes what is right of rules with parameters, state, a third factor and more
// to see.
func TestDeclared(t *testing.T) {
	for _, r := range []rules.Rule{
		declares{name: "eligible", params: []rules.Param{lambda}, state: []rules.Variable{synaptic}, sees: third, next: eligibility},
		declares{name: "learned-beginning", params: []rules.Param{lambda}, sees: third, next: eligibility,
			state: []rules.Variable{{Name: "e", Per: rules.PerSynapse, Initial: 0.3, Learned: true}}},
		declares{name: "sliding", state: []rules.Variable{{Name: "theta", Per: rules.PerPost, Initial: 1}, {Name: "rate", Per: rules.PerPre}},
			next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				next := rules.Values{
					"theta": b.Add(b.Scale(s.State["theta"], 0.5), b.ColDot(s.Post, s.Post)),
					"rate":  b.Add(b.Scale(s.State["rate"], 0.5), b.SumBias(s.Pre)),
				}
				return b.Hebb(b.Sub(s.Post, b.TileBias(s.State["theta"], s.Post.Shape())), b.ColScale(s.Pre, s.State["rate"])), next
			}},
		declares{name: "unit-hears-its-synapses", state: []rules.Variable{{Name: "drive", Per: rules.PerPost}},
			next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				return b.RowScale(s.State["drive"], hebbian(b, s)), rules.Values{"drive": b.RowSum(hebbian(b, s))}
			}},
		declares{name: "sees-all", params: []rules.Param{{Name: "k", Shape: []int{2, 2}, Spread: 1}},
			sees: rules.Observed{Activity: true, PreFeedback: true, Initial: true},
			next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				d := b.Add(b.Hebb(b.Mul(s.Activity, s.Post), s.Pre), b.Sub(s.Initial, s.W))
				if s.PreFeedback != nil {
					d = b.Add(d, b.Hebb(s.Post, s.PreFeedback))
				}
				return b.ScaleBy(d, b.Sum(s.Params["k"])), nil
			}},
		declares{name: "left-alone", state: []rules.Variable{{Name: "x", Per: rules.PerPost, Initial: 2}},
			next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				return b.RowScale(s.State["x"], hebbian(b, s)), s.State
			}},
		declares{name: "subspace", far: "p pᵀ W has the rows of other units",
			next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				return b.Sub(hebbian(b, s), b.MatMul(b.Hebb(s.Post, s.Post), s.W, op.N, op.N)), nil
			}},
		updating{declares{name: "to-slow", params: []rules.Param{lambda}, sees: rules.Observed{Initial: true}},
			func(b *op.Builder, s rules.Synapses, p op.Plasticity) (*G.Node, rules.Values) {
				kept := b.Add(s.Initial, rules.Times(b, b.Sub(s.W, s.Initial), s.Params["lambda"]))
				return b.Change(kept, hebbian(b, s), p), nil
			}},
		reading{declares{name: "prototypes", params: []rules.Param{lambda}, state: []rules.Variable{{Name: "n", Per: rules.PerPost, Initial: 1}},
			next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				return b.RowScale(s.State["n"], hebbian(b, s)), rules.Values{"n": b.Add(s.State["n"], b.ColDot(s.Post, s.Post))}
			}}, func(b *op.Builder, h *G.Node, s rules.Synapses) *G.Node {
			return b.ColScale(b.MatMul(h, s.W, op.N, op.T), rules.Times(b, s.State["n"], s.Params["lambda"]))
		}},
	} {
		for seed := range uint64(2) {
			if rec := check(r, rulestest.Options{Seed: seed}); rec.failed {
				t.Errorf("%s, seed %d:\n%s", r.Info().Name, seed, strings.Join(rec.lines, "\n"))
			}
		}
	}
}

// TestDeclaredFaults shows that Check fails on what is wrong with what rules declare, by the check that is meant
// for it.
func TestDeclaredFaults(t *testing.T) {
	eligible := func(change func(r *declares)) declares {
		r := declares{name: "eligible", params: []rules.Param{lambda}, state: []rules.Variable{synaptic}, sees: third, next: eligibility}
		change(&r)
		return r
	}
	state := func(name string, v rules.Variable, next func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node)) declares {
		return declares{name: name, state: []rules.Variable{v}, next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
			delta, x := next(b, s, s.State[v.Name])
			return delta, rules.Values{v.Name: x}
		}}
	}
	perPost, perPre := rules.Variable{Name: "x", Per: rules.PerPost}, rules.Variable{Name: "x", Per: rules.PerPre}
	builds := 0
	for _, c := range []struct {
		rule  rules.Rule
		wants []string
	}{
		{eligible(func(r *declares) {
			r.next = func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				e := b.Add(scaled(b, s.State["e"], s.Params["lambda"]), hebbian(b, s))
				return b.ScaleBy(e, mean(b, s.Modulator)), rules.Values{"e": e}
			}
		}), []string{"derivative: ", "by param/lambda[0]: derivative is 0", "unrolled: "}},
		{eligible(func(r *declares) {
			r.next = func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				d, next := eligibility(b, s)
				return d, rules.Values{"e": b.StopGradient(next["e"])}
			}
		}), []string{"derivative: ", "unrolled: "}},
		{eligible(func(r *declares) {
			r.next = func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				s.State = rules.Values{"e": b.StopGradient(s.State["e"])}
				return eligibility(b, s)
			}
		}), []string{"by state/e[0,0]: derivative is 0"}},
		{state("lost-beginning", rules.Variable{Name: "x", Per: rules.PerSynapse, Learned: true}, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return b.Add(hebbian(b, s), b.StopGradient(x)), x
		}), []string{"unrolled: ", "by state/x0[0,0]: derivative is 0"}},
		{declares{name: "wrong-per-neuron", params: []rules.Param{lambda}, next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
			theta := s.Params["lambda"]
			if theta.Shape()[0] > 1 {
				theta = b.StopGradient(theta)
			}
			return rules.Times(b, hebbian(b, s), theta), nil
		}}, []string{"derivative: N=4 in=3 out=2, parameters per neuron, by param/lambda[0]: derivative is 0"}},
		{eligible(func(r *declares) {
			r.next = func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				s.Modulator = b.StopGradient(s.Modulator)
				return eligibility(b, s)
			}
		}), []string{"derivative: ", "by modulator[0]: derivative is 0", "unrolled: "}},
		{eligible(func(r *declares) {
			r.next = func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				if b.Err() == nil && s.Modulator.Shape()[0] != s.Pre.Shape()[0] {
					return b.Fail(op.ErrForeignGraph), nil
				}
				return eligibility(b, s)
			}
		}), []string{"shapes: ", "one modulator for all examples"}},
		{eligible(func(r *declares) {
			r.next = func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				d, next := eligibility(b, s)
				next["f"] = d
				return d, next
			}
		}), []string{"shapes: ", "variable f after the step: want only those that State declares"}},
		{eligible(func(r *declares) {
			r.next = func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
				d, _ := eligibility(b, s)
				return d, nil
			}
		}), []string{"shapes: ", "variable e: there is none after the step"}},
		{eligible(func(r *declares) { r.params = nil }), []string{"shapes: "}},
		{eligible(func(r *declares) { r.sees = rules.Observed{} }), []string{"shapes: "}},
		{eligible(func(r *declares) { r.state[0].Per = rules.PerPost }), []string{"shapes: "}},
		{eligible(func(r *declares) { r.state[0].Per = "unit" }), []string{"declared: ", "synapse, post or pre"}},
		{eligible(func(r *declares) { r.state[0].Name = "lambda" }), []string{"declared: ", "no other parameter or variable"}},
		{eligible(func(r *declares) { r.far = "it is said to be" }), []string{"locality: ", "says that it is not local, \"it is said to be\", and is"}},
		{silent{rule{"no-next", hebbian}}, []string{"declared: ", "method Next, or Update"}},
		{stepping{eligible(func(*declares) {})}, []string{"declared: ", "Step"}},
		{otherDelta{eligible(func(*declares) {})}, []string{"delta: ", "by Delta and", "by Next"}},
		{state("wrong-shape", perPost, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return hebbian(b, s), b.SumBias(s.Pre)
		}), []string{"shapes: ", "variable x has shape [3] after the step: want [2], as post says"}},
		{state("other-units", perPost, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return b.RowScale(x, hebbian(b, s)), b.SumBias(b.Softmax(s.Post))
		}), []string{"locality: ", "s(t+1) x[1] changes", "with post[0,0]: of post it may see post[:,1] only"}},
		{state("other-states", perPost, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return b.ScaleBy(hebbian(b, s), b.Sum(x)), b.SumBias(s.Post)
		}), []string{"locality: ", "Δ[1,0] changes", "with state/x[0]: of state/x it may see state/x[1] only"}},
		{state("other-rows", synaptic, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return b.Add(hebbian(b, s), x), b.ScaleBy(b.Add(x, s.W), b.Sum(s.W))
		}), []string{"locality: ", "s(t+1) e[1,0] changes", "with W[0,0]: of W it may see W[1,:] only"}},
		{state("other-inputs", synaptic, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return b.Add(hebbian(b, s), x), b.RowScale(b.RowSum(hebbian(b, s)), s.W)
		}), []string{"locality: ", "s(t+1) e[0,1] changes", "with pre[0,0]: of pre it may see pre[:,1] only"}},
		{state("input-hears-outputs", perPre, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return b.ColScale(hebbian(b, s), x), b.SumBias(hebbian(b, s))
		}), []string{"locality: ", "s(t+1) x[0] changes", "with post[0,0]: of post it may see nothing"}},
		{state("hears-other-inputs", perPre, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return b.ColScale(hebbian(b, s), b.Softmax(b.Reshape(x, 1, s.Pre.Shape()[1]))), b.SumBias(s.Pre)
		}), []string{"shapes: "}},
		{declares{name: "other-parameters", params: []rules.Param{{Name: "a", Initial: 1}}, next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
			return b.ScaleBy(hebbian(b, s), b.Sum(s.Params["a"])), nil
		}}, []string{"locality: N=4 in=3 out=2, parameters per neuron", "of param/a it may see param/a[1] only"}},
		{declares{name: "other-activity", sees: rules.Observed{Activity: true}, next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
			return b.Hebb(b.Softmax(s.Activity), s.Pre), nil
		}}, []string{"locality: ", "of activity it may see activity[:,1] only"}},
		{declares{name: "must-have-pre-feedback", sees: rules.Observed{PreFeedback: true}, next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
			return b.Hebb(s.Post, b.Mul(s.PreFeedback, s.Pre)), nil
		}}, []string{"shapes: ", "presynaptic units without feedback"}},
		{declares{name: "other-initial", sees: rules.Observed{Initial: true}, next: func(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
			return b.Sub(s.W, b.StopGradient(s.Initial)), nil
		}}, []string{"derivative: ", "by W(0)[0,0]: derivative is 0"}},
		{state("one-example", perPost, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return b.RowScale(x, hebbian(b, s)), b.SumBias(b.Rows(s.Post, 0, 1))
		}), []string{"examples: ", "s(t+1) x["}},
		{state("inverse", perPost, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			return b.Mul(hebbian(b, s), b.Div(s.W, b.RowScale(x, b.OnesLike(s.W)))), b.Add(x, b.ColDot(s.Post, s.Post))
		}), []string{"finite: ", "in the first step"}},
		{state("memory-written", perPost, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			o := differentiable{square: newSquare(x), b: b, factor: 1}
			o.inPlace = true
			return b.RowScale(b.Apply(o, x), hebbian(b, s)), b.ColDot(s.Post, s.Post)
		}), []string{"inputs: ", "want operands not to be written to"}},
		{state("new-each-build", perPost, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			builds++
			return hebbian(b, s), b.Scale(b.ColDot(s.Post, s.Post), 1+1e-9*float64(builds))
		}), []string{"determinism: ", "s(t+1) x"}},
		{state("single-other", perPost, func(b *op.Builder, s rules.Synapses, x *G.Node) (*G.Node, *G.Node) {
			next := b.ColDot(s.Post, s.Post)
			if b.Dtype() != G.Float64 {
				next = b.Scale(next, 1.01)
			}
			return hebbian(b, s), next
		}), []string{"float32: ", "s(t+1) x"}},
		{updating{declares{name: "deltas-too"}, func(b *op.Builder, s rules.Synapses, p op.Plasticity) (*G.Node, rules.Values) {
			p.Alpha = b.StopGradient(p.Alpha)
			return b.Change(s.W, hebbian(b, s), p), nil
		}}, []string{"update: ", "by α[0"}},
		{updating{declares{name: "synapses-only"}, func(b *op.Builder, s rules.Synapses, p op.Plasticity) (*G.Node, rules.Values) {
			return b.Add(s.W, b.Mul(p.Alpha, hebbian(b, s))), nil
		}}, []string{"update: N=4 in=3 out=2, no α"}},
		{updating{declares{name: "other-detached"}, func(b *op.Builder, s rules.Synapses, p op.Plasticity) (*G.Node, rules.Values) {
			w := b.Change(s.W, hebbian(b, s), p)
			if p.Detach {
				return b.Scale(w, 2), nil
			}
			return w, nil
		}}, []string{"update: ", "with Δ detached the new weights are others"}},
		{updating{declares{name: "other-norms"}, func(b *op.Builder, s rules.Synapses, p op.Plasticity) (*G.Node, rules.Values) {
			w := b.Change(s.W, hebbian(b, s), p)
			return b.ScaleBy(w, b.Dot(w, w)), nil
		}}, []string{"locality: ", "W′[1,0] changes", "of α it may see α[1,:] only"}},
		{reading{eligible(func(*declares) {}), func(b *op.Builder, h *G.Node, s rules.Synapses) *G.Node {
			return b.MatMul(h, b.StopGradient(s.W), op.N, op.T)
		}}, []string{"read: ", "by W[0,0]: derivative is 0"}},
		{reading{eligible(func(*declares) {}), func(b *op.Builder, h *G.Node, s rules.Synapses) *G.Node { return h }}, []string{"read: ", "the answers have shape"}},
	} {
		rec := check(c.rule, rulestest.Options{})
		all := strings.Join(rec.lines, "\n")
		if !rec.failed {
			t.Errorf("%s: passes: want %q", c.rule.Info().Name, c.wants)
			continue
		}
		for _, want := range c.wants {
			if !strings.Contains(all, want) {
				t.Errorf("%s: messages do not say %q:\n%s", c.rule.Info().Name, want, all)
			}
		}
	}
}
