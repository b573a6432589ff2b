package run

import (
	"encoding/json"
	"strings"
	"testing"

	"metaplast/graph/blas"
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
		{blas.InUse(), op.Tiles(), ""},
		{"", "", ""}, // written before these were noted
		{"mkl", op.Tiles(), "with mkl so far and goes on with " + blas.InUse()},
		{blas.InUse(), "NEON", "kernels were NEON so far and are " + op.Tiles() + " now: the same to rounding, not bit for bit (not on this processor)"},
		{blas.InUse(), lesser, lessNote},
	} {
		notes := ""
		r := &Run{Options: Options{Note: func(text string) { notes += text }}, dir: Folder(t.TempDir())}
		text, err := json.Marshal([]Start{{BLAS: "of an earlier start"}, {BLAS: test.blas, Tiles: test.tiles}})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.dir.Write("environment.json", text); err != nil {
			t.Fatal(err)
		}
		r.otherRounding()
		if have := notes; !strings.Contains(have, test.want) || test.want == "" && have != "" {
			t.Errorf("%+v: have note %q", test, have)
		}
	}
}
