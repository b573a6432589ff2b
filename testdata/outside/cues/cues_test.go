package cues

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"metaplast/cmd/metaplast/cli"
	"metaplast/data"
)

// TestMain is also the program: the command line, with the task.
func TestMain(m *testing.M) {
	if os.Getenv("CUES_PROGRAM") == "1" {
		os.Exit(cli.Main(os.Args, cli.Task(Cues{Count: 4, Size: 16, Steps: 4})))
	}
	os.Exit(m.Run())
}

func TestEpisodes(t *testing.T) {
	c := Cues{Count: 3, Size: 5, Steps: 7}
	for _, split := range data.Splits() {
		e, err := c.Sample(1, split, 2, 3)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Spec().Check(e); err != nil {
			t.Error(err)
		}
		_, _, _, worth := e.Arrays()
		for step, k := range e.SupportTask {
			if r := e.Reward(step); r[0] != worth[k] {
				t.Errorf("%v: the reward of step %d is %v, and cue %d is worth %v", split, step, r, k, worth[k])
			}
		}
	}
}

const configuration = `name: worth
task: {kind: cues}
network: {hidden: [32], frozen: 1}
learners:
  told: {preset: output-only, rule: {name: modulated, of: hebb}, modulator: reward, signal: target}
  not: {preset: output-only, rule: {name: modulated, of: hebb}, modulator: constant, signal: target}
meta: {steps: 400, batch: 4, learning_rate: {weights: 0.01, feedback: 0.01, plasticity: 0.01, strength: 0.01}}
eval: {episodes: 50}
`

// TestProgram trains two learners of which one has the reward for its third factor. It knows what the
// other one cannot know.
func TestProgram(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("worth.yaml", []byte(configuration), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"train", "--config", "worth.yaml", "--out", "run", "--quiet"},
		{"report", "run", "--quiet"},
		{"export", "run", "--quiet", "--episodes", "2"},
	} {
		if code, out := program(t, args...); code != 0 {
			t.Fatalf("%v: exit code %d:\n%s", args, code, out)
		}
	}
	code, out := program(t, "eval", "run", "--json", "--quiet")
	var measured struct {
		Learners []struct {
			Learner string
			Trained struct {
				Loss float64 `json:"loss_mean"`
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &measured); err != nil || code != 0 {
		t.Fatalf("exit code %d: %v in\n%s", code, err, out)
	}
	losses := map[string]float64{}
	for _, l := range measured.Learners {
		losses[l.Learner] = l.Trained.Loss
	}
	if told, not := losses["told"], losses["not"]; len(losses) != 2 || told > 0.5 || not < 0.8 {
		t.Errorf("loss %v with the reward, %v without: want at most 0.5, and at least 0.8 of the variance 1", told, not)
	}
	code, out = program(t, "train", "sine-quick", "--set", "learners.flp.rule=modulated", "--set", "learners.flp.modulator=reward", "--out", "none")
	if _, err := os.Stat("none"); code != 2 || !strings.Contains(out, "learners.flp.modulator") || err == nil {
		t.Errorf("a task without reward: exit code %d, %v: %s", code, err, out)
	}
}

// program runs the command line in a process of its own.
func program(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "CUES_PROGRAM=1")
	text, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(text)
}
