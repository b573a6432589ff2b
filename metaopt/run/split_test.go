package run

import (
	"testing"

	"metaplast/data"
	"metaplast/metaopt/config"
)

// TestEvalSplit: runs on functions are watched on held-out ones, runs on classes on those of validation,
// so that the meta-test's are seen by nothing before the end.
func TestEvalSplit(t *testing.T) {
	for name, want := range map[string]data.Split{"sine-quick": data.HeldOut, "glyphs-quick": data.Validation} {
		p, err := config.LookupPreset(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := config.Parse(p.Name, p.Text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if have := EvalSplit(c); have != want {
			t.Errorf("%s is watched on %v, want %v", name, have, want)
		}
	}
}
