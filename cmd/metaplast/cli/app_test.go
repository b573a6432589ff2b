package cli

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"metaplast/data/npz"
	"metaplast/graph/op"
)

// TestMain makes the test binary the program itself where it is started under that name.
func TestMain(m *testing.M) {
	testscript.Main(m, variants)
}

// tiny are the changes that make a run take a second.
const tiny = `name: tiny
seed: 7
task: {kind: sine, functions: 2, steps: 2, batch: 2, query: 3}
network: {hidden: [6, 5]}
learners:
  flp: {preset: flp, feedback_activation: linear, examples: mean}
  oml: {preset: oml, inner_lr: 0.003}
meta: {steps: 12, batch: 3, checkpoint_every: 4}
eval: {every: 5, episodes: 4}
`

func TestScript(t *testing.T) {
	t.Parallel()
	golden, err := filepath.Abs("../../../testdata/golden")
	if err != nil {
		t.Fatal(err)
	}
	oldRun, err := filepath.Abs("testdata/oldrun")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GOLDEN", golden)
			arithmetic(e)
			e.Setenv("OLDRUN", oldRun)
			if err := badCases(golden, e.WorkDir); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(e.WorkDir, "tiny.yaml"), []byte(tiny), 0o644)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": exitsWith, "cmprun": compareRuns, "jsonok": validJSON, "npzclose": closeArrays, "pngok": picture,
			"miniimagenet": miniImagenet, "omniglot": omniglotArchives, "mirror": mirror, "truncate": truncate,
			"cutlog": cutLog, "concat": concat,
		},
	})
}

// arithmetic makes scripts compute as the tests around them do: a script's environment begins
// empty.
func arithmetic(e *testscript.Env) {
	for _, name := range []string{"METAPLAST_BLAS", op.KernelsVariable} {
		e.Setenv(name, os.Getenv(name))
	}
}

// badCases makes folders with cases that cannot be computed.
func badCases(golden, dir string) error {
	good := filepath.Join(golden, "reg-oja-neuron")
	text, err := os.ReadFile(filepath.Join(good, "case.json"))
	if err != nil {
		return err
	}
	whole := text
	for name, spoil := range map[string]func(map[string]npz.Array){
		"case-nan":     func(m map[string]npz.Array) { m["W0"].Data[3] = math.NaN() },
		"case-missing": func(m map[string]npz.Array) { delete(m, "alpha1") },
		"case-misnamed": func(m map[string]npz.Array) {
			m["alpha_1"] = m["alpha1"]
			delete(m, "alpha1")
		},
		"case-field": func(map[string]npz.Array) {
			text = bytes.Replace(text, []byte(`"pathway": "direct"`), []byte(`"pathway": "direct", "gate": true`), 1)
		},
		"case-diverges": func(m map[string]npz.Array) {
			for i := range m["alpha1"].Data {
				m["alpha1"].Data[i] = 1e150
			}
		},
	} {
		inputs, err := npz.Read(filepath.Join(good, "inputs.npz"))
		if err != nil {
			return err
		}
		text = whole
		spoil(inputs)
		var list []npz.Named
		for n, a := range inputs {
			list = append(list, npz.Named{Name: n, Array: a})
		}
		archive, err := npz.Encode(list)
		if err != nil {
			return err
		}
		into := filepath.Join(dir, name)
		if err := errors.Join(os.Mkdir(into, 0o755), os.WriteFile(filepath.Join(into, "inputs.npz"), archive, 0o644),
			os.WriteFile(filepath.Join(into, "case.json"), text, 0o644)); err != nil {
			return err
		}
	}
	return nil
}

// exitsWith runs "code N args…": the program, or the variant that the first argument names,
// must end with exit code N.
func exitsWith(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: code N args...")
	}
	program, rest := "metaplast", args[1:]
	if len(rest) > 0 && variants[rest[0]] != nil {
		program, rest = rest[0], rest[1:]
	}
	err := ts.Exec(program, rest...)
	have := "0"
	if err != nil {
		have = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if have != args[0] {
		ts.Fatalf("exit code %s, want %s", have, args[0])
	}
}

// compareRuns compares what two run folders must have in common, byte for byte.
func compareRuns(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cmprun dir1 dir2")
	}
	ts.Check(sameRuns(ts.MkAbs(args[0]), ts.MkAbs(args[1])))
}

// changing are the files that depend on when and how a run was computed.
var changing = map[string]bool{"environment.json": true, "lock": true, "checkpoint.prev.npz": true}

func runFiles(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || changing[d.Name()] {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		if strings.Contains(name, "tfevents") {
			text = timeless(text)
		}
		files[name] = text
		return err
	})
	return files, err
}

// timeless is an event file without the times of its events and the checksums of these: its frames
// are length (8 bytes), checksum (4), event, checksum (4), and an event begins with its time, in 9 bytes.
func timeless(text []byte) []byte {
	var kept []byte
	for len(text) >= 16 {
		n := int(binary.LittleEndian.Uint64(text))
		kept = append(kept, text[12+9:12+n]...)
		text = text[16+n:]
	}
	return append(kept, text...)
}

func sameRuns(a, b string) error {
	x, err := runFiles(a)
	if err != nil {
		return err
	}
	y, err := runFiles(b)
	if err != nil {
		return err
	}
	if len(x) != len(y) || len(x) < 8 {
		return fmt.Errorf("%s has %d files, %s %d, want the same number, at least 8", a, len(x), b, len(y))
	}
	for name, text := range x {
		if !bytes.Equal(text, y[name]) {
			return fmt.Errorf("%s differs between %s (%d bytes) and %s (%d)", name, a, len(text), b, len(y[name]))
		}
	}
	return nil
}

// validJSON checks that a file, such as stdout, is one JSON document with the given keys.
func validJSON(ts *testscript.TestScript, neg bool, args []string) {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	var doc any
	ts.Check(d.Decode(&doc))
	if d.More() {
		ts.Fatalf("more than one document")
	}
	for _, key := range args[1:] {
		m, _ := doc.(map[string]any)
		if l, ok := doc.([]any); ok && len(l) > 0 {
			m, _ = l[0].(map[string]any)
		}
		if _, ok := m[key]; !ok {
			ts.Fatalf("no key %q", key)
		}
	}
}

// picture checks the beginning of a PNG file.
func picture(ts *testscript.TestScript, neg bool, args []string) {
	if !strings.HasPrefix(ts.ReadFile(args[0]), "\x89PNG\r\n") {
		ts.Fatalf("%s is no PNG", args[0])
	}
}

// closeArrays runs "npzclose have want tolerance": the same arrays, each with an error of at
// most tolerance relative to its largest element.
func closeArrays(ts *testscript.TestScript, neg bool, args []string) {
	have, err := npz.Read(ts.MkAbs(args[0]))
	ts.Check(err)
	want, err := npz.Read(ts.MkAbs(args[1]))
	ts.Check(err)
	var tolerance float64
	_, err = fmt.Sscan(args[2], &tolerance)
	ts.Check(err)
	if len(have) != len(want) {
		ts.Fatalf("%d arrays, want %d", len(have), len(want))
	}
	for name, w := range want {
		h, ok := have[name]
		if !ok || fmt.Sprint(h.Shape) != fmt.Sprint(w.Shape) {
			ts.Fatalf("%s: shape %v, want %v", name, h.Shape, w.Shape)
		}
		worst, scale := 0.0, 0.0
		for i, v := range w.Data {
			worst, scale = math.Max(worst, math.Abs(h.Data[i]-v)), math.Max(scale, math.Abs(v))
		}
		if !(worst <= tolerance*scale) {
			ts.Fatalf("%s: error %g of %g, want a relative error of at most %g", name, worst, scale, tolerance)
		}
	}
}
