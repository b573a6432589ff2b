package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"metaplast/metaopt"
	"metaplast/metaopt/config"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/study"
)

// TestStudyProgress: lines count the meta-steps and diverged episodes of all runs together.
func TestStudyProgress(t *testing.T) {
	var out bytes.Buffer
	p := OfRun(&out, false, 0, 30)
	s := OfStudy(p, 3)
	report := func(seed uint64, step, diverged int) {
		p.last = time.Now().Add(-time.Hour) // a line is due
		s.Of(seed)(metaopt.Progress{Step: step, Steps: 10, Learners: []metaopt.LearnerProgress{{Name: "flp", Loss: 2, Diverged: diverged}}})
	}
	report(1, 4, 1)
	report(2, 3, 2)
	report(1, 5, 1)
	s.Of(1)(metaopt.Progress{Step: 10, Steps: 10, Evaluations: []evaluate.Evaluation{{Learner: "flp", Mean: 0.5, Low: 0.25, High: 0.75}}})
	s.Trained(study.Cell{Seed: 1, Config: &config.Config{Meta: config.Meta{Steps: 10}}})
	report(2, 4, 2)
	for _, want := range []string{"meta-step 4/30: loss flp 2 (1 diverged)\n", "meta-step 7/30: loss flp 2 (3 diverged)", "meta-step 8/30: loss flp 2 (3 diverged)",
		"seed 1 is trained, 1 of 3: held-out loss flp 0.5 [0.25, 0.75]\n", "meta-step 14/30"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if s.Finished() != 1 {
		t.Errorf("%d finished, want 1", s.Finished())
	}
}

// TestLostArm: an arm is told to be lost once, when its episodes have diverged for long, and in a
// quiet study too.
func TestLostArm(t *testing.T) {
	var out bytes.Buffer
	s := OfStudy(OfRun(&out, true, 0, 30), 3)
	for step := range 300 {
		s.Of(2)(metaopt.Progress{Step: step, Steps: 300, Learners: []metaopt.LearnerProgress{{Name: "flp", Row: min(step, lostAfter-1)}, {Name: "control", Row: step}}})
	}
	if n := strings.Count(out.String(), "\n"); n != 1 || !strings.Contains(out.String(), "seed 2, meta-step 100/300: arm control is lost") {
		t.Errorf("%d lines, want one about the arm control:\n%s", n, out.String())
	}
}
