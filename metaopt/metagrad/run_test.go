package metagrad_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/npz"
	"metaplast/graph/engine"
	"metaplast/metaopt/metagrad"
)

const golden = "../../testdata/golden"

func goldenCases(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(golden, "*", "case.json"))
	if err != nil || len(files) < 8 {
		t.Fatalf("%d golden cases, %v: want 8", len(files), err)
	}
	for i := range files {
		files[i] = filepath.Dir(files[i])
	}
	return files
}

// TestGolden compares every case with the results of an independent implementation.
func TestGolden(t *testing.T) {
	for _, dir := range goldenCases(t) {
		expected, err := npz.Read(filepath.Join(dir, "expected.npz"))
		if err != nil {
			t.Fatal(err)
		}
		for _, run := range []struct {
			name      string
			dtype     tensor.Dtype
			machine   engine.Machine
			tolerance float64 // of an array's largest element, from the cases' README
		}{
			{"float64", tensor.Float64, engine.Sequential, 1e-10},
			{"float64/tape", tensor.Float64, engine.Tape, 1e-10},
			{"float32", tensor.Float32, engine.Sequential, 2e-5},
			{"float32/tape", tensor.Float32, engine.Tape, 2e-5},
		} {
			t.Run(filepath.Base(dir)+"/"+run.name, func(t *testing.T) {
				c, err := metagrad.Load(dir)
				if err != nil {
					t.Fatal(err)
				}
				result, err := c.Run(run.dtype, run.machine)
				if err != nil {
					t.Fatal(err)
				}
				if len(result) != len(expected) {
					t.Errorf("%d arrays: want %d", len(result), len(expected))
				}
				worst, place := 0.0, ""
				for _, a := range result {
					e := relative(t, a, expected)
					if e > worst {
						worst, place = e, a.Name
					}
					if e > run.tolerance {
						t.Errorf("%s: relative error %.2g: want at most %.0e", a.Name, e, run.tolerance)
					}
				}
				t.Logf("worst relative error %.1e in %s", worst, place)
			})
		}
	}
}

func relative(t *testing.T, a npz.Named, expected map[string]npz.Array) float64 {
	t.Helper()
	want, ok := expected[a.Name]
	if !ok || len(want.Data) != len(a.Data) {
		t.Errorf("%s: %d elements, expected has %d", a.Name, len(a.Data), len(want.Data))
		return math.Inf(1)
	}
	var diff, scale float64
	for i, w := range want.Data {
		diff, scale = math.Max(diff, math.Abs(a.Data[i]-w)), math.Max(scale, math.Abs(w))
	}
	if scale == 0 {
		scale = math.SmallestNonzeroFloat64
	}
	if diff == 0 {
		return 0
	}
	return diff / scale
}

// TestMachinesAgree asks for the same bits from both machines.
func TestMachinesAgree(t *testing.T) {
	for _, dir := range goldenCases(t) {
		c, err := metagrad.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.Run(tensor.Float32, engine.Sequential)
		if err != nil {
			t.Fatal(err)
		}
		b, err := c.Run(tensor.Float32, engine.Tape)
		if err != nil {
			t.Fatal(err)
		}
		for i := range a {
			for j := range a[i].Data {
				if a[i].Data[j] != b[i].Data[j] {
					t.Fatalf("%s: %s[%d]: sequential %v, tape %v", dir, a[i].Name, j, a[i].Data[j], b[i].Data[j])
				}
			}
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	good := filepath.Join(golden, "reg-oja-neuron")
	text, err := os.ReadFile(filepath.Join(good, "case.json"))
	if err != nil {
		t.Fatal(err)
	}
	inputs, err := npz.Read(filepath.Join(good, "inputs.npz"))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(map[string]npz.Array, *string){
		"missing": func(m map[string]npz.Array, _ *string) { delete(m, "alpha1") },
		"nan":     func(m map[string]npz.Array, _ *string) { m["W0"].Data[3] = math.NaN() },
		"shape": func(m map[string]npz.Array, _ *string) {
			m["b0"] = npz.Array{Shape: []int{2, 8}, Data: m["b0"].Data}
		},
		"no support":    func(m map[string]npz.Array, _ *string) { delete(m, "x_support") },
		"unknown field": func(_ map[string]npz.Array, s *string) { *s = `{"dtyp": "float64"}` },
		"not json":      func(_ map[string]npz.Array, s *string) { *s = `{` },
		"empty":         func(_ map[string]npz.Array, s *string) { *s = `{}` },
	} {
		dir := t.TempDir()
		copied := map[string]npz.Array{}
		for k, a := range inputs {
			copied[k] = npz.Array{Shape: a.Shape, Data: append([]float64(nil), a.Data...)}
		}
		s := string(text)
		change(copied, &s)
		var list []npz.Named
		for k, a := range copied {
			list = append(list, npz.Named{Name: k, Array: a})
		}
		f, err := os.Create(filepath.Join(dir, "inputs.npz"))
		if err != nil {
			t.Fatal(err)
		}
		if err := npz.Write(f, list); err != nil {
			t.Fatal(err)
		}
		f.Close()
		if err := os.WriteFile(filepath.Join(dir, "case.json"), []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := metagrad.Load(dir); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
	if _, err := metagrad.Load(t.TempDir()); err == nil {
		t.Error("empty folder: no error")
	}
}
