package broadcast

import (
	"testing"

	"metaplast/rules/rulestest"
)

func TestBroadcast(t *testing.T) { rulestest.CheckPathway(t, Broadcast{}, rulestest.Options{}) }
