package harden

import (
	"testing"

	"metaplast/rules/rulestest"
)

func TestHarden(t *testing.T) { rulestest.Check(t, Harden{}, rulestest.Options{}) }
