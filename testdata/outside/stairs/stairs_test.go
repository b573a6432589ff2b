package stairs

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"metaplast/cmd/metaplast/cli"
	"metaplast/data"
)

// TestMain is also the program: the command line, with the task.
func TestMain(m *testing.M) {
	if os.Getenv("STAIRS_PROGRAM") == "1" {
		os.Exit(cli.Main(os.Args, cli.Task(Stairs{Levels: 4, Steps: 6, Batch: 8, Query: 16})))
	}
	os.Exit(m.Run())
}

func TestEpisodes(t *testing.T) {
	s := Stairs{Levels: 3, Steps: 2, Batch: 5, Query: 7}
	for _, split := range data.Splits() {
		e, err := s.Sample(1, split, 2, 3)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Spec().Check(e); err != nil {
			t.Error(err)
		}
		seen := map[float64]bool{}
		_, y, _, _ := e.Arrays()
		for _, v := range y {
			seen[v] = true
		}
		if len(seen) < 2 || len(seen) > 3 {
			t.Errorf("%v: %d levels, want up to 3", split, len(seen))
		}
	}
}

const configuration = `name: climb
task: {kind: stairs, levels: 3}
network: {hidden: [16]}
learners: {flp: {preset: flp}, oml: {preset: oml, inner_lr: 0.05}}
meta: {steps: 30, batch: 4, learning_rate: {weights: 0.01, feedback: 0.01, plasticity: 0.001, strength: 0.001}}
eval: {episodes: 20}
`

// TestProgram trains, measures and reports as the command line does.
func TestProgram(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("climb.yaml", []byte(configuration), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out := program(t, "train", "--config", "climb.yaml", "--set", "task.levels=1"); code != 2 || !strings.Contains(out, "task.levels: 1, want at least 2") {
		t.Errorf("one level: exit code %d: %s", code, out)
	}
	if code, out := program(t, "train", "--config", "climb.yaml", "--set", "task.level=2"); code != 2 || !strings.Contains(out, `did you mean "task.levels"`) {
		t.Errorf("another key: exit code %d: %s", code, out)
	}
	for _, args := range [][]string{
		{"train", "--config", "climb.yaml", "--out", "run"},
		{"eval", "run"},
		{"train", "--resume", "run"},
		{"report", "run"},
		{"export", "run"},
		{"settings", "task"},
	} {
		code, out := program(t, args...)
		if code != 0 {
			t.Fatalf("%v: exit code %d:\n%s", args, code, out)
		}
		if args[0] == "settings" && !strings.Contains(out, "pieces of a function") {
			t.Errorf("the settings of the task are not listed:\n%s", out)
		}
	}
	for file, want := range map[string]string{
		"run/config.yaml":        "task:\n  kind: stairs\n  levels: 3\n  steps: 6\n",
		"run/report/report.html": "stairs: 6 inner steps of 8 examples",
	} {
		text, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v: want %q in\n%.2000s", file, err, want, text)
		}
	}
}

// program runs the command line in a process of its own.
func program(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "STAIRS_PROGRAM=1")
	text, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(text)
}
