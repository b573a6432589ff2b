package rules

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/data/suggest"
	"metaplast/graph/op"
)

// Pool is a sum of ten candidate terms whose coefficients are meta-parameters. With an L1 penalty on them
// (rule_penalty of a learner) few terms remain.
//
//	Δ = Σ_n  θ_0 f hᵀ + θ_1 y gᵀ − θ_2 f gᵀ − θ_3 W + θ_4 1 gᵀ
//	       + θ_5 (1ᵀy) f hᵀ − θ_6 (yᵀW g) y gᵀ − θ_7 (yᵀW g) f hᵀ − θ_8 (hᵀWᵀ f) y gᵀ
//	       + θ_9 (y hᵀ − y yᵀW)                                                       [out,in]
//
//	h  [N,in]    presynaptic activity y_{l−1} of the paper; of example n a column [in] in the formula
//	y  [N,out]   activity y_l of the postsynaptic units themselves; softmax ŷ in the output layer under cross-entropy
//	f  [N,out]   feedback f_l = −e_l
//	g  [N,in]    feedback −e_{l−1} of the presynaptic units
//	W  [out,in]  weights at this inner step
//
// The paper's e is the negative of the signal here, since the signal is y − ŷ and theirs ŷ − y: terms
// with one e have the other sign than there, and coefficients mean the same. f and g are −e where feedback is
// linear, gated and without bias, as in the preset fa. Post, and with it β, has no part in the rule.
//
// Where the presynaptic units have no feedback, as below the lowest plastic layer and at biases, terms
// with g are absent. The authors' code sends an error back to the network's inputs too, so that its
// lowest layer has these terms.
//
// The decay y yᵀW of Oja is that of the subspace rule, in which a synapse sees the weights of all other
// units of its layer; oja: local takes y² W instead. The sums over the layer in terms 5 to 8 are not
// local either.
//
// Cost: 2·N·in·out FLOPs for each of f hᵀ and y gᵀ, however many terms share them, for W g, W h and yᵀW,
// and a pass over W for each product that is added. Terms that are not there cost nothing.
//
// Source: Shervani-Tabar & Rosenbaum, Meta-learning biologically plausible plasticity rules with random
// feedback pathways, Nature Communications 14 (2023) 1805. There examples come one at a time, θ_0 starts
// at 0.001 and all others at 0, and θ_0, θ_2 and θ_9 are what remains.
type Pool struct {
	Terms []int   `yaml:"terms" range:"different numbers from 0 to 9" about:"which of the terms there are"`
	Oja   string  `yaml:"oja" range:"subspace or local" about:"the decay of term 9: y yᵀW as published, or y² W, which a synapse can compute"`
	Rate  float64 `yaml:"rate" range:"a finite number" about:"initial value of theta_0, the rate of the pseudo-gradient; all others start at 0"`
}

// The decays of Pool's term 9.
const (
	SubspaceOja = "subspace"
	LocalOja    = "local"
)

var (
	_ Stepper    = Pool{}
	_ Parametric = Pool{}
	_ Observer   = Pool{}
	_ NonLocal   = Pool{}
)

// poolTerms says what each term is, in the symbols of Pool.
var poolTerms = []struct {
	about    string
	feedback bool   // whether there is f in it
	nonlocal string // what a synapse of it sees that it cannot see, empty if nothing
}{
	{"f hᵀ, the pseudo-gradient", true, ""},
	{"y gᵀ, activity by presynaptic feedback", false, ""},
	{"−f gᵀ, Hebb's product of feedback", true, ""},
	{"−W, weight decay", false, ""},
	{"1 gᵀ, presynaptic feedback", false, ""},
	{"(1ᵀy) f hᵀ, by the activity of the layer", true, "the activity of all units of its layer"},
	{"−(yᵀW g) y gᵀ, by a sum over the layer", false, "all weights, activities and feedback of its layer"},
	{"−(yᵀW g) f hᵀ, by a sum over the layer", true, "all weights, activities and feedback of its layer"},
	{"−(hᵀWᵀ f) y gᵀ, by a sum over the layer", true, "all weights, activities and feedback of its layer"},
	{"y hᵀ − y yᵀW, Oja's subspace rule", false, "the weights of all units of its layer, in y yᵀW"},
}

// DefaultPool is the pool as published: all terms, with the subspace rule.
func DefaultPool() Pool {
	return Pool{Terms: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, Oja: SubspaceOja, Rate: 1e-3}
}

// Info describes the rule.
func (Pool) Info() Info {
	return Info{
		Name:    PoolName,
		Summary: "ten candidate terms with learned coefficients, of which a penalty leaves few",
		Formula: "Δ = Σ_n θ_0 f hᵀ + θ_1 y gᵀ − θ_2 f gᵀ − θ_3 W + θ_4 1 gᵀ + θ_5 (1ᵀy) f hᵀ − θ_6 (yᵀW g) y gᵀ − θ_7 (yᵀW g) f hᵀ − θ_8 (hᵀWᵀ f) y gᵀ + θ_9 (y hᵀ − y yᵀW)",
		Source:  "Shervani-Tabar & Rosenbaum, Nature Communications 14 (2023) 1805",
	}
}

// Validate checks the settings.
func (r Pool) Validate() error {
	var f fault.Fields
	f.Check(len(r.Terms) > 0, "terms", fault.Words("none"), "at least one")
	for i, k := range r.Terms {
		f.Check(k >= 0 && k < len(poolTerms) && !slices.Contains(r.Terms[:i], k), "terms", k, fmt.Sprintf("different numbers from 0 to %d", len(poolTerms)-1))
	}
	f.Add("oja", suggest.Unknown("decay", r.Oja, []string{SubspaceOja, LocalOja}))
	f.Check(isFinite(r.Rate), "rate", r.Rate, "a finite number")
	return f.Join()
}

// Params are theta_0 … theta_9, as far as there are terms.
func (r Pool) Params() (list []Param) {
	for k, t := range poolTerms {
		if !r.has(k) {
			continue
		}
		p := Param{Name: theta(k), Sparse: true, About: t.about}
		switch {
		case k == 0:
			p.Initial = r.Rate
		case k == 9 && r.Oja == LocalOja:
			p.About = "y hᵀ − diag(y²) W, Oja's rule"
		}
		list = append(list, p)
	}
	return list
}

// Observes asks for y and g.
func (r Pool) Observes() Observed {
	return Observed{Activity: r.has(1, 5, 6, 7, 8, 9), Probabilities: r.has(1, 5, 6, 7, 8, 9), PreFeedback: r.has(1, 2, 4, 6, 7, 8)}
}

// NonLocal says which terms see what of the layer, and what to have instead.
func (r Pool) NonLocal() string {
	var sees []string // what terms see, and which
	terms, local, oja := map[string][]int{}, []int{}, r.Oja
	for k, t := range poolTerms {
		switch {
		case !r.has(k):
		case t.nonlocal == "", k == 9 && r.Oja == LocalOja:
			local = append(local, k)
		default:
			if terms[t.nonlocal] == nil {
				sees = append(sees, t.nonlocal)
			}
			terms[t.nonlocal] = append(terms[t.nonlocal], k)
			if k == 9 {
				oja, local = LocalOja, append(local, k)
			}
		}
	}
	switch {
	case sees == nil:
		return ""
	case len(local) == 0:
		local = []int{0}
	}
	text := ""
	for _, what := range sees {
		text += fmt.Sprintf("a synapse sees %s (%s); ", what, plural("term", terms[what]))
	}
	text += "want terms: [" + commas(local) + "]"
	if oja != r.Oja {
		text += " and oja: " + oja
	}
	return text
}

func plural(word string, list []int) string {
	if len(list) > 1 {
		word += "s"
	}
	return word + " " + commas(list)
}

func commas(list []int) string {
	text := ""
	for i, k := range list {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprint(k)
	}
	return text
}

func theta(k int) string { return fmt.Sprintf("theta_%d", k) }

// has reports whether there is one of some terms.
func (r Pool) has(terms ...int) bool {
	return slices.ContainsFunc(terms, func(k int) bool { return slices.Contains(r.Terms, k) })
}

// product is s aᵀ b, a part of Δ.
type product struct {
	left, right *G.Node // [N,out], [N,in]
}

// parts are what Δ is a sum of: products, and a multiple of W where keep is not nil.
func (r Pool) parts(b *op.Builder, s Synapses) (list []product, decay *G.Node) {
	if s.Feedback == nil && slices.ContainsFunc(r.Terms, func(k int) bool { return poolTerms[k].feedback }) {
		b.Fail(ErrNoFeedback)
		return nil, nil
	}
	h, y, f, g := s.Pre, s.Activity, s.Feedback, s.PreFeedback
	times := func(k int, x *G.Node) *G.Node { return timesColumns(b, x, s.Params[theta(k)]) }
	var byH, byG *G.Node // left factors of h and of g, [N,out]
	add := func(to **G.Node, x *G.Node, sign float64) {
		switch {
		case *to == nil && sign == 1:
			*to = x
		case *to == nil:
			*to = b.Scale(x, sign)
		default:
			*to = b.AddScaled(*to, x, sign)
		}
	}
	var sum6 *G.Node // yᵀW g [N]
	if g != nil && r.has(6, 7) {
		sum6 = b.RowDot(y, b.MatMul(g, s.W, op.N, op.T))
	}
	if r.has(0) {
		add(&byH, times(0, f), 1)
	}
	if r.has(5) {
		add(&byH, times(5, b.RowScale(b.RowSum(y), f)), 1)
	}
	if r.has(7) && g != nil {
		add(&byH, times(7, b.RowScale(sum6, f)), -1)
	}
	if r.has(9) {
		y9 := times(9, y)
		add(&byH, y9, 1)
		if r.Oja == SubspaceOja {
			list = append(list, product{b.Scale(y9, -1), b.MatMul(y, s.W, op.N, op.N)})
		} else {
			decay = b.ColDot(y9, y)
		}
	}
	if g != nil {
		if r.has(1) {
			add(&byG, times(1, y), 1)
		}
		if r.has(2) {
			add(&byG, times(2, f), -1)
		}
		if r.has(4) {
			add(&byG, times(4, b.Ones(s.Post, s.Post.Shape()...)), 1)
		}
		if r.has(6) {
			add(&byG, times(6, b.RowScale(sum6, y)), -1)
		}
		if r.has(8) {
			add(&byG, times(8, b.RowScale(b.RowDot(f, b.MatMul(h, s.W, op.N, op.T)), y)), -1)
		}
	}
	if byH != nil {
		list = append(list, product{byH, h})
	}
	if byG != nil {
		list = append(list, product{byG, g})
	}
	if r.has(3) && b.Err() == nil {
		out, n := s.W.Shape()[0], float64(s.Pre.Shape()[0])
		rates := Times(b, b.Ones(s.W, out), s.Params[theta(3)])
		if decay == nil {
			decay = b.Scale(rates, n)
		} else {
			decay = b.AddScaled(decay, rates, n)
		}
	}
	return list, decay
}

// timesColumns is x with column i times θ_i, or times the one θ.
func timesColumns(b *op.Builder, x, theta *G.Node) *G.Node {
	if !b.Usable(x, theta) {
		return nil
	}
	if theta.Shape().TotalSize() == 1 {
		return b.ScaleBy(x, b.Reshape(theta, 1))
	}
	return b.ColScale(x, theta)
}

// Delta returns Δ [out,in].
func (r Pool) Delta(b *op.Builder, s Synapses) *G.Node {
	list, decay := r.parts(b, s)
	if b.Err() != nil {
		return nil
	}
	var delta *G.Node
	for _, p := range list {
		if delta == nil {
			delta = b.Hebb(p.left, p.right)
		} else {
			delta = b.AddMatMul(delta, p.left, p.right, op.T, op.N, 1)
		}
	}
	switch {
	case decay == nil && delta == nil:
		return b.Scale(s.W, 0) // all terms that there are have g, and there is none
	case decay == nil:
		return delta
	case delta == nil:
		return b.Scale(b.RowScale(decay, s.W), -1)
	}
	return b.AddScaled(delta, b.RowScale(decay, s.W), -1)
}

// Step returns the weights after the update, product by product.
func (r Pool) Step(b *op.Builder, s Synapses, p op.Plasticity) *G.Node {
	list, decay := r.parts(b, s)
	w := s.W
	if decay != nil {
		w = b.Change(w, b.Scale(b.RowScale(decay, s.W), -1), p)
	}
	for _, d := range list {
		w = b.HebbStep(w, d.left, d.right, p)
	}
	return w
}
