package study

import (
	"regexp"
	"strings"
	"testing"

	"metaplast/data"
	"metaplast/metaopt/config"
)

// TestDefinitions checks that every study can be planned at every size and task, that its
// claims are about arms and measures that it has, and that nothing is left unsaid.
func TestDefinitions(t *testing.T) {
	name := regexp.MustCompile(`^[a-z-]+$`)
	names := map[string]bool{}
	for _, s := range Studies() {
		t.Run(s.Name, func(t *testing.T) {
			if names[s.Name] || !name.MatchString(s.Name) {
				t.Errorf("name %q: want letters and \"-\", and another for each study", s.Name)
			}
			names[s.Name] = true
			if s.Summary == "" || len(s.Tuning) < 40 || strings.Contains(s.Tuning, "PENDING") {
				t.Errorf("summary %q, tuning %q: want both told", s.Summary, s.Tuning)
			}
			arms := map[string]bool{}
			for _, a := range s.Arms {
				if arms[a.Name] || a.What == "" {
					t.Errorf("arm %q (%s): want names of their own and a description", a.Name, a.What)
				}
				arms[a.Name] = true
				for k := range a.Override {
					if !hasSetting(s, k) {
						t.Errorf("arm %s: override for %s, which is no setting", a.Name, k)
					}
				}
			}
			ids := map[string]bool{}
			used := map[string]bool{}
			for _, c := range s.Claims {
				if ids[c.ID] || !strings.HasSuffix(c.Statement, ".") || c.Source == "" {
					t.Errorf("claim %q: %q (%s): want an id of its own, a sentence and a source", c.ID, c.Statement, c.Source)
				}
				ids[c.ID] = true
				m, ok := s.Measure(c.Measure)
				if !ok || !arms[c.A] || c.B != "" && !arms[c.B] || c.A == c.B {
					t.Errorf("claim %s: %s of %s and %s: want a measure and two arms of the study", c.ID, c.Measure, c.A, c.B)
				}
				if m.Scale == Ratio && !(c.Threshold > 0) {
					t.Errorf("claim %s: threshold %v of a ratio", c.ID, c.Threshold)
				}
				used[c.A], used[c.B] = true, true
			}
			for a := range arms {
				if !used[a] {
					t.Errorf("arm %s is in no claim", a)
				}
			}
			for _, size := range Sizes() {
				if _, err := s.Setting(size, ""); err != nil {
					t.Errorf("size %s: %v", size, err)
				}
			}
			for _, setting := range s.Settings {
				p, err := NewPlan(s, setting, nil, 0)
				if err != nil {
					t.Errorf("%v: %v", setting, err)
					continue
				}
				if len(p.Cells) != setting.Seeds || setting.Seeds < 3 {
					t.Errorf("%v: %d cells of %d seeds", setting, len(p.Cells), setting.Seeds)
				}
				task := p.Cells[0].Config.Task
				got := task.Kind
				if planted, ok := task.Own.(data.Planted); ok {
					got = planted.Rule
				}
				if got != setting.Task {
					t.Errorf("%v: task %s", setting, got)
				}
				for i, l := range p.Cells[0].Config.Learners {
					if l.Name != s.Arms[i].Name {
						t.Errorf("%v: learner %d is %s, want %s", setting, i, l.Name, s.Arms[i].Name)
					}
				}
			}
		})
	}
}

func hasSetting(s Study, key string) bool {
	for _, v := range s.Settings {
		if v.String() == key {
			return true
		}
	}
	return false
}

// TestRunsDifferBySeedOnly: the runs of a plan are the same configuration but for the seed, so
// that the seed is the only thing that varies.
func TestRunsDifferBySeedOnly(t *testing.T) {
	s, err := Lookup("sine-continual")
	if err != nil {
		t.Fatal(err)
	}
	p := planned(t, s, Quick, "", 3)
	if a, b := p.Cells[0].Config.Seed, p.Cells[2].Config.Seed; a != 1 || b != 3 {
		t.Errorf("seeds %d and %d, want 1 and 3", a, b)
	}
	var texts []string
	for _, c := range p.Cells {
		same := *c.Config
		same.Seed = 0
		texts = append(texts, encoded(t, &same))
	}
	if texts[0] != texts[1] || texts[1] != texts[2] {
		t.Errorf("configurations differ:\n%s\n%s", texts[0], texts[1])
	}
}

func encoded(t *testing.T, c *config.Config) string {
	t.Helper()
	text, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func planned(t *testing.T, s Study, size, task string, seeds int, changes ...string) *Plan {
	t.Helper()
	setting, err := s.Setting(size, task)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(s, setting, changes, seeds)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
