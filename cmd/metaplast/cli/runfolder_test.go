package cli

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// cutLog runs "cutlog metrics.jsonl STEP": the file ends with the records of training of that
// meta-step; evaluations after it are cut off too.
func cutLog(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cutlog file step")
	}
	step, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := []byte(ts.ReadFile(args[0]))
	last := fmt.Appendf(nil, `{"step":%d,"kind":"train"`, step)
	at := bytes.LastIndex(text, last)
	if at < 0 {
		ts.Fatalf("no %s in %s", last, args[0])
	}
	end := at + bytes.IndexByte(text[at:], '\n') + 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text[:end], 0o644))
}

// concat runs "concat to from...".
func concat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: concat to from...")
	}
	var all []byte
	for _, from := range args[1:] {
		all = append(all, ts.ReadFile(from)...)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), all, 0o644))
}
