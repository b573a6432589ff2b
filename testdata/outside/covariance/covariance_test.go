package covariance

import (
	"testing"

	"metaplast/rules/rulestest"
)

func TestCovariance(t *testing.T) { rulestest.Check(t, Covariance{}, rulestest.Options{}) }
