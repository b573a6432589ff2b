package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeAll writes files below a new folder, which it changes to.
func writeAll(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestExtends: a file that changes a preset, through another file, is what the preset with the
// same changes by --set is, and nothing of where it came from is written.
func TestExtends(t *testing.T) {
	writeAll(t, map[string]string{
		"configs/base.yaml": "extends: sine-quick\nname: base\nnetwork: {hidden: [8]}\nlearners:\n  oml: null\n  flp: {rule: hebb}\nmeta: {steps: 7}\n",
		"top.yaml":          "meta: {schedule: {milestones: [3]}, steps: 9}\nextends: configs/base.yaml\nlearners:\n  dfa: {preset: dfa}\n",
	})
	have, err := Load("top.yaml", []string{"seed=4"})
	if err != nil {
		t.Fatal(err)
	}
	want, err := Parse("preset", Presets()[0].Text, []string{"name=base", "network.hidden=[8]", "learners.oml=null", "learners.flp.rule=hebb",
		"meta.steps=9", "meta.schedule.milestones=[3]", "learners.dfa.preset=dfa", "seed=4"})
	if err != nil {
		t.Fatal(err)
	}
	a, errA := have.Encode()
	b, errB := want.Encode()
	if errA != nil || errB != nil || !bytes.Equal(a, b) || bytes.Contains(a, []byte(Extends)) {
		t.Errorf("have (%v)\n%s\nwant (%v)\n%s", errA, a, errB, b)
	}
	if _, err := Load(filepath.Join("configs", "..", "top.yaml"), nil); err != nil {
		t.Error(err)
	}
	again, err := Parse("again", a, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c, _ := again.Encode(); !bytes.Equal(a, c) {
		t.Errorf("written and read again:\n%s", c)
	}
}

// TestExtendsRefuses: a fault is told with the file and line that has it.
func TestExtendsRefuses(t *testing.T) {
	files := map[string]string{
		"self.yaml":        "extends: self.yaml\n",
		"a.yaml":           "name: a\nextends: sub/b.yaml\n",
		"sub/b.yaml":       "extends: ../a.yaml\n",
		"typo.yaml":        "extends: sine-quik\n",
		"nothing.yaml":     "extends: configs/nothing.yaml\n",
		"learner.yaml":     "extends: oml\n",
		"number.yaml":      "extends: 12\n",
		"list.yaml":        "extends: [sine-quick]\n",
		"empty.yaml":       "extends: \"\"\n",
		"folder.yaml":      "extends: sub\n",
		"bad.yaml":         "name: bad\nmeta: {stepz: 3}\nseed: x\n",
		"on-bad.yaml":      "extends: bad.yaml\nnetwork: 3\n",
		"broken.yaml":      "name: [\n",
		"on-broken.yaml":   "extends: broken.yaml\n",
		"gone.yaml":        "extends: sine-quick\nmeta:\n  steps: null\n",
		"no-learner.yaml":  "extends: sine-quick\nlearners:\n  omll: null\n",
		"null.yaml":        "extends: sine-quick\nlearners: null\n",
		"incomplete.yaml":  "extends: few.yaml\n",
		"few.yaml":         "name: few\n",
		"not-mapping.yaml": "extends: list-only.yaml\nname: x\n",
		"list-only.yaml":   "- 1\n",
	}
	for i := range maxExtends + 2 {
		files[fmt.Sprintf("deep-%d.yaml", i)] = fmt.Sprintf("extends: deep-%d.yaml\n", i+1)
	}
	writeAll(t, files)
	for name, want := range map[string][]string{
		"self.yaml":        {"self.yaml:1:10: extends: self.yaml extends itself: self.yaml, which extends self.yaml"},
		"./self.yaml":      {"self.yaml extends itself"},
		"a.yaml":           {"a.yaml:2:10: extends: ", "b.yaml:1:10: extends: a.yaml extends itself: a.yaml, which extends sub/b.yaml, which extends a.yaml"},
		"typo.yaml":        {`typo.yaml:1:10: extends: unknown preset "sine-quik": did you mean "sine-quick"?`, "there is no file sine-quik"},
		"nothing.yaml":     {"nothing.yaml:1:10: extends: ", filepath.Join("configs", "nothing.yaml")},
		"learner.yaml":     {`"oml" is the preset of a learner`},
		"number.yaml":      {"number.yaml:1:10: extends: have 12, want text"},
		"list.yaml":        {"extends: have a list, want text"},
		"empty.yaml":       {`unknown preset ""`},
		"folder.yaml":      {"folder.yaml:1:10: extends: ", "sub"},
		"on-bad.yaml":      {`bad.yaml:2:8: unknown key "meta.stepz"`, "bad.yaml:3:7: seed: have x", "on-bad.yaml:2:10: network: have 3"},
		"on-broken.yaml":   {"broken.yaml:1:"},
		"gone.yaml":        {"gone.yaml:3:10: meta.steps: have nothing"},
		"no-learner.yaml":  {`no-learner.yaml:3:3: learners.omll: unknown learner "omll": did you mean "oml"?`},
		"null.yaml":        {"null.yaml:2:11: learners: have nothing"},
		"incomplete.yaml":  {"incomplete.yaml: meta.steps: missing"},
		"not-mapping.yaml": {"list-only.yaml:1:1: the configuration: have a list"},
		"deep-0.yaml":      {"17 files extend each other: want at most 16"},
	} {
		c, err := Load(name, nil)
		if err == nil {
			t.Errorf("%s: have %+v, want an error", name, c)
			continue
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s:\nhave %v\nwant %s", name, err, w)
			}
		}
	}
	if _, err := Load(fmt.Sprintf("deep-%d.yaml", 2), nil); err == nil || strings.Contains(err.Error(), "extend each other") {
		t.Errorf("%d in a row: %v, want only that the last does not exist", maxExtends, err)
	}
	if _, err := Parse("x.yaml", []byte("extends: few.yaml"), nil); err == nil || !strings.Contains(err.Error(), "unknown preset") {
		t.Errorf("a text without a folder: %v", err)
	}
	if _, err := Parse("x.yaml", Presets()[0].Text, []string{"extends=sine-quick"}); err == nil || !strings.Contains(err.Error(), "only a file extends") {
		t.Errorf("--set extends: %v", err)
	}
}
