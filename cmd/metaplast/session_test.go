package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"metaplast/graph/op"
)

// A run that goes on with another library, or on another processor, says so.
func TestOtherRounding(t *testing.T) {
	for _, test := range []struct {
		blas, tiles string
		want        string // "" for no note
	}{
		{blasName(), op.Tiles(), ""},
		{"", "", ""}, // written before these were noted
		{"mkl", op.Tiles(), "with mkl so far and goes on with " + blasName()},
		{blasName(), "NEON", "processor with NEON so far and goes on with " + op.Tiles()},
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
