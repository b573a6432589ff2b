package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"metaplast/data"
	"metaplast/graph/op"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/run"
	"metaplast/metaopt/study"
)

// measuredOf trains and measures a study of one seed and returns what it kept of the measurement, beside
// an evaluation of the same learners on held-out and on validation episodes.
func measuredOf(t *testing.T, args ...string) (m study.Measured, heldOut, validation []evaluate.Evaluation) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "s")
	printed(t, append(args, "--seeds", "1", "--out", dir, "--quiet")...)
	text, err := os.ReadFile(filepath.Join(dir, "seed-1.measured.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	r, err := run.Open(filepath.Join(dir, "seed-1"), &run.Source{})
	if err != nil {
		t.Fatal(err)
	}
	for split, to := range map[data.Split]*[]evaluate.Evaluation{data.HeldOut: &heldOut, data.Validation: &validation} {
		*to, err = evaluate.Evaluate(context.Background(), evaluate.Plan{Sampler: r.Sampler, Split: split, Seed: r.Config.Seed, Episodes: m.Episodes}, r.Subjects)
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(m.Arms) < 2 || len(heldOut) != len(m.Arms) {
		t.Fatalf("%d arms, %d learners", len(m.Arms), len(heldOut))
	}
	return m, heldOut, validation
}

// TestStudyLossIsTheMedian computes the loss of a study from those of the episodes.
func TestStudyLossIsTheMedian(t *testing.T) {
	m, heldOut, _ := measuredOf(t, "study", "sine-continual", "--set", "task.functions=2", "--set", "task.steps=2", "--set", "task.batch=2", "--set", "task.query=3",
		"--set", "network.hidden=[6,5]", "--set", "meta.steps=3", "--set", "meta.schedule.milestones=[2]", "--set", "eval.episodes=5")
	for i, a := range m.Arms {
		losses := slices.Sorted(slices.Values(heldOut[i].Losses))
		sum := 0.0
		for _, l := range losses {
			sum += l / 5
		}
		median := losses[2]
		if d := (sum - median) / median; len(losses) != 5 || d < 1e-3 && d > -1e-3 {
			t.Fatalf("%s: losses %v: mean and median cannot be told apart", a.Name, losses)
		}
		if got := float64(a.Values[study.Loss.Name]); got != median {
			t.Errorf("%s: loss %v, want the median %v of %v", a.Name, got, median, losses)
		}
	}
}

// TestStudyMeasuresHeldOutClasses asks that what a study says of held-out classes is measured on them, and
// not on those that runs are watched on.
func TestStudyMeasuresHeldOutClasses(t *testing.T) {
	m, heldOut, validation := measuredOf(t, "study", "classification-iid", "--task", "glyphs", "--set", "task.ways=3", "--set", "task.shots=1", "--set", "task.query=4",
		"--set", "meta.steps=1", "--set", "eval.episodes=4")
	if m.Split != data.HeldOut.String() {
		t.Errorf("split %q, want %q", m.Split, data.HeldOut)
	}
	told := false
	for i, a := range m.Arms {
		loss, accuracy := float64(a.Values[study.Loss.Name]), float64(a.Values[study.Accuracy.Name])
		if loss != heldOut[i].Median || accuracy != heldOut[i].Accuracy {
			t.Errorf("%s: loss %v and accuracy %v, want %v and %v of held-out classes (%v and %v on validation classes)", a.Name, loss, accuracy,
				heldOut[i].Median, heldOut[i].Accuracy, validation[i].Median, validation[i].Accuracy)
		}
		told = told || heldOut[i].Median != validation[i].Median
	}
	if !told {
		t.Error("both splits give the same: the test cannot tell them apart")
	}
}

// TestStudyMeasuresAgainWithOtherKernels: what was measured with one set of kernels is not taken for what
// another one gives; a file that tells none, as they were before, is taken for that of the best set.
func TestStudyMeasuresAgainWithOtherKernels(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	path := filepath.Join(dir, "seed-1.measured.json")
	sets := op.KernelSets()
	best, other := sets[0], sets[len(sets)-1]
	measureWith := func(set string) {
		t.Helper()
		cmd, out := program(t, "study", "sine-continual", "--seeds", "1", "--out", dir, "--quiet", "--blas", "gonum",
			"--set", "task.functions=2", "--set", "task.steps=2", "--set", "network.hidden=[6,5]", "--set", "meta.steps=2",
			"--set", "meta.schedule.milestones=[]", "--set", "eval.episodes=4")
		cmd.Env = append(cmd.Environ(), op.KernelsVariable+"="+set)
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s: %v\n%s", set, err, out)
		}
	}
	read := func() (m study.Measured) {
		t.Helper()
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	// mark changes the file in a way that measuring again undoes.
	mark := func(tiles string) {
		t.Helper()
		m := read()
		m.Tiles, m.Arms[0].Diverged = tiles, 3
		text, err := run.EncodeJSON(m)
		if err == nil {
			err = os.WriteFile(path, text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	measureWith(best)
	first := read()
	if op.KernelSetOf(first.Tiles) != best {
		t.Errorf("measured with %q, want %q", first.Tiles, best)
	}
	for _, c := range []struct {
		tiles, set string
		again      bool
	}{{first.Tiles, best, false}, {"", best, false}, {"something else", best, true}, {first.Tiles, other, other != best}, {"", other, other != best}} {
		mark(c.tiles)
		measureWith(c.set)
		if again := read().Arms[0].Diverged != 3; again != c.again {
			t.Errorf("kernels %q in the file, %q in use: measured again %v, want %v", c.tiles, c.set, again, c.again)
		}
	}
}
