package study

import (
	"strings"
	"testing"

	"metaplast/metaopt/config"
)

func TestPlanRefuses(t *testing.T) {
	s, err := Lookup("sine-iid")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		changes []string
		seeds   int
		want    string
	}{
		{"seed", []string{"seed=4"}, 0, "seed is given by the study"},
		{"name", []string{"name=other"}, 0, "name is given by the study"},
		{"learners", []string{"learners={a: {preset: flp}}"}, 0, "learners is given by the study"},
		{"removed arm", []string{"learners.oml=null"}, 0, "learner oml is removed, which study sine-iid compares"},
		{"new arm", []string{"learners.x={preset: dfa}"}, 0, "learner x is no arm of study sine-iid"},
		{"unknown key", []string{"meta.stepz=4"}, 0, "meta.steps"},
		{"bad value", []string{"meta.steps=0"}, 0, "at least 1"},
		{"no seed", nil, -1, "from 1 to 1000"},
		{"many seeds", nil, 1001, "from 1 to 1000"},
	} {
		setting, err := s.Setting(Quick, "")
		if err != nil {
			t.Fatal(err)
		}
		if p, err := NewPlan(s, setting, c.changes, c.seeds); err == nil || p != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: plan %v, error %v: want one with %q", c.name, p, err, c.want)
		}
	}
}

func TestSettingRefuses(t *testing.T) {
	s, err := Lookup("classification-iid")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ size, task, want string }{
		{"quik", "", `did you mean "quick"`},
		{Quick, "glyph", `did you mean "glyphs"`},
		{Quick, "sine", "there are omniglot, glyphs"},
	} {
		if _, err := s.Setting(c.size, c.task); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: error %v, want %q", c.size, c.task, err, c.want)
		}
	}
	if _, err := Lookup("sine-contnual"); err == nil || !strings.Contains(err.Error(), `"sine-continual"`) {
		t.Errorf("unknown study: %v, want the nearest name", err)
	}
}

func TestPlanNames(t *testing.T) {
	s, err := Lookup("classification-continual")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ size, task, dir string }{
		{Quick, "", "runs/studies/classification-continual-quick"},
		{Full, "", "runs/studies/classification-continual"},
		{Quick, "glyphs", "runs/studies/classification-continual-quick-glyphs"},
	} {
		p := planned(t, s, c.size, c.task, 2, "meta.steps=7", "network.hidden=[6, 5]")
		if p.Dir() != c.dir {
			t.Errorf("%s %s: folder %s, want %s", c.size, c.task, p.Dir(), c.dir)
		}
		want := "bin/metaplast study classification-continual --size " + c.size + " --task " + p.Setting.Task +
			" --seeds 2 --set meta.steps=7 --set 'network.hidden=[6, 5]' --out 'it'\\''s here'"
		if got := p.Command("bin/metaplast", "it's here"); got != want {
			t.Errorf("command %s\nwant %s", got, want)
		}
		if p.Steps() != 14 || p.Cells[1].Folder() != "seed-2" {
			t.Errorf("%d steps, folder %s: want 14 and seed-2", p.Steps(), p.Cells[1].Folder())
		}
	}
}

// TestPlanEncode: study.yaml names the study, and the run in it is a whole configuration.
func TestPlanEncode(t *testing.T) {
	s, err := Lookup("credit")
	if err != nil {
		t.Fatal(err)
	}
	p := planned(t, s, Quick, "", 2, "meta.steps=7")
	text, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	head, run, ok := strings.Cut(string(text), "run:\n")
	if !ok || !strings.Contains(head, "study: credit\n") || !strings.Contains(head, "- meta.steps=7") {
		t.Fatalf("study.yaml:\n%s", text)
	}
	c, err := config.Parse("study.yaml", []byte(strings.ReplaceAll("  seed: 2\n"+run, "\n  ", "\n")[2:]), nil)
	if err != nil {
		t.Fatalf("the run in study.yaml: %v\n%s", err, run)
	}
	if got, want := encoded(t, c), encoded(t, p.Cells[1].Config); got != want {
		t.Errorf("the run in study.yaml is\n%s\nwant\n%s", got, want)
	}
}
