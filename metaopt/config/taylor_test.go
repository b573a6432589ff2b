package config

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"metaplast/rules"
)

// TestTaylorSettings: indices of terms are texts, 021 too, in a file, in --set and when they are written.
func TestTaylorSettings(t *testing.T) {
	for _, sets := range [][]string{
		{"learners.flp.rule={name: taylor, terms: [\"110\", \"021\"], theta: {110: 1, 021: -1}}"},
		{"learners.flp.rule={name: taylor, terms: ['110', '021'], theta: {\"110\": 1, \"021\": 2}}", "learners.flp.rule.theta.021=-1"},
		{"learners.flp.rule=taylor", `learners.flp.rule.terms=["110", "021"]`, "learners.flp.rule.theta.110=1", "learners.flp.rule.theta.021=-1"},
	} {
		cfg, err := learnedRun(t, sets...)
		if err != nil {
			t.Errorf("%v: %v", sets, err)
			continue
		}
		want := rules.DefaultTaylor()
		want.Terms, want.Theta = []string{"110", "021"}, map[string]float64{"110": 1, "021": -1}
		if have := cfg.Graph().Learners[0].Learner.RuleValue; !reflect.DeepEqual(have, rules.Rule(want)) {
			t.Errorf("%v: %+v, want %+v", sets, have, want)
		}
		written(t, cfg)
	}
	for theta, want := range map[string]string{
		"{123: 1}":  "learners.flp.rule.theta.123: unknown, want indices from 000 to 222",
		"{11: 1}":   "learners.flp.rule.theta.11: unknown, want indices from 000 to 222",
		"{110: x}":  "learners.flp.rule.theta.110",
		"[1, 0, 2]": "learners.flp.rule.theta",
	} {
		if _, err := learnedRun(t, fmt.Sprintf("learners.flp.rule={name: taylor, theta: %s}", theta)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", theta, err, want)
		}
	}
}
