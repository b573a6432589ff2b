package record

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"metaplast/data/regular"
)

// Nothing in a run folder is written through a symbolic link, so that no file elsewhere is
// overwritten.
func TestNothingThroughLinks(t *testing.T) {
	clock := func() time.Time { return time.Unix(0, 0) }
	record := Record{Step: 1, Kind: KindTrain, Learner: "flp", Metrics: []Metric{{"loss", 1}}}
	board := func(dir string) error {
		b, err := OpenTensorBoard(dir, 5, clock)
		if err != nil {
			return err
		}
		return errors.Join(b.Record(record), b.Close())
	}
	for _, c := range []struct {
		link string // in the folder
		dir  bool   // whether the victim is a folder
		open func(dir string) error
	}{
		{"metrics.jsonl", false, func(dir string) error { _, err := CreateJSONL(filepath.Join(dir, "metrics.jsonl")); return err }},
		{"metrics.jsonl", false, func(dir string) error { _, err := OpenJSONL(filepath.Join(dir, "metrics.jsonl"), 5); return err }},
		{"flp/" + eventsName, false, board},
		{eventsName, false, board},
		{"flp", true, board},
	} {
		dir, victim := t.TempDir(), filepath.Join(t.TempDir(), "victim")
		file, link := victim, filepath.Join(dir, c.link)
		if c.dir {
			file = filepath.Join(victim, eventsName)
		}
		for _, d := range []string{filepath.Dir(file), filepath.Dir(link)} {
			if err := os.MkdirAll(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(file, []byte(`{"step":9}`+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(victim, link); err != nil {
			t.Fatal(err)
		}
		if err := c.open(dir); !errors.Is(err, regular.ErrLink) {
			t.Errorf("%s: %v, want regular.ErrLink", c.link, err)
		}
		if text, err := os.ReadFile(file); err != nil || string(text) != `{"step":9}`+"\n" {
			t.Errorf("%s: the victim holds %q, %v", c.link, text, err)
		}
	}
}
