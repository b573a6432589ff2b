package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain makes the test binary the program itself where it is asked to.
func TestMain(m *testing.M) {
	if os.Getenv("OUTSIDE_COMMAND") != "" {
		main()
	}
	os.Exit(m.Run())
}

// command runs the program and returns its exit code and what it prints.
func command(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	c := exec.Command(program, args...)
	c.Env, c.Stdout, c.Stderr = append(os.Environ(), "OUTSIDE_COMMAND=1"), &o, &e
	var exit *exec.ExitError
	if err := c.Run(); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return code, o.String(), e.String()
}

// TestWholeCommand asks of every command that knows rules, or runs, that it knows this one.
func TestWholeCommand(t *testing.T) {
	run := filepath.Join(t.TempDir(), "run")
	small := []string{"--set", "network.hidden=[6,5]", "--set", "task.functions=2", "--set", "task.steps=2", "--set", "eval.episodes=2", "--set", "meta.steps=2"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"rules"}, "weights of active units move towards the activity above"},
		{[]string{"check", "outstar", "--quiet"}, "140 of 140 passed"},
		{append([]string{"train", "sine-quick", "--quiet", "--out", run, "--set", "learners.flp.rule=outstar"}, small...), "held-out loss"},
		{[]string{"train", "--quiet", "--resume", run, "--set", "meta.steps=3"}, "after 3 meta-steps"},
		{[]string{"eval", run, "--quiet"}, "flp"},
		{[]string{"compare", run, "--quiet"}, "flp"},
		{[]string{"export", run, "--quiet", "--episodes", "2"}, "parameters.npz"},
		{[]string{"report", run, "--quiet"}, "report.html"},
		{[]string{"graph", "sine-quick", "--set", "learners.oml=null", "--set", "learners.flp.rule=outstar", "--out", filepath.Join(run, "graph")}, "graph.svg"},
		{[]string{"check", "--generate-bash-completion"}, "outstar\n"},
	} {
		code, stdout, stderr := command(t, c.args...)
		if code != 0 || !strings.Contains(stdout, c.want) {
			t.Fatalf("%v: exit code %d, want 0 and %q in\n%s%s", c.args, code, c.want, stdout, stderr)
		}
	}
	code, _, stderr := command(t, "train", "sine-quick", "--set", "learners.flp.rule=outsta", "--out", run+"-none")
	if code != 2 || !strings.Contains(stderr, "outstar") {
		t.Errorf("a rule that is misspelt: exit code %d, says %q; want 2 and the name that was meant", code, stderr)
	}
}
