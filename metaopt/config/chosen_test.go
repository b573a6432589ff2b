package config

import (
	"bytes"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
	"metaplast/rules"
)

// decay is a rule with settings.
type decay struct {
	rules.Hebb
	Lambda float64 `yaml:"lambda" range:"from 0 to 1" about:"what is kept"`
	Power  int     `yaml:"power" about:"of what is lost"`
}

func (decay) Info() rules.Info { return rules.Info{Name: "test-decay", Summary: "decays"} }

func (d decay) Validate() error {
	var f fault.Fields
	f.Check(d.Lambda >= 0 && d.Lambda <= 1, "lambda", d.Lambda, "from 0 to 1")
	return f.Join()
}

func (d decay) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return b.Scale(d.Hebb.Delta(b, s), d.Lambda)
}

// fan is a pathway with settings, registered by a pointer.
type fan struct {
	rules.Direct
	Name string
	Gain float64 `yaml:"gain"`
}

func (*fan) Info() rules.Info { return rules.Info{Name: "test-fan", Summary: "fans out"} }

// third is a rule with a third factor and a coefficient, that says how answers are read.
type third struct{ rules.Hebb }

func (third) Info() rules.Info { return rules.Info{Name: "test-third", Summary: "is told"} }

func (third) Observes() rules.Observed { return rules.Observed{Modulator: true} }

func (third) Params() []rules.Param {
	return []rules.Param{{Name: "tone", Initial: 1, Sparse: true}}
}

func (third) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return b.ScaleBy(b.Hebb(s.Post, s.Pre), b.Sum(s.Modulator))
}

func (third) Read(b *op.Builder, h *G.Node, s rules.Synapses) *G.Node {
	return b.MatMul(h, s.W, op.N, op.T)
}

// within is a rule with another one inside.
type within struct {
	Of   rules.Rule         `yaml:"of" about:"what is halved"`
	Each map[string]float64 `yaml:"each" about:"by name"`
}

func (within) Info() rules.Info { return rules.Info{Name: "test-within", Summary: "halves"} }

func (w within) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return b.Scale(w.Of.Delta(b, s), 0.5)
}

// pulse is a modulator with a setting.
type pulse struct {
	Height float64 `yaml:"height" range:"from 0" about:"how much"`
}

func (pulse) Info() rules.Info { return rules.Info{Name: "test-pulse", Summary: "always the same"} }

func (pulse) Params(int) []rules.Param { return nil }

func (p pulse) Value(b *op.Builder, m rules.Moment) *G.Node { return b.Scale(m.Loss, p.Height) }

func (p pulse) Validate() error {
	var f fault.Fields
	f.Check(p.Height >= 0, "height", p.Height, "from 0")
	return f.Join()
}

func withOwn(t *testing.T) {
	t.Helper()
	if _, err := rules.LookupRule("test-decay"); err == nil {
		return
	}
	for _, r := range []rules.Rule{decay{Lambda: 0.9, Power: 2}, third{}, within{Of: decay{Lambda: 0.5, Power: 2}}} {
		if err := rules.Register(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := rules.RegisterModulator(pulse{Height: 1}); err != nil {
		t.Fatal(err)
	}
	if err := rules.RegisterPathway(&fan{Name: "kept", Gain: 1}); err != nil {
		t.Fatal(err)
	}
}

const ownText = `extends: sine-quick
learners:
  flp: {preset: flp, rule: {name: test-decay, lambda: 0.8}, pathway: {name: test-fan, gain: 2}}
`

// TestOwnSettings: a rule and a pathway take settings from the text and from --set, keep their defaults
// where it says nothing, and are written so that they are read again.
func TestOwnSettings(t *testing.T) {
	withOwn(t)
	for _, c := range []struct {
		text string
		sets []string
		rule rules.Rule
		gain float64
	}{
		{ownText, nil, decay{Lambda: 0.8, Power: 2}, 2},
		{ownText, []string{"learners.flp.rule.power=3", "learners.flp.pathway=test-fan"}, decay{Lambda: 0.8, Power: 3}, 0},
		{ownText, []string{"learners.flp.rule=test-decay", "learners.flp.rule.lambda=0.7"}, decay{Lambda: 0.7, Power: 2}, 2},
		{ownText, []string{"learners.flp.rule={name: test-decay, lambda: 0.9}"}, nil, 2},
		{ownText, []string{"learners.flp.rule=oja", "learners.flp.pathway={name: direct}"}, nil, 0},
	} {
		cfg, err := Parse("x.yaml", []byte(c.text), c.sets)
		if err != nil {
			t.Errorf("%v: %v", c.sets, err)
			continue
		}
		l := cfg.Graph().Learners[0].Learner
		if l.RuleValue != c.rule {
			t.Errorf("%v: rule %#v, want %#v", c.sets, l.RuleValue, c.rule)
		}
		if f, ok := l.PathwayValue.(*fan); ok != (c.gain != 0) || ok && (f.Gain != c.gain || f.Name != "kept") {
			t.Errorf("%v: pathway %#v, want a gain of %v", c.sets, l.PathwayValue, c.gain)
		}
		text, err := cfg.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse("again", text, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if twice, err := again.Encode(); err != nil || !bytes.Equal(text, twice) {
			t.Errorf("%v: %v, written twice:\n%s\n%s", c.sets, err, text, twice)
		}
		if l.RuleValue != nil && !strings.Contains(string(text), "    rule:\n      name: test-decay\n      lambda: ") {
			t.Errorf("%v: the text has no settings:\n%s", c.sets, text)
		}
	}
	plain, err := Parse("x.yaml", []byte(ownText), []string{"learners.flp.rule=test-decay", "learners.flp.pathway=direct"})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := plain.Encode(); err != nil || !strings.Contains(string(text), "    rule: test-decay\n    pathway: direct\n") {
		t.Errorf("%v, defaults are told:\n%s", err, text)
	}
	if p, _ := rules.LookupPathway("test-fan"); p.(*fan).Gain != 1 {
		t.Errorf("the registered pathway has changed: %#v", p)
	}
}

// TestOwnSettingsRest: everything else of a learner is written alike with and without settings of its
// rule.
func TestOwnSettingsRest(t *testing.T) {
	withOwn(t)
	for _, sets := range [][]string{nil, {"learners.flp.random_plastic=true", "learners.flp.learning_rate.weights=0.01", "learners.flp.feedback_scale=1e-7"}} {
		encoded := func(rule string) string {
			c, err := Parse("x.yaml", []byte(ownText), append([]string{"learners.flp.pathway=direct", "learners.flp.rule=" + rule}, sets...))
			if err != nil {
				t.Fatal(err)
			}
			text, err := c.Encode()
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		with := strings.Replace(encoded("{name: test-decay, lambda: 0.5}"), "    rule:\n      name: test-decay\n      lambda: 0.5\n      power: 2\n", "    rule: test-decay\n", 1)
		if without := encoded("test-decay"); with != without {
			t.Errorf("with settings\n%s\nwithout\n%s", with, without)
		}
	}
}

// TestOwnSettingsFaults: each fault has its place and says what is wanted.
func TestOwnSettingsFaults(t *testing.T) {
	withOwn(t)
	for rule, want := range map[string]string{
		"{name: test-decay, lamda: 0.8}":                "x.yaml:3:47: unknown key \"learners.flp.rule.lamda\": did you mean \"learners.flp.rule.lambda\"",
		"{name: test-decay, lambda: high}":              "x.yaml:3:55: learners.flp.rule.lambda: have high, want a finite number",
		"{name: test-decay, lambda: 2}":                 "x.yaml:3:47: learners.flp.rule.lambda: 2, want from 0 to 1",
		"{name: test-decai}":                            "x.yaml:3:35: learners.flp.rule: unknown rule \"test-decai\"",
		"{name: oja, lambda: 2}":                        "x.yaml:3:40: learners.flp.rule: it has no settings: leave lambda out",
		"{name: [oja]}":                                 "x.yaml:3:35: learners.flp.rule.name: have a list, want text",
		"{lambda: 0.5}":                                 "x.yaml:3:29: learners.flp.rule: it has no settings: leave lambda out",
		"[oja]":                                         "x.yaml:3:28: learners.flp.rule: have a list, want text",
		"{name: test-decay, lambda: 0.5, lambda: 0.25}": "x.yaml:3:60: key \"lambda\" is given twice",
	} {
		text := "extends: sine-quick\nlearners:\n  flp: {preset: flp, rule: " + rule + "}\n"
		if _, err := Parse("x.yaml", []byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", rule, err, want)
		}
	}
	_, err := Parse("x.yaml", []byte(ownText), []string{"learners.flp.rule.lambda=2"})
	if err == nil || !strings.Contains(err.Error(), "--set learners.flp.rule.lambda=2: learners.flp.rule.lambda: 2, want from 0 to 1") {
		t.Errorf("--set: %v", err)
	}
}

// TestOwnSettingsExtended: a file changes settings of what it extends, but those of another rule do not
// stay.
func TestOwnSettingsExtended(t *testing.T) {
	withOwn(t)
	for changes, want := range map[string]rules.Rule{
		"{power: 5}":                   decay{Lambda: 0.8, Power: 5},
		"{name: test-decay, power: 5}": decay{Lambda: 0.8, Power: 5},
		"{name: oja}":                  nil,
		"hebb":                         nil,
	} {
		writeAll(t, map[string]string{"base.yaml": ownText, "top.yaml": "extends: base.yaml\nlearners: {flp: {rule: " + changes + "}}\n"})
		c, err := Load("top.yaml", nil)
		if err != nil {
			t.Errorf("%s: %v", changes, err)
			continue
		}
		if have := c.Learners[0].RuleValue; have != want {
			t.Errorf("%s: %#v, want %#v", changes, have, want)
		}
	}
}

// TestOwnSettingsListed: the settings of registered rules are listed.
func TestOwnSettingsListed(t *testing.T) {
	withOwn(t)
	list, err := Settings()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Setting{
		"learners.NAME.rule.lambda":  {Type: "number", Default: "0.9", Range: "from 0 to 1", About: "of test-decay: what is kept"},
		"learners.NAME.rule.power":   {Type: "integer", Default: "2", Range: "any", About: "of test-decay: of what is lost"},
		"learners.NAME.pathway.gain": {Type: "number", Default: "1", Range: "any", About: "of test-fan: "},
	}
	for _, s := range list {
		w, ok := want[s.Path]
		if !ok || !strings.HasPrefix(s.About, "of test-") {
			continue // the project's own rules have settings of these names, too
		}
		delete(want, s.Path)
		if s.Type != w.Type || s.Default != w.Default || s.Range != w.Range || s.About != w.About {
			t.Errorf("%s: %+v, want %+v", s.Path, s, w)
		}
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
}
