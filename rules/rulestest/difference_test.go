package rulestest

import (
	"math"
	"testing"
)

// TestCompare shows what passes, what fails and what is undecided, with kinks at any
// distance.
func TestCompare(t *testing.T) {
	o, err := Options{}.defaults()
	if err != nil {
		t.Fatal(err)
	}
	smooth := func(x float64) float64 { return math.Sin(3*x+1) + math.Exp(x) }
	exact := 3*math.Cos(1) + 1
	abs := func(at float64) func(float64) float64 {
		return func(x float64) float64 { return smooth(x) + math.Max(x-at, 0) }
	}
	jump := func(at float64) func(float64) float64 {
		return func(x float64) float64 {
			if x > at {
				return smooth(x) + 0.3
			}
			return smooth(x)
		}
	}
	cases := []struct {
		name      string
		f         func(float64) float64
		g         float64
		ok, rough bool
	}{
		{"right", smooth, exact, true, false},
		{"constant", func(float64) float64 { return 7 }, 0, true, false},
		{"claimed constant", smooth, 0, false, false},
		{"linear, claimed constant", func(x float64) float64 { return 3*x + 1 }, 0, false, false},
		{"zero, claimed not to be", func(float64) float64 { return 7 }, 1e-3, false, false},
		{"opposite", smooth, -exact, false, false},
		{"wrong by 1e-2", smooth, exact * 1.01, false, false},
		{"wrong by 1e-5", smooth, exact * (1 + 1e-5), false, false},
		{"wrong by 1e-7", smooth, exact * (1 + 1e-7), false, false},
		{"on a kink", abs(0), exact, false, true},
		{"on a kink, its middle", abs(0), exact + 0.5, true, false}, // symmetric differences cannot tell
		{"on a jump", jump(0), exact, false, true},
		{"linear on a kink, claimed constant", func(x float64) float64 { return x + math.Abs(x) }, 0, false, true},
		{"not a number", func(float64) float64 { return math.NaN() }, exact, false, true},
		{"not a number, claimed", smooth, math.NaN(), false, true},
	}
	for _, c := range cases {
		if v := o.compare(c.f, c.g, math.Abs(exact)); v.ok != c.ok || v.rough != c.rough {
			t.Errorf("%s: ok %v, rough %v: want %v, %v (%v)", c.name, v.ok, v.rough, c.ok, c.rough, v)
		}
	}
	// A derivative that is claimed to be zero everywhere leaves no scale but the function's value.
	for _, value := range []float64{0.1, 1, 50} {
		f := func(x float64) float64 { return value + 0.7*x }
		if v := o.compare(f, 0, 1e-4*value); v.ok || v.rough {
			t.Errorf("linear function of about %g, claimed constant: ok %v, rough %v: want it wrong (%v)", value, v.ok, v.rough, v)
		}
	}
	for at := 0.02; at > 1e-8; at /= 1.3 {
		for _, c := range []struct {
			kinked func(float64) float64
			g      float64
		}{{abs(at), exact}, {abs(-at), exact + 1}, {jump(at), exact}, {jump(-at), exact}} {
			// Steps below the kink's distance decide, unless rounding takes over before them.
			if v := o.compare(c.kinked, c.g, math.Abs(exact)); !v.ok && (at > 4e-6 || !v.rough) {
				t.Errorf("kink at %.2g: right derivative fails: %v", at, v)
			}
			for _, wrong := range []float64{1e-6, -1e-4, 0.01, -0.5, 0.7} {
				if v := o.compare(c.kinked, c.g+wrong*exact, math.Abs(exact)); v.ok {
					t.Errorf("kink at %.2g: derivative wrong by %g passes: %v", at, wrong, v)
				}
			}
		}
	}
}
