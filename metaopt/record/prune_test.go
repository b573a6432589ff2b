package record

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Logs without some records have the bytes of logs into which they were never put.
func TestPrune(t *testing.T) {
	clock := func() time.Time { return time.Unix(1, 0) }
	write := func(dir string, all bool) {
		t.Helper()
		lines, err := CreateJSONL(filepath.Join(dir, "metrics.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		board, err := CreateTensorBoard(filepath.Join(dir, "board"), clock)
		if err != nil {
			t.Fatal(err)
		}
		to := Multi{lines, board}
		for step := range 4 {
			for _, learner := range []string{"a", "b"} {
				for _, kind := range []string{KindTrain, KindEval, KindDiverged} {
					if !all && step == 2 && kind == KindEval {
						continue
					}
					if err := to.Record(Record{Step: step, Kind: kind, Learner: learner, Metrics: []Metric{{"loss", 0.5}}, Message: "m"}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if err := to.Close(); err != nil {
			t.Fatal(err)
		}
	}
	have, want := t.TempDir(), t.TempDir()
	write(have, true)
	write(want, false)
	drop := func(step int, kind string) bool { return step == 2 && kind == KindEval }
	prune := func() error {
		return errors.Join(PruneJSONL(filepath.Join(have, "metrics.jsonl"), drop), PruneTensorBoard(filepath.Join(have, "board"), drop))
	}
	files := []string{"metrics.jsonl", "board/a/" + eventsName, "board/b/" + eventsName}
	for range 2 { // the second time there is nothing to be done
		if err := prune(); err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			h, err := os.ReadFile(filepath.Join(have, name))
			if err != nil {
				t.Fatal(err)
			}
			w, err := os.ReadFile(filepath.Join(want, name))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(h, w) {
				t.Errorf("%s has %d bytes, want the %d of one without these records:\n%q\n%q", name, len(h), len(w), h, w)
			}
		}
	}
	if entries, err := os.ReadDir(have); err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}

	// Damaged files stay as they are, and files that are not there are none.
	for _, name := range files {
		path := filepath.Join(have, name)
		old, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bad := bytes.Clone(old)
		bad[0] ^= 1
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := prune(); !errors.Is(err, ErrLog) {
			t.Errorf("%s: %v, want ErrLog", name, err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, bad) {
			t.Errorf("%s changed: %v", name, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := prune(); err != nil {
		t.Error(err)
	}
}
