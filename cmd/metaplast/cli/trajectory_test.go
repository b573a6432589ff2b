package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"testing"

	"metaplast/data"
	"metaplast/metaopt/continual"
	"metaplast/metaopt/run"
)

// printed runs the program in this process and returns what it prints.
func printed(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, stderr bytes.Buffer
	if code := (&ui{out: &out, err: &stderr}).run(append([]string{"metaplast"}, args...)); code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	return out.Bytes()
}

// What eval --trajectory calls continual and i.i.d. is what streams of these orders give.
func TestTrajectoryOrders(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	printed(t, "train", "glyphs-quick", "--quiet", "--out", dir, "--set", "meta.steps=1", "--set", "eval.episodes=2",
		"--set", "network.conv=[{channels: 4, kernel: 3, stride: 4, pad: 1}]", "--set", "network.hidden=[8]", "--set", "network.frozen=1",
		"--set", "task.outputs=8", "--set", "learners.oml.inner_lr=0.3")
	const classes, runs = 4, 2
	var have continual.TrajectoryReport
	if err := json.Unmarshal(printed(t, "eval", dir, "--trajectory", "4", "--runs", "2", "--json"), &have); err != nil {
		t.Fatal(err)
	}
	r, err := run.Open(dir, &run.Source{})
	if err != nil {
		t.Fatal(err)
	}
	differ := false
	for _, order := range []string{data.Continual, data.IID} {
		want, err := continual.Plan{Subjects: r.Subjects, Seed: r.Config.Seed}.Trajectories(context.Background(), []continual.Stream{{Split: data.HeldOut, Trajectory: data.Trajectory{
			Bank: r.Sampler.(data.Classification).Bank, Classes: classes, Order: order}}}, runs)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range have.Trajectories {
			got := l.Continual
			if order == data.IID {
				got = l.IID
			}
			heldOut, trained := want[0][i].HeldOutInterval().Estimate, want[0][i].TrainedInterval().Estimate
			if math.Abs(float64(got.HeldOut.Mean)-heldOut) > 1e-12 || math.Abs(float64(got.Trained.Mean)-trained) > 1e-12 {
				t.Errorf("%s, %s: held out %v, trained %v: want %v and %v", l.Learner, order, got.HeldOut.Mean, got.Trained.Mean, heldOut, trained)
			}
			differ = differ || l.Continual.Trained.Mean != l.IID.Trained.Mean
		}
	}
	if !differ {
		t.Error("both orders give the same: the test cannot tell them apart")
	}
}
