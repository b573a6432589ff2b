package rules_test

import (
	"testing"

	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// checked are rules with settings other than the registered ones.
var checked = map[string]rules.Rule{
	"InstarSoftmax":       rules.Instar{Competition: rules.SoftmaxCompetition},
	"InstarWinner":        rules.Instar{Competition: rules.WinnerCompetition},
	"BCMThreshold":        rules.BCM{Tau: 0.5, Theta: 0.3, Learn: true},
	"CovarianceBatch":     rules.Covariance{Mean: rules.BatchMean, Tau: 0.1},
	"TraceModulated":      rules.Trace{Of: rules.Oja{}, Lambda: 0.5, Average: true, Modulated: true},
	"TraceOfModulated":    rules.Trace{Of: rules.Modulated{Of: rules.Oja{}, Gain: 1}, Lambda: 0.5},
	"ModulatedBCM":        rules.Modulated{Of: rules.BCM{Tau: 0.5}, Gain: 1},
	"ModulatedInstar":     rules.Modulated{Of: rules.Instar{Competition: rules.SoftmaxCompetition}, Gain: 1},
	"ModulatedCovariance": rules.Modulated{Of: rules.Covariance{Mean: rules.BatchMean, Tau: 0.1}, Gain: 1},
	"ModulatedExamples":   rules.Modulated{Of: alone{rules.Oja{}}, Gain: 1},
	"DecayedTrace":        rules.Decay{Of: rules.Trace{Of: rules.Hebb{}, Lambda: 0.5, Modulated: true}, Lambda: 0.8},
	"ClipNear":            rules.Clip{Of: rules.Oja{}, Bound: 0.7},
	"NormaliseInitial":    rules.Normalise{Of: rules.Hebb{}, Norm: rules.InitialNorm},
	"NormaliseClip":       rules.Normalise{Of: rules.Clip{Of: rules.Hebb{}, Bound: 1}, Norm: rules.UnitNorm},
	"CountedWinner":       rules.Counted{Of: rules.Instar{Competition: rules.WinnerCompetition}, Rho: 1},
	"CountedTrace":        rules.Counted{Of: rules.Trace{Of: rules.Hebb{}, Lambda: 0.5}, Rho: 0.5},
}

// TestCheck asks of every registered rule, and of others of their settings, what rulestest asks.
func TestCheck(t *testing.T) {
	for _, r := range rules.Rules() {
		t.Run(r.Info().Name, func(t *testing.T) { rulestest.Check(t, r, rulestest.Options{}) })
	}
	for name, r := range checked {
		t.Run(name, func(t *testing.T) { rulestest.Check(t, r, rulestest.Options{}) })
	}
}
