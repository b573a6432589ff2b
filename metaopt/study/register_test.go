package study

import (
	"strings"
	"testing"
)

// TestRegister: a study of others is checked whole before it is listed.
func TestRegister(t *testing.T) {
	for _, s := range own() {
		if err := s.Validate(); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	good := own()[8]
	good.Name = "of-others"
	n := len(Studies())
	for _, c := range []struct {
		want   string
		change func(*Study)
	}{
		{"name", func(s *Study) { s.Name = "Two words" }},
		{"not taken", func(s *Study) { s.Name = own()[0].Name }},
		{"arms: 1, want at least 2", func(s *Study) { s.Arms = s.Arms[:1] }},
		{"unknown arm", func(s *Study) {
			s.Claims = []Claim{{ID: "x", A: "nobody", B: s.Arms[0].Name, Measure: Loss.Name, Threshold: 1}}
		}},
		{"measures: \"forgetting\"", func(s *Study) { s.Measures = append([]Measure{{Name: "forgetting"}}, s.Measures...) }},
		{"unknown size", func(s *Study) { s.Settings = []Setting{{Size: "huge", Preset: "sine-quick", Seeds: 2}} }},
		{"unknown preset", func(s *Study) { s.Settings = []Setting{{Size: Quick, Preset: "sine-quik", Seeds: 2}} }},
		{"threshold above 0", func(s *Study) {
			s.Claims = []Claim{{ID: "x", A: s.Arms[0].Name, B: s.Arms[1].Name, Measure: Loss.Name}}
		}},
	} {
		s := good
		c.change(&s)
		if err := Register(s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	if len(Studies()) != n {
		t.Errorf("%d studies, want %d", len(Studies()), n)
	}
	quick := Study{Name: "q", Settings: []Setting{{Size: Quick, Task: "sine"}}}
	if _, err := quick.Setting(Full, ""); err == nil || !strings.Contains(err.Error(), "no size full") {
		t.Errorf("a size that is not there: %v", err)
	}
}
