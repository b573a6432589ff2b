package record

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// run is a stream of records as the outer loop makes it, with several per step.
func run() []Record {
	var all []Record
	for s := 1; s <= 12; s++ {
		all = append(all, Record{Step: s, Kind: KindTrain, Learner: "flp",
			Metrics: []Metric{{"loss", 1 / float64(s)}, {"grad_norm", float64(s) * 1e-7}}})
		if s%5 == 0 {
			all = append(all, Record{Step: s, Kind: KindDiverged, Learner: "oml", Metrics: []Metric{{"loss", math.NaN()}},
				Message: "inner step 3, layer 1,\n W is <Inf> & \"more\""})
		}
		if s%4 == 0 {
			all = append(all, Record{Step: s, Kind: KindEval, Learner: "oml", Metrics: []Metric{{"mse_mean", math.Inf(-1)}}})
			all = append(all, Record{Step: s, Kind: KindEval, Message: "evaluated", Metrics: []Metric{{"episodes", 50}}})
		}
	}
	return all
}

func record(t testing.TB, to Recorder, records []Record) {
	t.Helper()
	for _, r := range records {
		before := slices.Clone(r.Metrics)
		if err := to.Record(r); err != nil {
			t.Fatal(err)
		}
		if len(before) > 0 && before[0].Name != r.Metrics[0].Name {
			t.Fatal("the metrics were modified")
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
}

// after returns the records of steps beyond s.
func after(records []Record, s int) []Record {
	return slices.DeleteFunc(slices.Clone(records), func(r Record) bool { return r.Step <= s })
}

// failing is a recorder that only fails, and counts.
type failing struct{ calls *int }

func (f failing) Record(Record) error { *f.calls++; return errFull }
func (f failing) Flush() error        { *f.calls++; return errFull }
func (f failing) Close() error        { *f.calls++; return errFull }

func TestMulti(t *testing.T) {
	var out bytes.Buffer
	calls := 0
	m := Multi{failing{&calls}, NewConsole(&out), failing{&calls}}
	if err := m.Record(run()[0]); !errors.Is(err, errFull) || calls != 2 {
		t.Errorf("%v after %d calls", err, calls)
	}
	if !strings.Contains(out.String(), "loss") {
		t.Error("an error kept a record from the next recorder")
	}
	if err := m.Flush(); !errors.Is(err, errFull) || calls != 4 {
		t.Errorf("%v after %d calls", err, calls)
	}
	if err := m.Close(); !errors.Is(err, errFull) || calls != 6 {
		t.Errorf("%v after %d calls", err, calls)
	}
	if (Multi{}).Record(Record{}) != nil || (Multi{}).Flush() != nil || (Multi{}).Close() != nil {
		t.Error("the zero value fails")
	}
}

func TestRecordCheck(t *testing.T) {
	for _, r := range []Record{
		{Step: -1},
		{Metrics: []Metric{{"", 1}}},
		{Metrics: []Metric{{"a", 1}, {"b", 1}, {"a", 1}}},
	} {
		if err := r.check(); !errors.Is(err, ErrRecord) {
			t.Errorf("%+v: %v", r, err)
		}
	}
}
