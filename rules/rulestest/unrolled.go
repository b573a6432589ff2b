package rulestest

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"metaplast/data/objective"
	"metaplast/graph/op"
	"metaplast/rules"
)

// unrolled differentiates through several inner steps of a network with one hidden layer,
// by everything that the outer loop may learn: W(0), b, α, B, c, β;
//
//	h = relu(x W_0ᵀ + b_0),  ŷ = h W_1ᵀ + b_1,  s = y − ŷ
//	f_l = s B_lᵀ + c_l,  p_l = β_l f_l + (1 − β_l) h_{l+1},  W_l ← W_l + α_l ∘ Δ_l
//	loss = mean (ŷ − y)² on N more examples, after Steps inner steps
//
// and by the parameters of the rule, which both layers share, by s_l(0) of variables that are learned, and by
// the modulator m_t of every step. State is carried from step to step,
//
// and the update is that of rules.Apply, but by Δ where a rule has Step, which check step looks at. For a rule that does without feedback, there is the same network where the hidden layer has none,
// p_0 = h_1, and the output is clamped, p_1 = f_1 = s.
//
// It is an episode in small, written out, because the rule need not have a name that a
// learner's settings could use.
func (o Options) unrolled(rule rules.Rule, deaf bool) []Finding {
	const hidden = 5
	var found []Finding
	for _, without := range []bool{false, true} {
		if without && !deaf {
			continue
		}
		place := fmt.Sprintf("%d inner steps, N=%d, network %d-%d-%d", o.Steps, o.N, o.In, hidden, o.Out)
		if without {
			place += ", without feedback"
		}
		r, err := o.decide(func(o Options) (result, error) { return o.episodeOf(rule, hidden, without) })
		if err != nil {
			found = append(found, Finding{"unrolled", place, "cannot run: " + err.Error()})
			continue
		}
		found = append(found, r.findings("unrolled", place)...)
	}
	return found
}

func (o Options) episodeOf(rule rules.Rule, hidden int, deaf bool) (result, error) {
	b := op.New(float64s)
	var learned []array
	var err error
	in := func(name string, scale, shift float64, shape ...int) array {
		n := 1
		for _, s := range shape {
			n *= s
		}
		data := o.values("unrolled/"+name, n)
		for i := range data {
			data[i] = shift + scale*data[i]
		}
		a, e := input(b, name, data, shape...)
		if err == nil {
			err = e
		}
		return a
	}
	rows := (o.Steps + 1) * o.N
	x, y := in("x", 1, 0, rows, o.In), in("y", 1, 0, rows, o.Out)
	sizes := []int{o.In, hidden, o.Out}
	layers := make([]rules.Layer, 2)
	slow, state := make([]*G.Node, 2), make([]rules.Values, 2)
	see, params := rules.Sees(rule), rules.Values{}
	for _, p := range rules.ParamsOf(rule) {
		a := in(paramPrefix+p.Name, 0.1, p.Initial, p.Dims()...)
		learned, params[p.Name] = append(learned, a), a.node
	}
	var modulator array
	if see.Modulator {
		modulator = in("modulator", 1, 0, rows)
		learned = append(learned, modulator)
	}
	var alpha, beta, bias []array
	for l := range layers {
		from, to := sizes[l], sizes[l+1]
		name := func(s string) string { return fmt.Sprintf("%s%d", s, l) }
		w := in(name("W"), 0.5, 0, to, from)
		bv := in(name("b"), 0.3, 0, to)
		a := in(name("alpha"), 0.1, 0, to, from)
		alpha, bias = append(alpha, a), append(bias, bv)
		layers[l] = rules.Layer{Dims: rules.Dims{In: from, Out: to, Plastic: true}, W: w.node}
		if l == 0 {
			layers[l].Activation = op.Relu
		}
		learned = append(learned, w, bv, a)
		slow[l], state[l] = w.node, rules.Values{}
		for _, v := range rules.StateOf(rule) {
			vary := 0.0
			if v.Learned {
				vary = 0.1
			}
			s := in(fmt.Sprintf("%s%s%d", statePrefix, v.Name, l), vary, v.Initial, v.Dims(from, to)...)
			state[l][v.Name] = s.node
			if v.Learned {
				learned = append(learned, s)
			}
		}
		if deaf {
			continue
		}
		fb, fc := in(name("B"), 0.5, 0, to, o.Out), in(name("c"), 0.3, 0, to)
		s := in(name("beta"), 0.1, 0.5, 1)
		beta = append(beta, s)
		layers[l].B, layers[l].C = fb.node, fc.node
		learned = append(learned, fb, fc, s)
	}
	if err != nil {
		return result{}, err
	}
	for t := range o.Steps {
		h := b.Rows(x.node, t*o.N, (t+1)*o.N)
		target := b.Rows(y.node, t*o.N, (t+1)*o.N)
		pre := h
		for l := range layers {
			h = b.Dense(h, layers[l].W, bias[l].node, layers[l].Activation)
			layers[l].H = h
		}
		top := rules.TopDown{Signal: rules.Signal(b, rules.Error, objective.MSE, h, target, false), Layers: layers}
		feedback := rules.Direct{}.Feedback(b, top) // nil for layers without B
		if err := b.Err(); err != nil {
			return result{}, err
		}
		for l := range layers {
			post := layers[l].H
			switch {
			case !deaf:
				post = b.Post(feedback[l], post, beta[l].node)
			case l == len(layers)-1:
				post, feedback[l] = top.Signal, top.Signal
			}
			seen := rules.Synapses{Pre: pre, Post: post, Feedback: feedback[l], W: layers[l].W, Params: params, State: state[l]}
			if see.Activity {
				seen.Activity = layers[l].H
			}
			if see.PreFeedback && l > 0 {
				seen.PreFeedback = feedback[l-1]
			}
			if see.Initial {
				seen.Initial = slow[l]
			}
			if see.Modulator {
				seen.Modulator = b.Rows(modulator.node, t*o.N, (t+1)*o.N)
			}
			layers[l].W, state[l] = applied(b, rule, seen, op.Plasticity{Alpha: alpha[l].node, Scale: 1})
			if err := b.Err(); err != nil {
				return result{}, err
			}
			pre = layers[l].H
		}
	}
	h := b.Rows(x.node, o.Steps*o.N, rows)
	for l := range layers {
		h = b.Dense(h, layers[l].W, bias[l].node, layers[l].Activation)
	}
	loss := b.MSE(h, b.Rows(y.node, o.Steps*o.N, rows))
	if err := b.Err(); err != nil {
		return result{}, err
	}
	return o.against(b, loss, learned)
}

// applied is rules.Apply by Δ, unless the rule is an Updater.
func applied(b *op.Builder, rule rules.Rule, s rules.Synapses, p op.Plasticity) (*G.Node, rules.Values) {
	if _, updates := rule.(rules.Updater); updates {
		return rules.Apply(b, rule, s, p)
	}
	delta, next := rules.Changes(b, rule, s)
	return b.Change(s.W, delta, p), next
}
