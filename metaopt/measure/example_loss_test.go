package measure

import (
	"math"
	"testing"
)

func TestExampleLosses(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name string
		got  float64
		want float64
	}{
		{"squared error", SquaredError([]float64{1, 5}, []float64{3, 2}), 6.5},
		{"squared error of NaN", SquaredError([]float64{nan}, []float64{3}), nan},
		{"squared error of Inf", SquaredError([]float64{inf}, []float64{3}), inf},
		{"even logits", CrossEntropy([]float64{7, 7, 7, 7}, []float64{0, 1, 0, 0}), math.Log(4)},
		{"by the formula", CrossEntropy([]float64{1, -2}, []float64{0, 1}), -math.Log(math.Exp(-2) / (math.Exp(1) + math.Exp(-2)))},
		{"a distribution", CrossEntropy([]float64{0, 0}, []float64{0.25, 0.75}), math.Log(2)},
		{"large logits", CrossEntropy([]float64{1e300, 0}, []float64{0, 1}), 1e300},
		{"right and sure", CrossEntropy([]float64{1e3, 0}, []float64{1, 0}), 0},
		{"NaN logit", CrossEntropy([]float64{nan, 0}, []float64{0, 1}), nan},
		{"infinite logit", CrossEntropy([]float64{inf, 0}, []float64{0, 1}), nan},
	} {
		if !(math.Abs(c.got-c.want) <= 1e-15*math.Abs(c.want)) && c.got != c.want && !(c.got != c.got && c.want != c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestCorrect(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		out, want []float64
		right     bool
	}{
		{[]float64{-3, -1, -2}, []float64{0, 1, 0}, true},
		{[]float64{-3, -1, -2}, []float64{1, 0, 0}, false},
		{[]float64{2, 2}, []float64{1, 0}, true}, // the first of equals
		{[]float64{2, 2}, []float64{0, 1}, false},
		{[]float64{nan, 1}, []float64{0, 1}, true},
		{[]float64{nan, nan}, []float64{1, 0}, false},
	} {
		if got := Correct(c.out, c.want); got != c.right {
			t.Errorf("%v for %v: %v", c.out, c.want, got)
		}
	}
}

func TestHarmBetween(t *testing.T) {
	m := [][]float64{{-10, 9, -2}, {9, 20, 3}, {4, 0, -40}}
	got, err := HarmBetween(m, []int{7, 7, 3})
	if want := (Harmed{Pairs: 4, Harmful: 0.5, Helpful: 0.25, Mean: 1.25, MeanHarm: 7.0 / 4, Own: -10}); err != nil || got != want {
		t.Errorf("%+v, %v: want %+v", got, err, want)
	}
	all, err := HarmBetween(m, []int{0, 1, 2})
	if want, _ := Harm(m); err != nil || all != want {
		t.Errorf("all different: %+v, %v: want Harm's %+v", all, err, want)
	}
	one, err := HarmBetween(m, []int{5, 5, 5})
	if err != nil || one.Pairs != 0 || !math.IsNaN(one.Harmful) || !math.IsNaN(one.Mean) || one.Own != -10 {
		t.Errorf("no pair: %+v, %v", one, err)
	}
	if _, err := HarmBetween(m, []int{1, 2}); err == nil {
		t.Error("labels that do not fit: no error")
	}
}

func TestAlignment(t *testing.T) {
	u := [][]float64{{1, 2, -3}, {0, 0, 0}, {2, 0, 1}}
	g := [][]float64{{-1, -2, 3}, {4, 5, 6}}
	a, err := Alignment(u, g)
	if err != nil {
		t.Fatal(err)
	}
	if a[0][0] != 1 {
		t.Errorf("descent: %v", a[0][0])
	}
	for i := range u {
		for j := range g {
			want, err := DescentCosine(u[i], g[j])
			if err != nil {
				t.Fatal(err)
			}
			if math.Float64bits(a[i][j]) != math.Float64bits(want) {
				t.Errorf("[%d][%d]: %v, DescentCosine %v", i, j, a[i][j], want)
			}
		}
	}
	for name, f := range map[string]func() ([][]float64, error){
		"no updates":   func() ([][]float64, error) { return Alignment(nil, g) },
		"no gradients": func() ([][]float64, error) { return Alignment(u, nil) },
		"lengths":      func() ([][]float64, error) { return Alignment(u, [][]float64{{1}}) },
		"NaN":          func() ([][]float64, error) { return Alignment(u, [][]float64{{1, math.NaN(), 2}}) },
	} {
		if _, err := f(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
