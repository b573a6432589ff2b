package rules_test

import (
	"testing"

	"metaplast/rules"
	"metaplast/rules/rulestest"
)

func TestGaussianCheck(t *testing.T) {
	for _, r := range []rules.Gaussian{rules.DefaultGaussian(), {Readout: rules.MAPReadout, Prior: 2, Alpha: 3, Beta: 0.5}} {
		rulestest.Check(t, r, rulestest.Options{})
	}
}
