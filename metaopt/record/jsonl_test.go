package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func jsonl(t testing.TB, records []Record) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	j, err := CreateJSONL(path)
	if err != nil {
		t.Fatal(err)
	}
	record(t, j, records)
	return read(t, path)
}

func TestJSONLBytes(t *testing.T) {
	got := string(jsonl(t, []Record{
		{Step: 20, Kind: "train", Learner: "flp", Metrics: []Metric{{"loss", 0.25}, {"grad_norm", math.NaN()}}},
		{Step: 21, Kind: "eval", Metrics: []Metric{{"z", math.Inf(1)}, {"a", math.Inf(-1)}, {"m", math.Copysign(0, -1)}}},
		{Step: 22, Kind: "diverged", Message: "W <\"1\">\n\xff"},
	}))
	want := `{"step":20,"kind":"train","learner":"flp","metrics":{"loss":0.25,"grad_norm":"NaN"}}
{"step":21,"kind":"eval","metrics":{"z":"+Inf","a":"-Inf","m":-0}}
{"step":22,"kind":"diverged","metrics":{},"message":"W <\"1\">\n\ufffd"}
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Every finite float64 must be a JSON number that reads back as the same.
func TestJSONLNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 2000 {
		v := math.Float64frombits(rng.Uint64())
		if i < 600 {
			v = math.Pow(10, float64(i-300))
		}
		b := appendNumber(nil, v)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		var got float64
		if err := json.Unmarshal(b, &got); err != nil || got != v {
			t.Fatalf("%s: %v, %v, want %v", b, got, err, v)
		}
	}
}

// A run killed after any number of bytes, then resumed from any checkpoint whose records were
// complete, must have the bytes of an uninterrupted one.
func TestJSONLResumes(t *testing.T) {
	want := jsonl(t, run())
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	for _, last := range []int{0, 1, 4, 5, 11, 12, 100} {
		complete := len(jsonl(t, run())) - len(jsonl(t, after(run(), last)))
		for n := complete; n <= len(want); n += 1 + (len(want)-complete)/60 {
			write(t, path, want[:n])
			j, err := OpenJSONL(path, last)
			if err != nil {
				t.Fatalf("step %d, %d bytes: %v", last, n, err)
			}
			if got := read(t, path); !bytes.Equal(got, want[:complete]) {
				t.Fatalf("step %d, %d bytes: kept\n%s", last, n, got)
			}
			record(t, j, after(run(), last))
			if got := read(t, path); !bytes.Equal(got, want) {
				t.Fatalf("step %d, %d bytes: got\n%s", last, n, got)
			}
		}
	}
}

func TestJSONLOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	j, err := OpenJSONL(path, 7) // killed before the first record
	if err != nil {
		t.Fatal(err)
	}
	record(t, j, after(run(), 7))
	if _, err := CreateJSONL(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second log at the same place: %v", err)
	}
	for i, bad := range []string{"x\n", "{}\n", "[1]\n", "null\n", "\n", `{"step":"1"}` + "\n", "\x00\x00\n"} {
		b := []byte(`{"step":1}` + "\n" + bad + `{"step":9}` + "\n")
		write(t, path, b)
		_, err := OpenJSONL(path, 5)
		if !errors.Is(err, ErrLog) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%d: %v", i, err)
		}
		if !bytes.Equal(read(t, path), b) {
			t.Errorf("%d: a damaged log was changed", i)
		}
	}
	// What lies beyond the cut does not matter.
	write(t, path, []byte(`{"step":1}`+"\n"+`{"step":9}`+"\nnonsense\n"))
	if j, err = OpenJSONL(path, 5); err != nil {
		t.Fatal(err)
	}
	j.Close()
	if got := string(read(t, path)); got != `{"step":1}`+"\n" {
		t.Errorf("kept %s", strconv.Quote(got))
	}
	// Records are in the file before Close.
	j, _ = OpenJSONL(path, 5)
	j.Record(Record{Step: 6})
	if !strings.Contains(string(read(t, path)), `"step":6`) {
		t.Error("a record was held back")
	}
	j.Close()
	if err := j.Record(Record{Step: 7}); err == nil || j.Flush() == nil {
		t.Error("recording after Close went unnoticed")
	}
}
