package graph_test

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
)

// remembers is a rule with everything that a rule can have.
//
//	Δ = mean m · (λ ∘ E − 0.1 prev + pᵀ h + Σk · (W(0) − W)) + …
//
// Its variables are of every extent, learned and given; one is left alone, two are a delay line, and one
// holds the weights of before, so that what a step writes is what another variable reads.
type remembers struct{ array bool }

var (
	_ rules.Stateful   = remembers{}
	_ rules.Parametric = remembers{}
	_ rules.Observer   = remembers{}
)

func (remembers) Info() rules.Info { return rules.Info{Name: "test-remembers"} }

func (r remembers) Params() []rules.Param {
	p := []rules.Param{{Name: "lambda", Initial: 0.6}, {Name: "gain", Initial: 0.4, Spread: 0.1, Sparse: true}, {Name: "kept", Initial: 0.3, Fixed: true}}
	if r.array {
		p = append(p, rules.Param{Name: "k", Shape: []int{2, 3}, Initial: 0.05, Spread: 0.02, Sparse: true})
	}
	return p
}

func (remembers) State() []rules.Variable {
	return []rules.Variable{
		{Name: "e", Per: rules.PerSynapse, Initial: 0.1, Learned: true},
		{Name: "older", Per: rules.PerPre},
		{Name: "old", Per: rules.PerPre, Initial: 0.2, Learned: true},
		{Name: "seen", Per: rules.PerPost, Initial: 1},
		{Name: "left", Per: rules.PerPost, Initial: 0.5, Learned: true},
		{Name: "same", Per: rules.PerPost, Initial: 0.25},
		{Name: "before", Per: rules.PerSynapse},
	}
}

func (remembers) Observes() rules.Observed {
	return rules.Observed{Activity: true, PreFeedback: true, Initial: true, Modulator: true}
}

func (r remembers) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	d, _ := r.Next(b, s)
	return d
}

func (r remembers) Next(b *op.Builder, s rules.Synapses) (*G.Node, rules.Values) {
	if b.Err() != nil {
		return nil, nil
	}
	n := float64(s.Pre.Shape()[0])
	in := s.Pre.Shape()[1]
	e := b.Add(rules.Times(b, s.State["e"], s.Params["lambda"]), b.Scale(b.Hebb(s.Post, s.Pre), 1/n))
	m := b.Scale(b.Sum(s.Modulator), 1/float64(s.Modulator.Shape().TotalSize()))
	d := b.ScaleBy(e, m)
	d = b.Add(d, rules.Times(b, b.RowScale(b.Add(s.State["left"], s.State["seen"]), b.Hebb(s.Activity, s.Pre)), s.Params["gain"]))
	d = b.AddScaled(d, s.State["before"], -0.1)
	d = b.Add(d, b.RowScale(s.State["same"], b.ColScale(s.W, s.State["older"])))
	back := rules.Times(b, b.Sub(s.Initial, s.W), s.Params["kept"])
	if r.array {
		back = b.ScaleBy(back, b.Sum(s.Params["k"]))
	}
	d = b.Add(d, back)
	if s.PreFeedback != nil {
		d = b.AddScaled(d, b.Hebb(s.Post, s.PreFeedback), 0.5/n)
	}
	return d, rules.Values{
		"e":     e,
		"older": s.State["old"],
		"old":   b.Reshape(b.Scale(b.SumBias(s.Pre), 1/n), in),
		"seen":  b.AddScaled(b.Scale(s.State["seen"], 0.5), b.ColDot(s.Post, s.Post), 0.5/n),
		"left":  s.State["left"], "same": s.State["same"],
		"before": s.W,
	}
}

// decays is a rule that says what the weights are after a step, with a variable and a parameter.
type decays struct{}

var (
	_ rules.Updater    = decays{}
	_ rules.Parametric = decays{}
	_ rules.Reader     = decays{}
)

func (decays) Info() rules.Info { return rules.Info{Name: "test-decays"} }
func (decays) Params() []rules.Param {
	return []rules.Param{{Name: "lambda", Initial: 0.9}}
}
func (decays) State() []rules.Variable {
	return []rules.Variable{{Name: "n", Per: rules.PerPost, Initial: 1, Learned: true}}
}
func (decays) Observes() rules.Observed { return rules.Observed{Initial: true} }
func (decays) Delta(b *op.Builder, _ rules.Synapses) *G.Node {
	return b.Fail(&rules.NoDeltaError{Rule: "test-decays"})
}
func (decays) Update(b *op.Builder, s rules.Synapses, p op.Plasticity) (*G.Node, rules.Values) {
	kept := b.Add(s.Initial, rules.Times(b, b.Sub(s.W, s.Initial), s.Params["lambda"]))
	return b.Change(kept, b.RowScale(s.State["n"], b.Hebb(s.Post, s.Pre)), p), rules.Values{"n": b.AddScaled(s.State["n"], b.ColDot(s.Post, s.Post), 0.125)}
}
func (decays) Read(b *op.Builder, h *G.Node, s rules.Synapses) *G.Node {
	return b.ColScale(rules.Times(b, b.MatMul(h, s.W, op.N, op.T), b.Sum(s.Params["lambda"])), s.State["n"])
}

// tells is a modulator with parameters: m = tanh(h w + b) (1 + loss) + R of each example, or the mean of it.
type tells struct{ one bool }

type tellsReward struct{ tells }

func (tellsReward) NeedsReward() {}

var _ rules.Rewarded = tellsReward{}

func (tells) Info() rules.Info { return rules.Info{Name: "test-tells"} }
func (tells) Params(top int) []rules.Param {
	return []rules.Param{{Name: "w", Shape: []int{1, top}, Spread: 0.3}, {Name: "b", Initial: 0.5}}
}
func (t tells) Value(b *op.Builder, m rules.Moment) *G.Node {
	if b.Err() != nil {
		return nil
	}
	v := b.Tanh(b.AddBias(b.MatMul(m.Top, m.Params["w"], op.N, op.T), m.Params["b"]))
	v = b.Add(v, b.ScaleBy(v, m.Loss))
	v = b.Reshape(v, v.Shape()[0])
	v = b.AddScaled(v, b.RowSum(b.Mul(m.Signal, m.Answers)), 0.125)
	if m.Reward != nil {
		v = b.Add(v, m.Reward)
	}
	if t.one {
		return b.Scale(b.Sum(v), 1/float64(v.Shape().TotalSize()))
	}
	return v
}
