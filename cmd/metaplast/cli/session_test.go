package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"metaplast/graph/op"
)

// A run that goes on with another library, or on another processor, says so.
func TestOtherRounding(t *testing.T) {
	// Of the sets that there are here, one that is not in use.
	lesser, lessNote := "none", "kernels were none so far and are "+op.Tiles()+" now: the same to rounding, not bit for bit (METAPLAST_KERNELS=none)"
	if op.Tiles() == lesser {
		lessNote = "" // what is in use is no other set
	}
	for _, test := range []struct {
		blas, tiles string
		want        string // "" for no note
	}{
		{blasName(), op.Tiles(), ""},
		{"", "", ""}, // written before these were noted
		{"mkl", op.Tiles(), "with mkl so far and goes on with " + blasName()},
		{blasName(), "NEON", "kernels were NEON so far and are " + op.Tiles() + " now: the same to rounding, not bit for bit (not on this processor)"},
		{blasName(), lesser, lessNote},
	} {
		var notes bytes.Buffer
		r := &job{ui: &ui{err: &notes}, dir: folder(t.TempDir())}
		text, err := json.Marshal([]start{{BLAS: "of an earlier start"}, {BLAS: test.blas, Tiles: test.tiles}})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.dir.write("environment.json", text); err != nil {
			t.Fatal(err)
		}
		r.otherBLAS()
		if have := notes.String(); !strings.Contains(have, test.want) || test.want == "" && have != "" {
			t.Errorf("%+v: have note %q", test, have)
		}
	}
}
