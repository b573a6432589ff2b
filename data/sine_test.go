package data

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"metaplast/data/fault"
)

var quick = Sine{Functions: 5, Steps: 8, Batch: 8, Query: 32}

// floats returns a tensor's elements.
func floats(t testing.TB, v any) []float64 {
	t.Helper()
	f, ok := v.([]float64)
	if !ok {
		t.Fatalf("elements are %T", v)
	}
	return f
}

func mustSample(t testing.TB, s Sine, seed uint64, split Split, step, episode uint64) Episode {
	t.Helper()
	e, err := s.Sample(seed, split, step, episode)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// digest is a hash of all bits of an episode.
func digest(t testing.TB, e Episode) [32]byte {
	h := sha256.New()
	for _, v := range [][]float64{floats(t, e.SupportX.Data()), floats(t, e.SupportY.Data()), floats(t, e.QueryX.Data()), floats(t, e.QueryY.Data())} {
		_ = binary.Write(h, binary.LittleEndian, v)
	}
	for _, v := range [][]int{e.SupportTask, e.QueryTask} {
		for _, i := range v {
			_ = binary.Write(h, binary.LittleEndian, int64(i))
		}
	}
	return [32]byte(h.Sum(nil))
}

func TestSineShapes(t *testing.T) {
	for _, s := range []Sine{
		quick,
		{Functions: 1, Steps: 1, Batch: 1, Query: 1},
		{Functions: 3, Steps: 1, Batch: 2, Query: 1, Order: IID},
		{Functions: 10, Steps: 40, Batch: 32, Query: 32, Order: Continual},
	} {
		e := mustSample(t, s, 1, Train, 0, 0)
		f, sp := s.Functions, s.Spec()
		if err := sp.Check(e); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
		want := Spec{Name: "sine", Inputs: []int{1 + f}, Outputs: 1, Steps: f * s.Steps, Batch: s.Batch, Query: f * s.Query, Loss: "mse"}
		if fmt.Sprint(sp) != fmt.Sprint(want) {
			t.Errorf("%+v: spec %+v, want %+v", s, sp, want)
		}
	}
}

// Every example is [x, one-hot of its function] with x in range, and its target is that
// function's value.
func TestSineExamples(t *testing.T) {
	for _, order := range []string{"", Continual, IID} {
		s := quick
		s.Order = order
		e := mustSample(t, s, 4, HeldOut, 2, 1)
		waves, err := s.Waves(4, HeldOut, 2, 1)
		if err != nil {
			t.Fatal(err)
		}
		check := func(name string, x, y []float64, task []int) {
			for i, f := range task {
				row := x[i*(1+s.Functions) : (i+1)*(1+s.Functions)]
				if !(row[0] >= -5 && row[0] < 5) {
					t.Errorf("%s %d: x = %v", name, i, row[0])
				}
				for k, v := range row[1:] {
					if (k == f) != (v == 1) || (k != f) != (v == 0) {
						t.Fatalf("%s %d of function %d: one-hot %v", name, i, f, row[1:])
					}
				}
				if want := waves[f].Amplitude * math.Sin(row[0]+waves[f].Phase); y[i] != want {
					t.Errorf("%s %d: y = %v, want %v", name, i, y[i], want)
				}
			}
		}
		check("support", floats(t, e.SupportX.Data()), floats(t, e.SupportY.Data()), e.SupportTask)
		check("query", floats(t, e.QueryX.Data()), floats(t, e.QueryY.Data()), e.QueryTask)
		for i, f := range e.QueryTask {
			if f != i/s.Query {
				t.Fatalf("%s: query %d is of function %d", order, i, f)
			}
		}
		changes := 0
		for i := range e.SupportTask[1:] {
			if e.SupportTask[i] != e.SupportTask[i+1] {
				changes++
			}
		}
		if order == IID && changes < 200 { // 255 expected of 319
			t.Errorf("iid: the function changes only %d times", changes)
		}
		if order != IID && (changes != 4 || !slices.IsSorted(e.SupportTask)) {
			t.Errorf("continual: the function changes %d times", changes)
		}
	}
}

// sortedRows returns an episode's support examples as strings, sorted.
func sortedRows(t testing.TB, s Sine, e Episode) []string {
	x, y := floats(t, e.SupportX.Data()), floats(t, e.SupportY.Data())
	rows := make([]string, len(e.SupportTask))
	for i, f := range e.SupportTask {
		rows[i] = fmt.Sprintf("%x %x %d", x[i*(1+s.Functions):(i+1)*(1+s.Functions)], y[i], f)
	}
	slices.Sort(rows)
	return rows
}

// The two orders hold the same support examples and the same query set.
func TestSineOrdersHoldTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		size := rapid.IntRange(1, 6)
		c := Sine{Functions: size.Draw(r, "functions"), Steps: size.Draw(r, "steps"), Batch: size.Draw(r, "batch"),
			Query: size.Draw(r, "query"), Order: Continual}
		i := c
		i.Order = IID
		seed, step, episode := rapid.Uint64().Draw(r, "seed"), rapid.Uint64().Draw(r, "step"), rapid.Uint64().Draw(r, "episode")
		a, b := mustSample(t, c, seed, Train, step, episode), mustSample(t, i, seed, Train, step, episode)
		if !slices.Equal(sortedRows(t, c, a), sortedRows(t, i, b)) {
			r.Error("support examples differ")
		}
		a.SupportX, a.SupportY, a.SupportTask = b.SupportX, b.SupportY, b.SupportTask
		if digest(t, a) != digest(t, b) {
			r.Error("query sets differ")
		}
	})
}

func TestSineShufflesOverTheWholeStream(t *testing.T) {
	s := quick
	s.Order = IID
	// Each function's examples have a mean position of ½ of the stream in iid order.
	sums, n := make([]float64, s.Functions), 0.0
	for ep := range uint64(50) {
		e := mustSample(t, s, 1, Train, 0, ep)
		n += float64(s.Steps * s.Batch)
		for i, f := range e.SupportTask {
			sums[f] += float64(i) / float64(len(e.SupportTask))
		}
	}
	for f, sum := range sums {
		if m := sum / n; math.Abs(m-0.5) > 0.02 { // four standard errors of 0.29/√3200
			t.Errorf("function %d: mean position %.3f", f, m)
		}
	}
}

// Same key, same bytes, whatever was drawn before; every part of the key matters.
func TestSineDeterministic(t *testing.T) {
	for _, order := range []string{Continual, IID} {
		s := quick
		s.Order = order
		type key struct {
			seed          uint64
			split         Split
			step, episode uint64
		}
		keys := []key{{1, Train, 0, 0}, {2, Train, 0, 0}, {1, HeldOut, 0, 0}, {1, Train, 1, 0}, {1, Train, 0, 1}}
		seen := map[[32]byte]key{}
		var digests [][32]byte
		for _, k := range keys {
			d := digest(t, mustSample(t, s, k.seed, k.split, k.step, k.episode))
			if other, ok := seen[d]; ok {
				t.Errorf("%v and %v give the same episode", k, other)
			}
			seen[d] = k
			digests = append(digests, d)
		}
		for i := len(keys) - 1; i >= 0; i-- {
			k := keys[i]
			if digest(t, mustSample(t, s, k.seed, k.split, k.step, k.episode)) != digests[i] {
				t.Errorf("%v: another episode at the second call", k)
			}
		}
	}
}

// Pinned: a change of these values changes every run there has been.
func TestSinePinned(t *testing.T) {
	e := mustSample(t, quick, 1, Train, 0, 0)
	waves, _ := quick.Waves(1, Train, 0, 0)
	got := []float64{waves[0].Amplitude, waves[0].Phase, floats(t, e.SupportX.Data())[0], floats(t, e.QueryX.Data())[0]}
	want := []float64{2.8937663461123204, 1.51830179775546, 3.0153712902540186, 1.8281942500172321}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Sizes of the stream and its order do not move the functions.
func TestSineFunctionsStay(t *testing.T) {
	want, err := quick.Waves(9, Train, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Sine{
		{Functions: 5, Steps: 8, Batch: 1, Query: 32},
		{Functions: 5, Steps: 1, Batch: 64, Query: 1, Order: IID},
		{Functions: 9, Steps: 8, Batch: 8, Query: 32},
	} {
		got, err := s.Waves(9, Train, 3, 1)
		if err != nil || !slices.Equal(got[:5], want) {
			t.Errorf("%+v: %v, %v, want %v", s, got, err, want)
		}
	}
}

func TestSineValidate(t *testing.T) {
	const limit = "at most 134217728 values in the inputs (examples × (1 + functions))"
	for _, c := range []struct {
		s    Sine
		want []string
	}{
		{quick, nil},
		{Sine{}, []string{"functions: 0, want at least 1", "steps: 0, want at least 1", "batch: 0, want at least 1", "query: 0, want at least 1"}},
		{Sine{Functions: -1, Steps: 8, Batch: -2, Query: 1, Order: "random"},
			[]string{"functions: -1, want at least 1", "batch: -2, want at least 1", `order: "random", want continual or iid`}},
		{Sine{Functions: 1, Steps: 1 << 20, Batch: 1 << 6, Query: 1}, nil},
		{Sine{Functions: 1, Steps: 1 << 20, Batch: 1 << 7, Query: 1}, []string{"functions × steps × batch: 1 × 1048576 × 128, want " + limit}},
		{Sine{Functions: 10, Steps: 1, Batch: 1, Query: math.MaxInt}, []string{fmt.Sprintf("functions × query: 10 × %d, want ", math.MaxInt) + limit}},
		{Sine{Functions: math.MaxInt, Steps: math.MaxInt, Batch: math.MaxInt, Query: math.MaxInt, Order: "x"},
			[]string{"functions × steps × batch: ", "functions × query: ", `order: "x"`}},
		{Sine{Functions: math.MaxInt / 2, Steps: 2, Batch: 1, Query: 1}, []string{"functions × steps × batch: ", "functions × query: "}},
	} {
		err := c.s.Validate()
		if c.want == nil {
			if err != nil {
				t.Errorf("%+v: %v", c.s, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%+v: no fault", c.s)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != len(c.want) {
			t.Errorf("%+v: %d faults, want %d:\n%v", c.s, len(lines), len(c.want), err)
			continue
		}
		for i, w := range c.want {
			if !strings.HasPrefix(lines[i], w) {
				t.Errorf("%+v: %q, want %q", c.s, lines[i], w)
			}
		}
		if f, ok := errors.AsType[*fault.Field](err); !ok || !strings.HasPrefix(lines[0], f.Path) {
			t.Errorf("%+v: no fault.Field in %v", c.s, err)
		}
		if _, serr := c.s.Sample(1, Train, 0, 0); serr == nil || serr.Error() != err.Error() {
			t.Errorf("%+v: Sample gives %v, Validate %v", c.s, serr, err)
		}
	}
	if _, err := quick.Sample(1, Split(7), 0, 0); !errors.Is(err, ErrSplit) {
		t.Error(err)
	}
}

func BenchmarkSinePaper(b *testing.B) {
	s := Sine{Functions: 10, Steps: 40, Batch: 32, Query: 32, Order: IID}
	for i := 0; b.Loop(); i++ {
		if _, err := s.Sample(1, Train, uint64(i), 0); err != nil {
			b.Fatal(err)
		}
	}
}
