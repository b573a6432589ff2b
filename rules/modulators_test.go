package rules_test

import (
	"testing"

	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// TestModulatorsCheck asks of every registered modulator, and of others of their settings, what rulestest asks.
func TestModulatorsCheck(t *testing.T) {
	list := append(rules.Modulators(), rules.ReadoutFactor{Spread: 0.5, Bias: 0.3}, rules.ConstantFactor{Start: -0.5})
	for _, m := range list {
		t.Run(m.Info().Name, func(t *testing.T) {
			rulestest.CheckModulator(t, m, rulestest.Options{Elements: 2, Pathways: []string{"direct", "none"}, Granularities: []string{"synapse", "layer"}})
		})
	}
}
