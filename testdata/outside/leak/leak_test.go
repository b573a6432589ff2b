package leak

import (
	"strings"
	"testing"

	"metaplast/metaopt/config"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

func TestLeak(t *testing.T) {
	for _, lambda := range []float64{0, 0.1, 1} {
		rulestest.Check(t, Leak{Lambda: lambda}, rulestest.Options{})
	}
	if found := rulestest.Rule(Leak{Lambda: 2}, rulestest.Options{}); len(found) != 1 || found[0].Check != "settings" {
		t.Errorf("a setting that Validate refuses: %v", found)
	}
}

// TestSetting is the rule in a configuration.
func TestSetting(t *testing.T) {
	if err := rules.Register(Leak{Lambda: 0.1}); err != nil {
		t.Fatal(err)
	}
	text := "extends: sine-quick\nlearners:\n  flp:\n    rule: {name: leak, lambda: 0.2}\n"
	for sets, want := range map[string]rules.Rule{
		"learners.flp.rule.lambda=0.3": Leak{Lambda: 0.3},
		"learners.flp.inner_lr=0.01":   Leak{Lambda: 0.2},
		"learners.flp.rule=leak":       Leak{Lambda: 0.1},
	} {
		c, err := config.Parse("leak.yaml", []byte(text), []string{sets})
		if err != nil {
			t.Fatal(err)
		}
		if have, err := c.Learners[0].ItsRule(); err != nil || have != want {
			t.Errorf("%s: %v, %v; want %v", sets, have, err, want)
		}
	}
	_, err := config.Parse("leak.yaml", []byte(strings.Replace(text, "0.2", "2", 1)), nil)
	if err == nil || err.Error() != "leak.yaml:4:24: learners.flp.rule.lambda: 2, want from 0 to 1" {
		t.Errorf("%v", err)
	}
}
