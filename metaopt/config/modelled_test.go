package config_test

import (
	"strings"
	"testing"

	"metaplast/metaopt/config"
)

// A task whose targets a network has computed wants that network.
func TestModelled(t *testing.T) {
	text := `name: m
dtype: float64
task: {kind: planted, rule: sparse, terms: 3, hidden: 6}
network: {hidden: [6], activation: tanh, frozen: 0}
learners: {oja: {preset: output-only, output_only: false, hidden_only: true, inner_lr: 0.1, plasticity: none, examples: mean}}
meta: {steps: 2}
`
	c, err := config.Parse("m", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if c2, err := config.Parse("again", again, nil); err != nil {
		t.Errorf("%v in\n%s", err, again)
	} else if text, _ := c2.Encode(); string(text) != string(again) {
		t.Errorf("%s\nis read as\n%s", again, text)
	}
	for set, want := range map[string]string{
		"network.hidden=[7]":            "network.hidden: [7], want [6] and no convolutions: the targets of planted are those of such a network",
		"network.hidden=[6,6]":          "network.hidden: [6 6], want [6]",
		"network.activation=relu":       `network.activation: "relu", want tanh, as the network has that the targets are of`,
		"task.activation=sigmoid":       `network.activation: "tanh", want sigmoid`,
		"task.rule=ojo":                 `task.rule: unknown planted rule "ojo"`,
		"task.rule=given":               "task.coefficients: map[], want at least one",
		"learners.oja.output_only=true": "learners.oja.hidden_only: true, want false with output_only: true",
	} {
		if _, err := config.Parse("m", []byte(text), []string{set}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", set, err, want)
		}
	}
	if _, err := config.Parse("m", []byte(text), []string{"task.rule=given", "task.coefficients={theta_110: 1}"}); err != nil {
		t.Error(err)
	}
}
