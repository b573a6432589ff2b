package measure

import (
	"math"
	"slices"
	"testing"

	"metaplast/data/fault"
)

// plainCosine is the formula as it stands.
func plainCosine(a, b []float64) float64 {
	ab, aa, bb := 0.0, 0.0, 0.0
	for i := range a {
		ab += a[i] * b[i]
		aa += a[i] * a[i]
		bb += b[i] * b[i]
	}
	return ab / (math.Sqrt(aa) * math.Sqrt(bb))
}

func TestCosine(t *testing.T) {
	v := gaussian(random("cosine"), 37)
	for _, c := range []struct {
		name      string
		a, b      []float64
		want      float64
		tolerance float64 // 0 where √(s·s) = s makes it exact
	}{
		{"equal", v, v, 1, 0},
		{"opposite", v, times(-1, v), -1, 0},
		{"a power of two times", v, times(0x1p-40, v), 1, 0},
		{"three times", v, times(3, v), 1, 1e-15},                     // rounding of 3v
		{"orthogonal", []float64{1, 2, 0}, []float64{-2, 1, 7}, 0, 0}, // sums of integers
		{"60 degrees", []float64{1, 0}, []float64{0.5, math.Sqrt(3) / 2}, 0.5, 2e-16},
		{"3-4-5", []float64{3, 4}, []float64{2, 0}, 0.6, 1e-16},
		{"one element", []float64{-2}, []float64{5}, -1, 0},
		{"squares that overflow", []float64{3e300, 4e300}, []float64{1e300, 0}, 0.6, 1e-15},     // rounding of the inputs
		{"the same, negative", []float64{-3e300, -4e300}, []float64{-1e300, 0}, 0.6, 1e-15},     // rounding of the inputs
		{"squares that underflow", []float64{3e-300, 4e-300}, []float64{1e-300, 0}, 0.6, 1e-15}, // rounding of the inputs
		{"least and largest", []float64{5e-324, 0}, []float64{math.MaxFloat64, 0}, 1, 0},
		{"huge and tiny", []float64{1e200, 1e-200}, []float64{0, 1e-200}, 0, 1e-300}, // 1e-400
		{"zero and nonzero", make([]float64, 37), v, nan, 0},
		{"nonzero and zero", v, make([]float64, 37), nan, 0},
		{"both zero", []float64{0, math.Copysign(0, -1)}, []float64{0, 0}, nan, 0},
		{"nearly opposite, at most 1", []float64{1, 1e-9}, []float64{-1, 1e-9}, -1, 1e-15},                             // −1 + 2e-18
		{"all of one size, at most 1", slices.Repeat([]float64{0.1}, 99), slices.Repeat([]float64{0.3}, 99), 1, 1e-14}, // 99 additions
	} {
		got, err := Cosine(c.a, c.b)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		within(t, c.name, got, c.want, c.tolerance)
		if math.Abs(got) > 1 {
			t.Errorf("%s: %v is outside of [−1, 1]", c.name, got)
		}
		if c.name == "both zero" {
			continue
		}
		minus, err := DescentCosine(c.a, c.b)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		within(t, "descent, "+c.name, minus, -c.want, c.tolerance)
	}
}

func TestCosineAgainstFormula(t *testing.T) {
	r := random("cosine/formula")
	for n := 1; n < 60; n++ {
		a, b := gaussian(r, n), gaussian(r, n)
		a2, b2 := slices.Clone(a), slices.Clone(b)
		got, err := Cosine(a, b)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "cosine", got, plainCosine(a, b), 1e-15*float64(n)) // n additions on each side
		if !slices.Equal(a, a2) || !slices.Equal(b, b2) {
			t.Fatal("input modified")
		}
	}
}

// Gradient descent of a network has cosine 1 and its learning rate as ratio; a step up −1; a
// step that leaves out half of the weights in between.
func TestDescentOfNetwork(t *testing.T) {
	m := newMLP(t, "descent", 1)
	g := m.gradient(0)
	const rate = 0.03
	masked := times(-rate, g)
	var kept, all float64
	for i, v := range g {
		all += v * v
		if i%2 == 0 {
			masked[i] = 0
		} else {
			kept += v * v
		}
	}
	for _, c := range []struct {
		name          string
		update        []float64
		cosine, ratio float64
		tolerance     float64
	}{
		{"descent", times(-rate, g), 1, rate, 1e-15},                                 // rounding of the update
		{"ascent", times(2, g), -1, 2, 0},                                            // exact
		{"masked", masked, math.Sqrt(kept / all), rate * math.Sqrt(kept/all), 1e-15}, // sums in the same order
		{"none", make([]float64, len(g)), nan, 0, 0},
	} {
		cos, err := DescentCosine(c.update, g)
		if err != nil {
			t.Fatal(err)
		}
		within(t, c.name+": cosine", cos, c.cosine, c.tolerance)
		ratio, err := NormRatio(c.update, g)
		if err != nil {
			t.Fatal(err)
		}
		within(t, c.name+": ratio", ratio, c.ratio, c.tolerance)
	}
	// The sign is that of the change of the loss.
	down, up := m.loss(plus(m.w, times(-1e-3, g)), 0), m.loss(plus(m.w, times(1e-3, g)), 0)
	if base := m.loss(m.w, 0); !(down < base && base < up) {
		t.Errorf("loss %v after descent, %v before, %v after ascent", down, base, up)
	}
}

func TestNormRatio(t *testing.T) {
	for _, c := range []struct {
		name             string
		update, gradient []float64
		want             float64
		relative         float64
	}{
		{"3-4-5", []float64{3, 4}, []float64{0, 2}, 2.5, 0},
		{"zero update", []float64{0, 0}, []float64{0, 2}, 0, 0},
		{"zero gradient", []float64{3, 4}, []float64{0, 0}, nan, 0},
		{"both zero", []float64{0, 0}, []float64{0, 0}, nan, 0},
		{"squares that overflow", []float64{3e200, 4e200}, []float64{0, 2e200}, 2.5, 1e-15},
		{"huge", []float64{3e200, 4e200}, []float64{1e-100, 0}, 5e300, 1e-15},
		{"tiny", []float64{3e-100, 4e-100}, []float64{1e200, 0}, 5e-300, 1e-15},
		{"norms that overflow", []float64{math.MaxFloat64, math.MaxFloat64}, []float64{math.MaxFloat64, 0}, math.Sqrt2, 1e-15},
	} {
		got, err := NormRatio(c.update, c.gradient)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		within(t, c.name, got, c.want, c.relative*c.want)
	}
	_, err := NormRatio([]float64{1e300}, []float64{1e-300})
	fails(t, "overflow", err, &NonFiniteError{What: "norm ratio", Value: inf}, ErrNonFinite)
}

func TestPairsRefused(t *testing.T) {
	for name, f := range map[string]func(a, b []float64) (float64, error){
		"Cosine": Cosine, "DescentCosine": DescentCosine, "NormRatio": NormRatio,
	} {
		a, b := "update", "gradient"
		if name == "Cosine" {
			a, b = "first vector", "second vector"
		}
		_, err := f([]float64{1, 2}, []float64{1, 2, 3})
		fails(t, name, err, &fault.Length{What: b, Got: 3, Want: 2}, fault.ErrLength)
		_, err = f(nil, nil)
		fails(t, name, err, &TooFewError{What: "elements of " + a, Got: 0, Need: 1}, ErrTooFew)
		_, err = f([]float64{1, nan}, []float64{1, 2})
		fails(t, name, err, &NonFiniteError{What: a, Index: []int{1}, Value: nan}, ErrNonFinite)
		_, err = f([]float64{1, 2}, []float64{1, -inf})
		fails(t, name, err, &NonFiniteError{What: b, Index: []int{1}, Value: -inf}, ErrNonFinite)
	}
}
