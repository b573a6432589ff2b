package clamped

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"metaplast/cmd/metaplast/cli"
	"metaplast/metaopt/study"
)

// TestMain is also the program: the command line, with the study.
func TestMain(m *testing.M) {
	if os.Getenv("CLAMPED_PROGRAM") == "1" {
		os.Exit(cli.Main(os.Args, cli.Study(Clamped)))
	}
	os.Exit(m.Run())
}

// TestRegister: a claim about what is not there is refused.
func TestRegister(t *testing.T) {
	wrong := Clamped
	wrong.Claims = append([]study.Claim{{ID: "other", Measure: "los", A: "clamped", B: "mixd"}}, wrong.Claims...)
	err := study.Register(wrong)
	for _, want := range []string{`claims.other`, `"mixd"`, `"los"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %s", err, want)
		}
	}
}

// TestStudy runs it, small, to the end.
func TestStudy(t *testing.T) {
	c := exec.Command(os.Args[0], "study", "clamped", "--seeds", "2", "--set", "meta.steps=2", "--set", "eval.episodes=4", "--out", "out")
	c.Dir = t.TempDir()
	c.Env = append(os.Environ(), "CLAMPED_PROGRAM=1")
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "A clamped output ends with a smaller loss.") {
		t.Fatalf("%v\n%s", err, out)
	}
}
