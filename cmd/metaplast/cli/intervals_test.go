package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"metaplast/metaopt/measure"
	"metaplast/metaopt/run"
)

// TestIntervalsArePossible asks that no interval that a command gives leaves what its mean can be: with
// two episodes or streams Student's own does, by far.
func TestIntervalsArePossible(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	printed(t, "train", "glyphs-quick", "--quiet", "--out", dir, "--set", "meta.steps=2", "--set", "eval.episodes=2", "--set", "eval.every=1",
		"--set", "network.conv=[{channels: 4, kernel: 3, stride: 4, pad: 1}]", "--set", "network.hidden=[8]", "--set", "network.frozen=1")
	result, err := os.ReadFile(filepath.Join(dir, "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	wide := 0
	for name, doc := range map[string][]byte{
		"train":      result,
		"eval":       printed(t, "eval", dir, "--json"),
		"trajectory": printed(t, "eval", dir, "--trajectory", "3", "--runs", "2", "--json"),
		"matrix":     printed(t, "eval", dir, "--matrix", "--episodes", "2", "--json"),
		"compare":    printed(t, "compare", dir, "--episodes", "2", "--json"),
	} {
		var v any
		if err := json.Unmarshal(doc, &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		seen := 0
		ends(v, "", func(path string, x float64) {
			seen++
			low, high := 0.0, 1.0
			switch {
			case strings.Contains(path, "transfer") || strings.Contains(path, "forgetting") || strings.Contains(path, "difference"):
				low = -1
			case strings.Contains(path, "loss"):
				high = 1e300
			}
			if !(x >= low && x <= high) {
				t.Errorf("%s: %s is %v, want from %v to %v", name, path, x, low, high)
			}
			if x == low || x == high {
				wide++
			}
		})
		if seen < 8 {
			t.Errorf("%s: %d ends of intervals, want at least 8", name, seen)
		}
	}
	if wide == 0 {
		t.Error("no interval was cut off: the test tells nothing")
	}
}

// ends calls f with every number whose name ends in low95 or high95.
func ends(v any, path string, f func(string, float64)) {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if n, ok := x.(float64); ok && (strings.HasSuffix(name, "low95") || strings.HasSuffix(name, "high95")) {
				f(path+"."+name, n)
			}
			ends(x, path+"."+name, f)
		}
	case []any:
		for _, x := range v {
			ends(x, path, f)
		}
	}
}

// TestMetricsOfEarlierVersions reads intervals that go beyond what a mean can be.
func TestMetricsOfEarlierVersions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	if err := os.WriteFile(path, []byte(`{"step":0,"kind":"eval","learner":"oml","metrics":{"heldout_loss_mean":0.5,"heldout_loss_low95":-3,"heldout_loss_high95":4,`+
		`"heldout_loss_median":0.5,"episodes":2,"diverged":0,"heldout_accuracy_mean":0.8,"heldout_accuracy_low95":-1.741,"heldout_accuracy_high95":3.341}}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	all, err := run.ReadMetrics(path)
	if err != nil {
		t.Fatal(err)
	}
	h := all["oml"].Evals[0]
	if got := [4]measure.Number{h.Low, h.High, *h.AccuracyLow, *h.AccuracyHigh}; got != [4]measure.Number{0, 4, 0, 1} {
		t.Errorf("ends %v, want [0 4 0 1]", got)
	}
}
