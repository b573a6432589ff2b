package decay

import (
	"strings"
	"testing"

	"metaplast/metaopt/config"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

func TestDecay(t *testing.T) {
	for _, lambda := range []float64{0, 0.1, 1} {
		rulestest.Check(t, Decay{Lambda: lambda}, rulestest.Options{})
	}
	if found := rulestest.Rule(Decay{Lambda: 2}, rulestest.Options{}); len(found) != 1 || found[0].Check != "settings" {
		t.Errorf("a setting that Validate refuses: %v", found)
	}
}

// TestSetting is the rule in a configuration.
func TestSetting(t *testing.T) {
	if err := rules.Register(Decay{Lambda: 0.1}); err != nil {
		t.Fatal(err)
	}
	text := "extends: sine-quick\nlearners:\n  flp:\n    rule: {name: decay, lambda: 0.2}\n"
	for sets, want := range map[string]rules.Rule{
		"learners.flp.rule.lambda=0.3": Decay{Lambda: 0.3},
		"learners.flp.inner_lr=0.01":   Decay{Lambda: 0.2},
		"learners.flp.rule=decay":      Decay{Lambda: 0.1},
	} {
		c, err := config.Parse("decay.yaml", []byte(text), []string{sets})
		if err != nil {
			t.Fatal(err)
		}
		if have, err := c.Learners[0].ItsRule(); err != nil || have != want {
			t.Errorf("%s: %v, %v; want %v", sets, have, err, want)
		}
	}
	_, err := config.Parse("decay.yaml", []byte(strings.Replace(text, "0.2", "2", 1)), nil)
	if err == nil || err.Error() != "decay.yaml:4:25: learners.flp.rule.lambda: 2, want from 0 to 1" {
		t.Errorf("%v", err)
	}
}
