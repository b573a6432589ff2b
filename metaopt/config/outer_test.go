package config

import (
	"strings"
	"testing"

	"metaplast/metaopt"
	"metaplast/metaopt/optim"
)

// outerRun is the least that a configuration says, with a line more in its outer loop.
func outerRun(t *testing.T, sets ...string) (*Config, error) {
	t.Helper()
	p, err := LookupPreset("sine-quick")
	if err != nil {
		t.Fatal(err)
	}
	return Parse(p.Name, p.Text, sets)
}

// TestOuter reads optimisers, estimators and schedules, and writes what reads the same again; what says
// the defaults has the text, and so the fingerprint, of what says nothing.
func TestOuter(t *testing.T) {
	plain, err := outerRun(t)
	if err != nil {
		t.Fatal(err)
	}
	want, err := plain.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{"meta.optimizer=adam", "meta.optimizer={name: adam, beta2: 0.999}", "meta.estimator=exact", "meta.schedule.kind=multistep", "meta.schedule.warm_up=0"} {
		c, err := outerRun(t, same)
		if err != nil {
			t.Fatal(err)
		}
		if have, err := c.Fingerprint(); err != nil || have != want {
			t.Errorf("%s: another fingerprint than without it, %v", same, err)
		}
	}
	for _, c := range []struct {
		sets []string
		text string // in the canonical text
		is   func(metaopt.Settings) bool
	}{
		{[]string{"meta.optimizer.beta1=0.5"}, "name: adam\n    beta1: 0.5\n    beta2: 0.999", func(s metaopt.Settings) bool {
			return s.Optimizer == optim.Adam{Beta1: 0.5, Beta2: 0.999, Epsilon: 1e-8}
		}},
		{[]string{"meta.optimizer=lion"}, "optimizer: lion", func(s metaopt.Settings) bool { return s.Optimizer == optim.Method(optim.DefaultLion) }},
		{[]string{"meta.optimizer={name: sgd, momentum: 0, nesterov: true}"}, "nesterov: true", func(s metaopt.Settings) bool {
			return s.Optimizer == optim.SGD{Nesterov: true}
		}},
		{[]string{"meta.estimator={name: truncated, steps: 3}"}, "steps: 3", func(s metaopt.Settings) bool {
			return s.Estimator == metaopt.Truncated{Steps: 3}
		}},
		{[]string{"meta.schedule={kind: cosine, steps: 50, final: 0.1, warm_up: 5}"}, "kind: cosine", func(s metaopt.Settings) bool {
			return s.Schedule == optim.WarmUp{Steps: 5, Then: optim.Cosine{Steps: 50, Final: 0.1}}
		}},
	} {
		cfg, err := outerRun(t, c.sets...)
		if err != nil {
			t.Errorf("%v: %v", c.sets, err)
			continue
		}
		text, err := cfg.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), c.text) || !c.is(cfg.Settings()) {
			t.Errorf("%v: %+v from\n%s", c.sets, cfg.Settings(), text)
		}
		again, err := Parse("again", text, nil)
		if err != nil {
			t.Errorf("%v: its own text: %v", c.sets, err)
			continue
		}
		if second, err := again.Encode(); err != nil || string(second) != string(text) {
			t.Errorf("%v: written again:\n%s", c.sets, second)
		}
	}
	for set, want := range map[string]string{
		"meta.optimizer=adamm":                                    `did you mean "adam"`,
		"meta.optimizer={name: adam, beta3: 1}":                   "beta3",
		"meta.optimizer={name: adam, beta1: 1}":                   "meta.optimizer.beta1: 1, want from 0 and below 1",
		"meta.optimizer.momentum=0.5":                             "momentum",
		"meta.estimator={name: truncated, steps: 0}":              "meta.estimator.steps: 0, want at least 1",
		"meta.estimator={name: exact, steps: 3}":                  "no settings",
		"meta.schedule.kind=cosines":                              `did you mean "cosine"`,
		"meta.schedule.kind=cosine":                               "meta.schedule.steps: 0, want at least 1",
		"meta.schedule.steps=5":                                   "of a cosine only",
		"meta.schedule={kind: cosine, steps: 5, milestones: [3]}": "a cosine has none",
		"meta.schedule.warm_up=-1":                                "meta.schedule.warm_up: -1, want from 0",
	} {
		if _, err := outerRun(t, set); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v: want %q", set, err, want)
		}
	}
}
