package record

import (
	"math"
	"os"
	"testing"
)

func ExampleConsole() {
	c := NewConsole(os.Stdout)
	c.Record(Record{Step: 500, Kind: KindEval, Learner: "flp", Metrics: []Metric{{"mse_mean", 0.482131}, {"ci95", 0.031024}}})
	c.Record(Record{Step: 500, Kind: KindEval, Learner: "oml", Metrics: []Metric{{"mse_mean", 12.5}, {"ci95", math.NaN()}}})
	c.Record(Record{Step: 1000, Kind: KindDiverged, Learner: "oml", Message: "inner step 3:\nlayer 1"})
	// Output:
	// step     500  eval   flp         mse_mean 0.4821    ci95 0.03102
	// step     500  eval   oml         mse_mean 12.5      ci95 NaN
	// step    1000  diverged  oml         inner step 3: layer 1
}

func TestConsoleFails(t *testing.T) {
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := NewConsole(f).Record(run()[0]); err == nil {
		t.Error("a writer that fails went unnoticed")
	}
}
