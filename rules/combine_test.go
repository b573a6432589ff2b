package rules_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"metaplast/data/fault"
	"metaplast/data/settings"

	"metaplast/graph/op"
	"metaplast/rules"
)

// TestCombinations: what cannot be inside of what, and what to write.
func TestCombinations(t *testing.T) {
	h := rules.Hebb{}
	trace, clip := rules.Trace{Of: h, Lambda: 0.5}, rules.Clip{Of: h, Bound: 1}
	for _, c := range []struct {
		rule rules.Rule
		want string // "" if it is allowed
	}{
		{trace, ""},
		{rules.Clip{Of: rules.Decay{Of: trace, Lambda: 1}, Bound: 1}, ""},
		{rules.Normalise{Of: clip, Norm: rules.UnitNorm}, ""},
		{rules.Trace{Of: rules.Modulated{Of: rules.Counted{Of: h}}}, ""},
		{rules.Counted{Of: trace}, ""},
		{rules.Trace{Of: clip}, `of: "clip", want a rule with a change of its own: put clip outside, as in {name: clip, of: {name: trace}}`},
		{rules.Decay{Of: clip}, `put clip outside, as in {name: clip, of: {name: decay}}`},
		{rules.Modulated{Of: rules.Decay{Of: h}}, `put decay outside, as in {name: decay, of: {name: modulated}}`},
		{rules.Counted{Of: rules.Normalise{Of: h, Norm: rules.UnitNorm}}, `put normalise outside, as in {name: normalise, of: {name: counted}}`},
		{rules.Modulated{Of: trace}, `of: "trace", want {name: trace, modulated: true}`},
		{rules.Modulated{Of: rules.Counted{Of: trace}}, `of: "counted", want a rule that can weigh examples`},
		{rules.Trace{Of: trace}, `of: "trace", want another rule: trace can be there once`},
		{rules.Clip{Of: rules.Normalise{Of: clip, Norm: rules.UnitNorm}, Bound: 1}, `of: "clip", want another rule: clip can be there once`},
		{rules.Trace{Of: nil}, `of: none, want one rule`},
		{rules.Trace{Of: h, Lambda: 2}, `lambda: 2, want from 0 to 1`},
		{rules.Clip{Of: rules.Trace{Of: h, Lambda: 2}}, "of.lambda: 2, want from 0 to 1"},
		{rules.Clip{Of: h}, "bound: 0, want a finite number above 0"},
		{rules.Normalise{Of: h, Norm: "one"}, `norm`},
		{rules.Instar{Competition: "max"}, `competition`},
		{rules.BCM{Tau: 0}, `tau: 0, want above 0, to 1`},
		{rules.Covariance{Mean: "none", Tau: 0.1}, `mean`},
		{rules.Counted{Of: h, Rho: -1}, `rho: -1`},
	} {
		err := settings.Validate("", c.rule)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: %v\nwant %s", c.rule, err, c.want)
		}
		for _, err := range fault.Each(err) {
			if field := (*fault.Field)(nil); !errors.As(err, &field) {
				t.Errorf("%v: want the field that is wrong", err)
			}
		}
	}
}

// observer sees what it says.
type observer struct{ see rules.Observed }

func (o observer) Info() rules.Info                          { return rules.Info{Name: "observer"} }
func (o observer) Delta(*op.Builder, rules.Synapses) *G.Node { return nil }
func (o observer) Observes() rules.Observed                  { return o.see }

// TestCombinatorsForward: a rule of rules has what all of them have, by names of its own.
func TestCombinatorsForward(t *testing.T) {
	whole := rules.Clip{Bound: 1, Of: rules.Normalise{Norm: rules.InitialNorm, Of: rules.Decay{Lambda: 1, Of: rules.Trace{Of: rules.Counted{
		Of: rules.Modulated{Gain: 1, Of: rules.BCM{Tau: 0.1}}}}}}}
	if err := settings.Validate("", whole); err != nil {
		t.Fatal(err)
	}
	if err := rules.CheckDeclared(whole); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range rules.ParamsOf(whole) {
		names = append(names, p.Name)
	}
	for _, v := range rules.StateOf(whole) {
		names = append(names, v.Name)
	}
	if have, want := strings.Join(names, " "), "tau modulated_gain counted_rho trace_lambda decay_lambda theta counted_n trace_e"; have != want {
		t.Errorf("%s: want %s", have, want)
	}
	if see := rules.Sees(whole); see != (rules.Observed{Initial: true, Modulator: true}) {
		t.Errorf("sees %+v", see)
	}
	var all rules.Observed
	for i := range reflect.TypeFor[rules.Observed]().NumField() {
		reflect.ValueOf(&all).Elem().Field(i).SetBool(true)
	}
	for _, r := range []rules.Rule{rules.Clip{Of: observer{all}}, rules.Decay{Of: observer{all}}, rules.Trace{Of: observer{all}}} {
		if see := rules.Sees(r); see != all {
			t.Errorf("%s sees %+v of what the rule inside does", r.Info().Name, see)
		}
	}
	normalLife(3, 2, 3, 2).slopes(t, whole)
	for _, in := range []func(of rules.Rule) rules.Rule{
		func(of rules.Rule) rules.Rule { return rules.Trace{Of: of} }, func(of rules.Rule) rules.Rule { return rules.Modulated{Of: of} },
		func(of rules.Rule) rules.Rule { return rules.Decay{Of: of} }, func(of rules.Rule) rules.Rule { return rules.Clip{Of: of} },
		func(of rules.Rule) rules.Rule { return rules.Normalise{Of: of} }, func(of rules.Rule) rules.Rule { return rules.Counted{Of: of} },
	} {
		r, other := in(rules.Hebb{}), rules.Locality(in(rules.Instar{Competition: rules.WinnerCompetition}))
		if normalises := r.Info().Name == rules.NormaliseName; (rules.Locality(r) != "") != normalises || !strings.Contains(other, "lateral inhibition") {
			t.Errorf("%s: %q of hebb, %q of winners: want locality to be that of the rule inside, but for normalise", r.Info().Name, rules.Locality(r), other)
		}
	}
}

// TestNoDelta: a rule that says what weights are has no change, and a name in its error.
func TestNoDelta(t *testing.T) {
	for _, r := range []rules.Rule{rules.Decay{Of: rules.Hebb{}}, rules.Clip{Of: rules.Hebb{}}, rules.Normalise{Of: rules.Hebb{}}} {
		g := newBench(t)
		s := rules.Trial(g.b, r, 2, 3, 2)
		if r.Delta(g.b, s) != nil || !errors.Is(g.b.Err(), rules.ErrNoDelta) || !strings.Contains(g.b.Err().Error(), r.Info().Name) {
			t.Errorf("%s: %v: want ErrNoDelta", r.Info().Name, g.b.Err())
		}
	}
}
