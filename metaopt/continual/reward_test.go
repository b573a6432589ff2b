package continual

import (
	"errors"
	"strings"
	"testing"

	"metaplast/data/fault"
	"metaplast/rules"
)

// TestNoReward: streams give no reward, and a learner that needs one is refused before any starts.
func TestNoReward(t *testing.T) {
	p := plan(t, 4)
	for i := range p.Subjects {
		p.Subjects[i].Graph.Reward = true
	}
	if err := p.check(1); err != nil {
		t.Fatal(err)
	}
	l := &p.Subjects[0].Graph.Learners[0].Learner
	l.UseRule(rules.Modulated{Of: rules.Hebb{}, Gain: 1})
	l.UseModulator(rules.RewardFactor{})
	if err := p.check(1); !errors.Is(err, fault.ErrSetting) || !strings.Contains(err.Error(), "flp is reward, and streams of drawings give none") {
		t.Errorf("%v", err)
	}
}
