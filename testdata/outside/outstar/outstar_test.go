package outstar

import (
	"testing"

	"metaplast/rules/rulestest"
)

func TestOutstar(t *testing.T) { rulestest.Check(t, Outstar{}, rulestest.Options{}) }
