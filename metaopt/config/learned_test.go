package config

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"metaplast/data/settings"
	"metaplast/graph"
	"metaplast/metaopt"
	"metaplast/rules"
)

// learnedRun is sine-quick with changes.
func learnedRun(t *testing.T, sets ...string) (*Config, error) {
	t.Helper()
	withOwn(t)
	return outerRun(t, sets...)
}

// written encodes a configuration and reads it again, which must give the same text.
func written(t *testing.T, c *Config) string {
	t.Helper()
	text, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("again", text, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if twice, err := again.Encode(); err != nil || !bytes.Equal(text, twice) {
		t.Errorf("%v, written twice:\n%s\n%s", err, text, twice)
	}
	return string(text)
}

// TestRulesInRules: rules inside rules are read from mappings, names and --set, to any depth, and written
// so that they are read again.
func TestRulesInRules(t *testing.T) {
	oja, registered := rules.Oja{}, within{Of: decay{Lambda: 0.5, Power: 2}}
	for _, c := range []struct {
		sets []string
		want rules.Rule
		text string
	}{
		{[]string{"learners.flp.rule=test-within"}, registered, "    rule: test-within\n"},
		{[]string{"learners.flp.rule={name: test-within, of: {lambda: 0.5}}"}, registered, "    rule: test-within\n"},
		{[]string{"learners.flp.rule={name: test-within, of: oja}"}, within{Of: oja}, "    rule:\n      name: test-within\n      of: oja\n      each: {}\n"},
		{[]string{"learners.flp.rule=test-within", "learners.flp.rule.of.name=oja"}, within{Of: oja}, ""},
		{[]string{"learners.flp.rule=test-within", "learners.flp.rule.of=oja"}, within{Of: oja}, ""},
		{[]string{"learners.flp.rule=test-within", "learners.flp.rule.of.lambda=1"}, within{Of: decay{Lambda: 1, Power: 2}},
			"      of:\n        name: test-decay\n        lambda: 1.0\n        power: 2\n"},
		{[]string{"learners.flp.rule={name: test-within, of: {name: test-decay, power: 5}}", "learners.flp.rule.of.name=oja"}, within{Of: oja}, ""},
		{[]string{"learners.flp.rule={name: test-within, of: {name: test-within, of: {name: test-decay, power: 5}}, each: {b: 2, a: 1}}"},
			within{Of: within{Of: decay{Lambda: 0.9, Power: 5}}, Each: map[string]float64{"a": 1, "b": 2}}, "      each:\n        a: 1.0\n        b: 2.0\n"},
	} {
		cfg, err := learnedRun(t, c.sets...)
		if err != nil {
			t.Errorf("%v: %v", c.sets, err)
			continue
		}
		have, err := cfg.Learners[0].ItsRule()
		if err != nil {
			t.Fatal(err)
		}
		if text := written(t, cfg); !settings.Same(have, c.want) || !strings.Contains(text, c.text) {
			t.Errorf("%v: %+v, want %+v and %q in\n%s", c.sets, have, c.want, c.text, text)
		}
	}
}

// TestLearnerExtras: the output layer's rule and the modulator are chosen as the rule is, and the rest of
// what makes a rule a learned one is read and written.
func TestLearnerExtras(t *testing.T) {
	cfg, err := learnedRun(t, "learners.flp.rule=test-third", "learners.flp.modulator={height: 3, name: test-pulse}", "learners.flp.output_rule={name: test-decay, power: 4}",
		"learners.flp.rule_per=layer", "learners.flp.fixed_rule=true", "learners.flp.rule_penalty=0.01", "learners.flp.local=true", "learners.flp.readout=distance")
	if err != nil {
		t.Fatal(err)
	}
	l := cfg.Graph().Learners[0].Learner
	if l.ModulatorValue != rules.Modulator(pulse{3}) || l.OutputRuleValue != rules.Rule(decay{Lambda: 0.9, Power: 4}) || l.RuleValue != nil ||
		l.RulePer != graph.PerLayer || !l.FixedRule || l.RulePenalty != 0.01 || !l.Local || l.Readout != graph.DistanceReadout {
		t.Errorf("%+v", l)
	}
	const want = "    output_rule:\n      name: test-decay\n      lambda: 0.9\n      power: 4\n    rule_per: layer\n    fixed_rule: true\n" +
		"    rule_penalty: 0.01\n    local: true\n    modulator:\n      name: test-pulse\n      height: 3.0\n    readout: distance\n"
	if text := written(t, cfg); !strings.Contains(text, want) {
		t.Errorf("%s\nwant\n%s", text, want)
	}
	cfg, err = learnedRun(t, "learners.flp.output_rule=hebb", "learners.flp.output_rule=null", "learners.flp.modulator=null")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := learnedRun(t)
	if err != nil {
		t.Fatal(err)
	}
	if have, want := written(t, cfg), written(t, plain); have != want {
		t.Errorf("null leaves\n%s\nof\n%s", have, want)
	}
}

// TestRuleRates: the outer rate of what rules learn is the run's, or a learner's own; the default is not
// written.
func TestRuleRates(t *testing.T) {
	plain, err := learnedRun(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		set      string
		run, flp float64 // flp's own; 0 is none
	}{
		{"seed=1", 1e-3, 0}, {"meta.learning_rate.rule=0.001", 1e-3, 0}, {"meta.learning_rate.rule=0.01", 0.01, 0}, {"learners.flp.learning_rate.rule=0.2", 1e-3, 0.2},
	} {
		cfg, err := learnedRun(t, c.set)
		if err != nil {
			t.Fatal(err)
		}
		s := cfg.Settings()
		if have := s.Rates[graph.RuleOwn]; have != c.run {
			t.Errorf("%s: %v, want %v", c.set, have, c.run)
		}
		if have := s.OwnRates["flp"][graph.RuleOwn]; have != c.flp || len(s.OwnRates) > 0 != (c.flp > 0) {
			t.Errorf("%s: %v, want %v of flp alone", c.set, s.OwnRates, c.flp)
		}
		if same := written(t, cfg) == written(t, plain); same != (c.run == 1e-3 && c.flp == 0) {
			t.Errorf("%s: the text is that of the default: %v", c.set, same)
		}
	}
	all, err := learnedRun(t, "learners.flp.learning_rate={weights: 0.1, feedback: 0.2, plasticity: 0.3, strength: 0.4, rule: 0.5}")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{graph.Weights: 0.1, graph.Feedback: 0.2, graph.Plasticity: 0.3, graph.Strength: 0.4, graph.RuleOwn: 0.5}
	if have := all.Settings().OwnRates["flp"]; !maps.Equal(have, want) {
		t.Errorf("own rates %v, want %v", have, want)
	}
	if len(want) != len(graph.Groups()) {
		t.Errorf("%d rates for the groups %v", len(want), graph.Groups())
	}
}

// TestOuterLoss: what is differentiated is read and written, the query set alone is not, and a truncated
// gradient of the answers during the stream is refused.
func TestOuterLoss(t *testing.T) {
	plain, err := learnedRun(t)
	if err != nil {
		t.Fatal(err)
	}
	for set, want := range map[string]graph.Objective{
		"meta.outer_loss={query: 1, stream: 0}":    {},
		"meta.outer_loss={}":                       {},
		"meta.outer_loss.query=1":                  {},
		"meta.outer_loss.stream=0.5":               {Query: 1, Stream: 0.5},
		"meta.outer_loss={query: 0, stream: 1}":    {Stream: 1},
		"meta.outer_loss={query: 0.25, stream: 0}": {Query: 0.25},
	} {
		cfg, err := learnedRun(t, set)
		if err != nil {
			t.Errorf("%s: %v", set, err)
			continue
		}
		if have := cfg.Graph().Objective; have != want {
			t.Errorf("%s: %+v, want %+v", set, have, want)
		}
		if text := written(t, cfg); (text == written(t, plain)) != (want == graph.Objective{}) {
			t.Errorf("%s:\n%s", set, text)
		}
	}
	for want, sets := range map[string][]string{
		"--set meta.outer_loss.query=0: meta.outer_loss: both weights are 0: want one of query and stream above 0": {"meta.outer_loss.query=0"},
		"meta.outer_loss.stream: -1, want a finite weight of at least 0":                                           {"meta.outer_loss.stream=-1"},
		`unknown key "meta.outer_loss.strem": did you mean "meta.outer_loss.stream"`:                               {"meta.outer_loss.strem=1"},
		"meta.outer_loss.stream: 1, want 0 with a truncated gradient":                                              {"meta.outer_loss.stream=1", "meta.estimator=truncated"},
	} {
		if _, err := learnedRun(t, sets...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v\nwant %s", sets, err, want)
		}
	}
	cfg, err := learnedRun(t, "meta.outer_loss.query=0.5", "meta.estimator=truncated")
	if err != nil || cfg.Settings().Estimator != metaopt.Estimation(metaopt.DefaultTruncated) {
		t.Errorf("%v", err)
	}
}

// TestLearnedFaults: what is wrong with a rule in a rule, a modulator or the output layer's rule has its
// place, its path and the nearest name.
func TestLearnedFaults(t *testing.T) {
	withOwn(t)
	for text, want := range map[string]string{
		"rule: {name: test-within, of: ojaa}":                           `x.yaml:3:52: learners.flp.rule.of: unknown rule "ojaa": did you mean "oja"`,
		"rule: {name: test-within, of: {name: test-decay, lamda: 0.5}}": `x.yaml:3:71: unknown key "learners.flp.rule.of.lamda": did you mean "learners.flp.rule.of.lambda"`,
		"rule: {name: test-within, of: {lambda: 2}}":                    `x.yaml:3:53: learners.flp.rule.of.lambda: 2, want from 0 to 1`,
		"rule: ojaa":                                `learners.flp.rule: unknown rule "ojaa": did you mean "oja"`,
		"output_rule: {name: ojaa}":                 `x.yaml:3:42: learners.flp.output_rule: unknown rule "ojaa": did you mean "oja"`,
		"output_rule: {lambda: 0.5}":                `x.yaml:3:35: learners.flp.output_rule.name: missing`,
		"modulator: {name: test-puls}":              `x.yaml:3:40: learners.flp.modulator: unknown modulator "test-puls": did you mean "test-pulse"`,
		"modulator: {name: test-pulse, height: -1}": `x.yaml:3:52: learners.flp.modulator.height: -1, want from 0`,
		"modulator: test-pulse":                     `learners.flp.modulator: "test-pulse", want none, since the rule has no third factor`,
		"rule_per: synapse":                         `learners.flp.rule_per: unknown granularity of a rule's parameters "synapse"`,
		"readout: distanc":                          `learners.flp.readout: unknown readout "distanc": did you mean "distance"`,
		"rule_penalty: -1":                          `learners.flp.rule_penalty: -1, want a finite number of at least 0`,
		"learning_rate: {rule: -1}":                 `learners.flp.learning_rate.rule: -1, want a finite number from 0`,
		"rule: " + strings.Repeat("{name: test-within, of: ", 10) + "oja" + strings.Repeat("}", 10): `nested too deeply: more than 8 of a rule in each other`,
	} {
		body := "extends: sine-quick\nlearners:\n  flp: {preset: flp, " + text + "}\n"
		if _, err := Parse("x.yaml", []byte(body), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", text, err, want)
		}
	}
}

// TestRulesInRulesExtended: a file changes what is inside of a rule of what it extends, and another rule
// there takes nothing over.
func TestRulesInRulesExtended(t *testing.T) {
	withOwn(t)
	base := "extends: sine-quick\nlearners: {flp: {rule: {name: test-within, of: {name: test-decay, power: 5}}}}\n"
	for changes, want := range map[string]rules.Rule{
		"{of: {lambda: 0.25}}":                   within{Of: decay{Lambda: 0.25, Power: 5}},
		"{of: {name: test-decay, lambda: 0.25}}": within{Of: decay{Lambda: 0.25, Power: 5}},
		"{of: {name: oja}}":                      within{Of: rules.Oja{}},
		"{of: hebb}":                             within{Of: rules.Hebb{}},
		"{each: {a: 1}}":                         within{Of: decay{Lambda: 0.9, Power: 5}, Each: map[string]float64{"a": 1}},
		"oja":                                    rules.Oja{},
	} {
		writeAll(t, map[string]string{"base.yaml": base, "top.yaml": "extends: base.yaml\nlearners: {flp: {rule: " + changes + "}}\n"})
		c, err := Load("top.yaml", nil)
		if err != nil {
			t.Errorf("%s: %v", changes, err)
			continue
		}
		if have, err := c.Learners[0].ItsRule(); err != nil || !settings.Same(have, want) {
			t.Errorf("%s: %#v, want %#v", changes, have, want)
		}
	}
}
