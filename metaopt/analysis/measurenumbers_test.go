package analysis

import (
	"math"
	"testing"

	"metaplast/metaopt/measure"
)

// TestMeasureNumbers gives an episode another number in every field: each measure must take its own, and
// leave out points where it is undefined.
func TestMeasureNumbers(t *testing.T) {
	nan := measure.Number(math.NaN())
	a := &Analysis{Tasks: 2, NetCosine: measure.Numbers{1, 2}, NetNormRatio: measure.Numbers{3, 4, 50},
		Retention: measure.Table{{100, 200}, {5, 7}}, Accuracy: measure.Table{{300, 400}, {8, 10}},
		BackwardTransfer: 11, ForwardTransfer: 12, Forgetting: 13,
		Points: []Point{
			{OverlapBetween: 20, Between: 30, Harmful: 40, HarmfulFirst: 50, PastHarmful: nan, OverlapWithin: 1e6, Within: 1e6, Own: 1e6, Past: 1e6},
			{OverlapBetween: 22, Between: 32, Harmful: 42, HarmfulFirst: 52, PastHarmful: 60, OverlapWithin: 1e6, Within: 1e6, Own: 1e6, Past: 1e6},
		}}
	want := map[string]measure.Number{"loss": 6, "accuracy": 9, "cosine": 1.5, "norm_ratio": 4, "overlap": 21, "between": 31, "harmful": 41,
		"harmful_first": 51, "past_harmful": 60, "backward_transfer": 11, "forward_transfer": 12, "forgetting": 13}
	if len(want) != len(Measures()) {
		t.Errorf("%d measures, want %d", len(Measures()), len(want))
	}
	for _, m := range Measures() {
		if have := m.Of(a); have != want[m.Name] {
			t.Errorf("%s is %v, want %v", m.Name, have, want[m.Name])
		}
	}
	a.Accuracy = nil
	for _, m := range Measures() {
		if m.Name == "accuracy" && !math.IsNaN(float64(m.Of(a))) {
			t.Errorf("accuracy of a regression is %v, want NaN", m.Of(a))
		}
	}
}
