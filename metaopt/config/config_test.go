package config

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"metaplast/graph"
	"metaplast/rules"
)

// TestPresetsRoundTrip writes the presets out and reads them again.
func TestPresetsRoundTrip(t *testing.T) {
	for _, p := range Presets() {
		c, err := Parse(p.Name, p.Text, nil)
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, c)
		text, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if c.Name != p.Name || p.Summary == "" || strings.Contains(string(text), "preset") {
			t.Errorf("%s: name %q, summary %q, or a preset left in\n%s", p.Name, c.Name, p.Summary, text)
		}
	}
}

// TestNames takes names that YAML could read as something else.
func TestNames(t *testing.T) {
	for _, name := range []string{"null", "Null", "true", "no", "y", "12", "1e5", "0x1f", "0X0", "0B1", "0O7", "0o7", "08", "1_0", "-1", "-", "--", "---", "_", "2020-01-01", "inf", "nan"} {
		c, err := Parse("preset", Presets()[0].Text, nil)
		if err != nil {
			t.Fatal(err)
		}
		c.Name, c.Learners[0].Name = name, name
		roundTrip(t, c)
	}
}

// ownRule is a rule under any name.
type ownRule struct {
	rules.Hebb
	name string
}

func (r ownRule) Info() rules.Info { return rules.Info{Name: r.name} }

// TestRuleNames registers rules under names that YAML could read as something else, and names
// them in a file, unquoted, and in a setting of the command line.
func TestRuleNames(t *testing.T) {
	text := strings.Replace(string(Presets()[0].Text), "preset: flp, feedback", "preset: flp, rule: NAME, feedback", 1)
	for _, name := range []string{"yes", "no", "on", "off", "y", "n", "inf", "nan", "e5", "x-1", "a1_2", "null-1", "trues"} {
		if err := rules.Register(ownRule{name: name}); err != nil {
			t.Fatal(err)
		}
		c, err := Parse("file", []byte(strings.Replace(text, "NAME", name, 1)), nil)
		if err != nil || c.Learners[0].Rule != name {
			t.Errorf("rule: %s in a file: %v", name, err)
			continue
		}
		roundTrip(t, c)
		if c, err = Parse("set", Presets()[0].Text, []string{"learners.flp.rule=" + name}); err != nil || c.Learners[0].Rule != name {
			t.Errorf("--set learners.flp.rule=%s: %v", name, err)
		}
	}
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func roundTrip(t failer, c *Config) {
	t.Helper()
	text, err := c.Encode()
	if err != nil {
		t.Fatalf("%v", err)
	}
	again, err := Parse("again", text, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if !reflect.DeepEqual(c, again) {
		t.Fatalf("have %+v, want %+v\n%s", again, c, text)
	}
	second, err := again.Encode()
	if err != nil || string(second) != string(text) {
		t.Fatalf("encoded again: %v\n%s\nwant\n%s", err, second, text)
	}
}

// TestRoundTrip does the same with any legal configuration.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Default()
		positive := rapid.Float64Range(1e-300, 1e300)
		c.Name = rapid.StringMatching(`[A-Za-z0-9_-]{1,12}`).Draw(t, "name")
		c.Seed = rapid.Uint64().Draw(t, "seed")
		c.Dtype = rapid.SampledFrom([]string{"float32", "float64"}).Draw(t, "dtype")
		c.Task.Functions, c.Task.Steps = rapid.IntRange(1, 9).Draw(t, "functions"), rapid.IntRange(1, 9).Draw(t, "steps")
		c.Task.Batch, c.Task.Query = rapid.IntRange(1, 9).Draw(t, "batch"), rapid.IntRange(1, 9).Draw(t, "query")
		c.Network.Hidden = rapid.SliceOfN(rapid.IntRange(1, 99), 0, 4).Draw(t, "hidden")
		c.Network.Frozen = rapid.IntRange(0, len(c.Network.Hidden)).Draw(t, "frozen")
		c.Network.Activation.Each = rapid.SliceOfN(rapid.SampledFrom(graph.Activations()), len(c.Network.Hidden), len(c.Network.Hidden)).Draw(t, "activation")
		c.Network.normalise()
		c.Meta.Steps = rapid.IntRange(1, 1<<40).Draw(t, "meta steps")
		c.Meta.LearningRate.Weights, c.Meta.Clip = positive.Draw(t, "rate"), positive.Draw(t, "clip")
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9_-]{1,9}`), 1, 4, rapid.ID).Draw(t, "learners") {
			l := rapid.SampledFrom(graph.Presets()).Draw(t, "preset").Learner
			l.InnerLR, l.Gated = rapid.Float64Range(-1e300, 1e300).Draw(t, "inner_lr")+0, rapid.Bool().Draw(t, "gated")
			own := Learner{Name: name, Learner: l}
			if rapid.Bool().Draw(t, "own rates") {
				r := positive.Draw(t, "own rate")
				own.LearningRate.Plasticity = &r
			}
			c.Learners = append(c.Learners, own)
		}
		if err := c.Validate(); err != nil {
			t.Fatalf("%v", err)
		}
		roundTrip(t, &c)
	})
}

// TestParseRefuses is about the messages; most of them are tested by the program's scripts.
func TestParseRefuses(t *testing.T) {
	base := string(Presets()[0].Text)
	for text, want := range map[string]string{
		"":                              "name: missing",
		"- a":                           "have a list, want a mapping with name",
		"42":                            "have 42, want a mapping",
		"name: a\n---\nname: b":         "one YAML document",
		"name: |\n  a\nseed: \"1\"":     "seed: have \"1\", want an integer",
		"<<: {name: a}":                 "merge keys",
		"name: !!str a":                 "tags are not supported",
		"seed: 1_000":                   "seed: have 1_000",
		"seed: 0x10":                    "seed: have 0x10",
		"seed: 18446744073709551616":    "seed: have 18446744073709551616",
		"meta: {clip: 0x1p-2}":          "meta.clip: have 0x1p-2",
		"meta: {clip: 1e999}":           "meta.clip: have 1e999",
		"meta:":                         "meta: have nothing, want a mapping",
		"name: 12":                      "name: have 12, want text, in quotes",
		"learners: [flp]":               "want a mapping from names to learners",
		"learners: {flp: }":             "learners.flp: have nothing, want a mapping",
		"learners: {flp: {preset: 3}}":  "learners.flp.preset: have 3, want text",
		"learners: {flp: {gated: yes}}": "learners.flp.gated: have yes, want true or false",
		"learners: {flp: {preset: flp, learned: {weight: true}}}": `"learners.flp.learned.weight": did you mean "learners.flp.learned.weights"`,
		"learners: {flp: {learning_rate: {plasticty: 1}}}":        `did you mean "learners.flp.learning_rate.plasticity"`,
		"learners: {flp: {learning_rate: 1e-3}}":                  "learners.flp.learning_rate: have 1e-3, want a mapping with weights, feedback",
		"learners: {flp: {learning_rate: {weights: }}}":           "learners.flp.learning_rate.weights: have nothing, want a finite number",
		"learners: {flp: {prese: flp}}":                           `did you mean "learners.flp.preset"`,
		strings.Repeat("[", 9000):                                 "x.yaml",
		strings.Repeat("a: {", 50) + strings.Repeat("}", 50):      "x.yaml",
		strings.Repeat("#", 2<<20):                                "at most 131072",
		"\x00\xff":                                                "x.yaml",
	} {
		_, err := Parse("x.yaml", []byte(text), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: have %v, want %s", text, err, want)
		}
	}
	for set, want := range map[string]string{
		"seed":                  "want PATH=VALUE",
		"=1":                    "want PATH=VALUE",
		"meta..steps=1":         "is not a path",
		"seed.x=1":              "seed: have a mapping, want an integer",
		"%d=1":                  `unknown key "%d"`,
		"eval=null":             "eval: have nothing, want a mapping",
		"learners=null":         "learners: have nothing",
		"meta={steps: 1, a: 2}": `--set meta={steps: 1, a: 2}: unknown key "meta.a"`,
	} {
		_, err := Parse("x.yaml", []byte(base), []string{set})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("--set %s: have %v, want %s", set, err, want)
		}
	}
}

// TestOwnRates: a learner's own rates reach the outer loop, faults have their path, and nothing
// is written of what is not given, so that the texts and fingerprints of older runs stay.
func TestOwnRates(t *testing.T) {
	c, err := Parse("x.yaml", Presets()[0].Text, []string{"learners.a={preset: flp, learning_rate: {plasticity: 1e-5, weights: 0}}"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]float64{"a": {graph.Plasticity: 1e-5, graph.Weights: 0}}
	if got := c.Settings().OwnRates; !reflect.DeepEqual(got, want) {
		t.Errorf("rates of single learners: %v, want %v", got, want)
	}
	text, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "learning_rate"); n != 2 {
		t.Errorf("%d learning rates are written, want the run's and those of a:\n%s", n, text)
	}
	_, err = Parse("x.yaml", Presets()[0].Text, []string{"learners.flp.learning_rate.plasticity=-1"})
	if err == nil || !strings.Contains(err.Error(), "learners.flp.learning_rate.plasticity: -1, want a finite number from 0") {
		t.Errorf("a negative rate: %v", err)
	}
}

// FuzzParse looks for panics, and for what is accepted and cannot be written out.
func FuzzParse(f *testing.F) {
	for _, p := range Presets() {
		f.Add(p.Text, "meta.steps=3")
	}
	f.Add([]byte("a: &x [1]\nb: *x"), "learners.flp=null")
	f.Fuzz(func(t *testing.T, text []byte, set string) {
		if c, err := Parse("x.yaml", text, []string{set}); err == nil {
			roundTrip(t, c)
		}
	})
}
