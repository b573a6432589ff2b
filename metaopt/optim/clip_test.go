package optim

import (
	"errors"
	"math"
	"slices"
	"testing"

	"metaplast/data/fault"
)

func TestNorm(t *testing.T) {
	inf, nan, tiny := math.Inf(1), math.NaN(), math.SmallestNonzeroFloat64
	for _, c := range []struct {
		name string
		g    []float64
		want float64
		tol  float64 // relative
	}{
		{"empty", nil, 0, 0},
		{"zero", []float64{0, math.Copysign(0, -1)}, 0, 0},
		{"plain", []float64{3, -4}, 5, 0},
		{"squares overflow", []float64{3e200, -4e200}, 5e200, 1e-15},
		{"squares underflow", []float64{3e-200, 4e-200}, 5e-200, 1e-15},
		{"squares are denormal", []float64{3e-160, 4e-160}, 5e-160, 1e-15},
		{"denormal", []float64{3 * tiny, 4 * tiny}, 5 * tiny, 0},
		{"norm overflows", []float64{math.MaxFloat64, math.MaxFloat64}, inf, 0},
		{"infinite", []float64{1, -inf, 2}, inf, 0},
		{"NaN", []float64{1, nan}, nan, 0},
		{"both", []float64{inf, nan}, nan, 0},
	} {
		got := Norm(c.g)
		same := got == c.want || math.IsNaN(got) && math.IsNaN(c.want)
		if !same && !(math.Abs(got-c.want) <= c.tol*c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		name       string
		g          []float64
		c          float64
		norm, want float64 // before and after
	}{
		{"longer", []float64{30, -40}, 1, 50, 1},
		{"shorter", []float64{0.3, 0.4}, 1, 0.5, 0.5},
		{"none", []float64{30, 40}, 0, 50, 50},
		{"zero", []float64{0, 0}, 1, 0, 0},
		{"huge", []float64{3e300, 4e300}, 1, 5e300, 1},
		{"huge bound", []float64{3e300, 4e300}, 5e299, 5e300, 5e299},
		{"norm overflows", []float64{math.MaxFloat64, math.MaxFloat64}, 2, math.Inf(1), 2},
		{"tiny", []float64{3e-200, 4e-200}, 1e-200, 5e-200, 1e-200},
	} {
		g := slices.Clone(c.g)
		norm, err := Clip(g, c.c)
		if err != nil || norm != c.norm && math.Abs(norm-c.norm) > 1e-15*c.norm {
			t.Errorf("%s: norm %v, %v, want %v", c.name, norm, err, c.norm)
		}
		if after := Norm(g); math.Abs(after-c.want) > 4e-16*c.want {
			t.Errorf("%s: norm after clipping %v, want %v", c.name, after, c.want)
		}
		if (c.norm <= c.c || c.c == 0) && !slices.Equal(g, c.g) {
			t.Errorf("%s: changed to %v", c.name, g)
		}
		if g[0]*c.g[1] != g[1]*c.g[0] && math.Abs(g[0]/g[1]-c.g[0]/c.g[1]) > 4e-16 {
			t.Errorf("%s: turned to %v", c.name, g)
		}
	}
}

func TestClipRefuses(t *testing.T) {
	for _, bound := range []float64{0, 1} {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			g := []float64{1e300, 2, bad, 4}
			_, err := Clip(g, bound)
			if e, ok := errors.AsType[*NonFiniteError](err); !ok || e.Index != 2 || !errors.Is(err, ErrNonFinite) {
				t.Errorf("clip %v of %v: %v", bound, bad, err)
			}
			if g[0] != 1e300 || g[1] != 2 || g[3] != 4 || math.Float64bits(g[2]) != math.Float64bits(bad) {
				t.Errorf("changed to %v", g)
			}
		}
	}
	for _, bound := range []float64{-1, math.NaN(), math.Inf(1)} {
		g := []float64{3, 4}
		if _, err := Clip(g, bound); !errors.Is(err, fault.ErrSetting) || g[0] != 3 {
			t.Errorf("clip %v: %v", bound, err)
		}
	}
}
