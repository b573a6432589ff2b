package analysis

import (
	"math"
	"testing"

	"metaplast/metaopt/measure"
)

// TestRatiosAreMedians asks that one episode in which a gradient vanishes is not all that ratios of
// lengths tell.
func TestRatiosAreMedians(t *testing.T) {
	var records []*Analysis
	for _, v := range []float64{0.1, 1e6, 0.3} {
		records = append(records, &Analysis{Tasks: 1, Retention: measure.Table{{1}}, NetNormRatio: []float64{v, math.NaN()}, NormRatio: measure.Table{{2 * v, v}},
			NetCosine: []float64{v, 1}})
	}
	a := mean(records, Analysis{Tasks: 1})
	near(t, "all layers", a.NetNormRatio[0], 0.3, 0)
	near(t, "a layer", a.NormRatio[0][0], 0.6, 0)
	near(t, "of another measure the mean", a.NetCosine[0], (0.1+1e6+0.3)/3, 1e-9)
	if !math.IsNaN(a.NetNormRatio[1]) {
		t.Errorf("where no episode has a ratio: %v, want NaN", a.NetNormRatio[1])
	}
	near(t, "an episode", float64((&Analysis{Tasks: 1, Retention: measure.Table{{1}}, NetNormRatio: []float64{0.1, 1e6, 0.3}}).summary(0).Value("norm_ratio")), 0.3, 0)
}

// TestByAge computes what is left of tasks by hand.
func TestByAge(t *testing.T) {
	loss := func(a, b, c float64) measure.Table { return measure.Table{{a, 9}, {c, b}} }
	records := []*Analysis{{Tasks: 2, Ordered: true, Retention: loss(0.1, 0.3, 2)}, {Tasks: 2, Ordered: true, Retention: loss(0.2, 0.6, 1)}}
	a := mean(records, Analysis{Tasks: 2, Ordered: true})
	if len(a.ByAge) != 2 || a.ByAge[1].Age != 1 {
		t.Fatalf("%+v, want ages 0 and 1", a.ByAge)
	}
	near(t, "right after its turn", float64(a.ByAge[0].Mean), (0.1+0.3+0.2+0.6)/4, 1e-15)
	near(t, "one task later", float64(a.ByAge[1].Mean), 1.5, 1e-15)
	iv := measure.StudentT([]float64{2, 1}, measure.NonNegative) // over the two episodes
	if a.ByAge[1].Low != measure.Number(iv.Low) || a.ByAge[1].High != measure.Number(iv.High) || iv.Low != 0 {
		t.Errorf("%+v, want the interval %+v", a.ByAge[1], iv)
	}
	for _, r := range records {
		r.Accuracy = measure.Table{{0.9, 0.1}, {0.5, 0.7}}
	}
	a = mean(records, Analysis{Tasks: 2, Ordered: true})
	if v := a.ByAge[0]; math.Abs(float64(v.Mean)-0.8) > 1e-15 || v.High > 1 {
		t.Errorf("%+v, want the accuracy, 0.8", v)
	}
	for _, r := range records {
		r.Ordered = false
	}
	if a = mean(records, Analysis{Tasks: 2}); len(a.ByAge) != 0 {
		t.Errorf("%+v, want none where tasks are mixed", a.ByAge)
	}
}
