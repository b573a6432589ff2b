package rules_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// TestTaylor compares the polynomial with its formula, sum by sum.
func TestTaylor(t *testing.T) {
	const n, in, out = 5, 3, 2
	h, p, f, y, w := normal("h", n, in), normal("p", n, out), normal("f", n, out), normal("y", n, out), normal("W", out, in)
	m := normal("m", 1, n)[0]
	for name, rule := range map[string]rules.Taylor{
		"all":            rules.DefaultTaylor(),
		"degree 1":       {Degree: 1, Post: rules.MixedPost, Factor: rules.NoFactor, FactorDegree: 1},
		"some":           {Degree: 2, Post: rules.MixedPost, Factor: rules.NoFactor, FactorDegree: 1, Terms: []string{"201", "021", "110"}},
		"activity":       {Degree: 2, Post: rules.ActivityPost, Factor: rules.NoFactor, FactorDegree: 1},
		"feedback":       {Degree: 2, Post: rules.MixedPost, Factor: rules.FeedbackFactor, FactorDegree: 2},
		"modulator":      {Degree: 2, Post: rules.MixedPost, Factor: rules.ModulatorFactor, FactorDegree: 1},
		"some modulated": {Degree: 2, Post: rules.ActivityPost, Factor: rules.ModulatorFactor, FactorDegree: 2, Terms: []string{"1101", "0212", "0000"}},
	} {
		for _, per := range []string{"network", "neuron"} {
			t.Run(name+" per "+per, func(t *testing.T) {
				b := newBench(t)
				s := rules.Synapses{Pre: b.matrix("h", h), Post: b.matrix("p", p), Feedback: b.matrix("f", f), W: b.matrix("W", w),
					Activity: b.matrix("y", y), Modulator: b.vector("m", m), Params: rules.Values{}}
				theta := map[string][]float64{}
				for _, param := range rules.ParamsOf(rule) {
					index := strings.TrimPrefix(param.Name, "theta_")
					theta[index] = normal(param.Name, 1, map[string]int{"network": 1, "neuron": out}[per])[0]
					s.Params[param.Name] = b.vector(param.Name, theta[index])
				}
				delta := rule.Delta(b.b, s)
				b.run(delta)
				b.within("Δ", delta, w.each(func(i, j int) (sum float64) {
					for index, c := range theta {
						e := func(k int) float64 {
							if k >= len(index) {
								return 0
							}
							return float64(index[k] - '0')
						}
						for k := range n {
							post, factor := p[k][i], m[k]
							if rule.Post == rules.ActivityPost {
								post = y[k][i]
							}
							if rule.Factor == rules.FeedbackFactor {
								factor = f[k][i]
							}
							sum += c[i%len(c)] * math.Pow(h[k][j], e(0)) * math.Pow(post, e(1)) * math.Pow(w[i][j], e(2)) * math.Pow(factor, e(3))
						}
					}
					return sum
				}), 1e-12)
			})
		}
	}
}

// TestTaylorOneModulator: a modulator for all examples is one for each, all alike.
func TestTaylorOneModulator(t *testing.T) {
	b := newBench(t)
	rule := rules.DefaultTaylor()
	rule.Factor, rule.Terms = rules.ModulatorFactor, []string{"1101", "0110"}
	s := rules.Synapses{Pre: b.matrix("h", normal("h", 4, 3)), Post: b.matrix("p", normal("p", 4, 2)), W: b.matrix("W", normal("W", 2, 3)),
		Params: rules.Values{"theta_1101": b.vector("t1", []float64{0.7}), "theta_0110": b.vector("t2", []float64{-0.4})}}
	var deltas []*G.Node
	for i, m := range [][]float64{{-1.3}, {-1.3, -1.3, -1.3, -1.3}} {
		s.Modulator = b.vector(fmt.Sprint("m", i), m)
		deltas = append(deltas, rule.Delta(b.b, s))
	}
	b.run(deltas...)
	if one, each := deltas[0].Value().Data().([]float64), deltas[1].Value().Data().([]float64); !slices.Equal(one, each) {
		t.Errorf("%v with one for all, %v with one for each", one, each)
	}
}

func TestTaylorParams(t *testing.T) {
	rule := rules.DefaultTaylor()
	if n := len(rule.Params()); n != 27 {
		t.Errorf("%d coefficients of degree 2: want 27", n)
	}
	rule.Terms, rule.Theta, rule.Spread = []string{"021", "110", "002"}, map[string]float64{"021": -1, "110": 1}, 0.1
	want := []rules.Param{
		{Name: "theta_002", Spread: 0.1, Sparse: true, About: "weight²"},
		{Name: "theta_021", Initial: -1, Spread: 0.1, Sparse: true, About: "post² · weight"},
		{Name: "theta_110", Initial: 1, Spread: 0.1, Sparse: true, About: "pre · post"},
	}
	if have := rule.Params(); fmt.Sprint(have) != fmt.Sprint(want) {
		t.Errorf("%+v\nwant %+v", have, want)
	}
	rule = rules.DefaultTaylor()
	rule.Factor = rules.FeedbackFactor
	list := rule.Params()
	if last := list[len(list)-1]; len(list) != 54 || last.Name != "theta_2221" || last.About != "pre² · post² · weight² · feedback" || list[0].About != "1, a drift" {
		t.Errorf("%d, last %+v, first %+v", len(list), last, list[0])
	}
}

func TestTaylorValidate(t *testing.T) {
	for want, set := range map[string]func(*rules.Taylor){
		"":                                     func(r *rules.Taylor) { r.Theta = map[string]float64{"110": 1, "021": -1} },
		"degree: 3, want 1 or 2":               func(r *rules.Taylor) { r.Degree = 3 },
		"factor_degree: 0, want 1 or 2":        func(r *rules.Taylor) { r.FactorDegree = 0 },
		`post: unknown post "pots"`:            func(r *rules.Taylor) { r.Post = "pots" },
		`factor: unknown factor ""`:            func(r *rules.Taylor) { r.Factor = "" },
		"spread: NaN, want a finite":           func(r *rules.Taylor) { r.Spread = math.NaN() },
		"theta.110: NaN, want a finite number": func(r *rules.Taylor) { r.Theta = map[string]float64{"110": math.NaN()} },
		"theta.120: unknown, want indices from 000 to 111, a power from 0 to 1 of pre, post and weight each": func(r *rules.Taylor) {
			r.Degree, r.Theta = 1, map[string]float64{"120": 1}
		},
		"theta.1101: unknown, want indices from 000 to 222": func(r *rules.Taylor) { r.Theta = map[string]float64{"1101": 1} },
		"theta.110: unknown, want indices from 0000 to 2222, a power from 0 to 2 of pre, post and weight each and one from 0 to 2 of the modulator": func(r *rules.Taylor) {
			r.Factor, r.FactorDegree, r.Theta = rules.ModulatorFactor, 2, map[string]float64{"110": 1}
		},
		"theta.021: not among terms, want one of 011, 110": func(r *rules.Taylor) {
			r.Terms, r.Theta = []string{"110", "011"}, map[string]float64{"021": 1}
		},
		"terms: \"110\", want different indices": func(r *rules.Taylor) { r.Terms = []string{"110", "110"} },
		"terms: \"11\", want different indices":  func(r *rules.Taylor) { r.Terms = []string{"11"} },
	} {
		rule := rules.DefaultTaylor()
		set(&rule)
		if err := rule.Validate(); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}

func TestTaylorNeedsFeedback(t *testing.T) {
	rule := rules.DefaultTaylor()
	if rules.NeedsFeedback(rule) {
		t.Error("the polynomial of pre, post and weight asks for feedback")
	}
	rule.Factor = rules.FeedbackFactor
	if !rules.NeedsFeedback(rule) {
		t.Error("the polynomial with feedback does without")
	}
	b := newBench(t)
	if rule.Delta(b.b, rules.Synapses{Pre: b.matrix("h", normal("h", 2, 3)), Post: b.matrix("p", normal("p", 2, 2)), W: b.matrix("W", normal("W", 2, 3))}); !errors.Is(b.b.Err(), rules.ErrNoFeedback) {
		t.Errorf("%v: want ErrNoFeedback", b.b.Err())
	}
}

// TestTaylorCheck is the check of rules for what the settings make of the rule.
func TestTaylorCheck(t *testing.T) {
	for name, set := range map[string]func(*rules.Taylor){
		"all":       func(*rules.Taylor) {},
		"some":      func(r *rules.Taylor) { r.Terms = []string{"110", "021", "200"} },
		"activity":  func(r *rules.Taylor) { r.Degree, r.Post = 1, rules.ActivityPost },
		"feedback":  func(r *rules.Taylor) { r.Degree, r.Factor = 1, rules.FeedbackFactor },
		"modulator": func(r *rules.Taylor) { r.Degree, r.Factor, r.FactorDegree = 1, rules.ModulatorFactor, 2 },
	} {
		t.Run(name, func(t *testing.T) {
			rule := rules.DefaultTaylor()
			set(&rule)
			rulestest.Check(t, rule, rulestest.Options{})
		})
	}
}
