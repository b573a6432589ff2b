package optim

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"metaplast/data/fault"
	"metaplast/graph"
)

// testLayout has a learned, a fixed, and another learned segment of its own group.
func testLayout() []Segment {
	return []Segment{
		{Name: "W0", Group: graph.Weights, Shape: []int{2, 3}, Offset: 0, Size: 6, Learned: true},
		{Name: "B0", Group: graph.Feedback, Shape: []int{2}, Offset: 6, Size: 2},
		{Name: "alpha", Group: graph.Plasticity, Shape: []int{}, Offset: 8, Size: 1, Learned: true},
	}
}

func testRates() Rates {
	return Rates{graph.Weights: 1e-2, graph.Plasticity: 1e-4}
}

func made(t testing.TB, m Method) Optimizer {
	t.Helper()
	o, err := m.New(testRates(), testLayout())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// vector returns what an optimiser remembers by a name.
func vector(t testing.TB, o Optimizer, name string) []float64 {
	t.Helper()
	for _, v := range o.State().Vectors {
		if v.Name == name {
			return v.Values
		}
	}
	t.Fatalf("no vector %s", name)
	return nil
}

// scalarAdam is Algorithm 1 for one parameter, written the other way round: moments are sums
// over the whole history of gradients, and powers are running products.
func scalarAdam(theta, rate, b1, b2, eps float64, grads []float64) float64 {
	for t := range grads {
		var m, v, n1, n2 float64 // weighted means, and the sums of the weights
		w1, w2 := 1-b1, 1-b2
		for k := t; k >= 0; k-- {
			m += w1 * grads[k]
			v += w2 * grads[k] * grads[k]
			n1, n2 = n1+w1, n2+w2
			w1, w2 = w1*b1, w2*b2
		}
		theta -= rate * (m / n1) / (math.Sqrt(v/n2) + eps)
	}
	return theta
}

func TestAdamAgainstScalar(t *testing.T) {
	for _, c := range []struct {
		name        string
		method      Adam
		b1, b2, eps float64
	}{
		{"defaults", DefaultAdam, 0.9, 0.999, 1e-8},
		{"own", Adam{Beta1: 0.5, Beta2: 0.9, Epsilon: 0.1}, 0.5, 0.9, 0.1},
	} {
		a := made(t, c.method)
		rng := rand.New(rand.NewPCG(1, 2))
		const steps = 60
		theta, want := make([]float64, 9), make([]float64, 9)
		for i := range theta {
			theta[i] = rng.NormFloat64()
		}
		start := slices.Clone(theta)
		grads := make([][]float64, 9)
		for range steps {
			g := make([]float64, 9)
			for i := range g {
				g[i] = rng.NormFloat64() * math.Pow(10, float64(i-4))
				grads[i] = append(grads[i], g[i])
			}
			before := slices.Clone(g)
			if err := a.Step(theta, g, 1); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(g, before) {
				t.Fatal("the gradient was modified")
			}
		}
		for i := range want {
			rate := 1e-2
			if i == 8 {
				rate = 1e-4
			}
			want[i] = scalarAdam(start[i], rate, c.b1, c.b2, c.eps, grads[i])
			if i == 6 || i == 7 {
				want[i] = start[i]
			}
			// 60 steps of rounding in each of the two orders of summation.
			if d := math.Abs(theta[i] - want[i]); d > 1e-13 {
				t.Errorf("%s: θ[%d] = %v, want %v", c.name, i, theta[i], want[i])
			}
		}
		if a.State().Step != steps || vector(t, a, "adam_m")[6] != 0 || vector(t, a, "adam_v")[7] != 0 {
			t.Errorf("%s: state %+v", c.name, a.State())
		}
	}
}

func TestAdamFirstStep(t *testing.T) {
	a := made(t, DefaultAdam)
	theta := make([]float64, 9)
	grad := []float64{3, -3, 1e-3, -1e5, 0, 1, 7, 7, -2}
	if err := a.Step(theta, grad, 0.5); err != nil {
		t.Fatal(err)
	}
	for i, g := range grad {
		want := -0.5 * 1e-2 * g / (math.Abs(g) + 1e-8)
		switch i {
		case 6, 7:
			want = 0
		case 8:
			want /= 100
		}
		if math.Abs(theta[i]-want) > 1e-15*math.Abs(want)*8 {
			t.Errorf("θ[%d] = %v, want %v", i, theta[i], want)
		}
	}
}

func TestAdamRefuses(t *testing.T) {
	a := made(t, DefaultAdam)
	for _, c := range []struct {
		name   string
		theta  int
		grad   []float64
		factor float64
		is     error
		text   string
	}{
		{"NaN", 9, []float64{0, 0, 0, 0, math.NaN(), 0, 0, 0, 0}, 1, ErrNonFinite, "element 4 of W0 is NaN"},
		{"Inf", 9, []float64{0, 0, 0, 0, 0, 0, 0, 0, math.Inf(-1)}, 1, ErrNonFinite, "element 0 of alpha is -Inf"},
		{"square overflows", 9, []float64{0, 1e200, 0, 0, 0, 0, 0, 0, 0}, 1, ErrNonFinite, "element 1 of W0 is 1e+200"},
		{"short θ", 8, make([]float64, 9), 1, fault.ErrLength, "parameters of 8 elements, want 9"},
		{"long g", 9, make([]float64, 10), 1, fault.ErrLength, "gradient of 10 elements, want 9"},
		{"factor", 9, make([]float64, 9), math.NaN(), fault.ErrSetting, "factor NaN"},
	} {
		theta := make([]float64, c.theta)
		err := a.Step(theta, c.grad, c.factor)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", c.name, err)
		}
		if a.State().Step != 0 || Norm(theta) != 0 || Norm(vector(t, a, "adam_m")) != 0 || Norm(vector(t, a, "adam_v")) != 0 {
			t.Errorf("%s: something changed", c.name)
		}
	}
	// What is not learned has no gradient to be looked at.
	if err := a.Step(make([]float64, 9), []float64{0, 0, 0, 0, 0, 0, math.NaN(), 0, 0}, 1); err != nil {
		t.Error(err)
	}
}

func TestNewAdamRefuses(t *testing.T) {
	_, err := Adam{Beta1: 1, Beta2: math.NaN(), Epsilon: -1}.New(
		Rates{"weight": 1, graph.Weights: -1, graph.Feedback: math.Inf(1)}, testLayout())
	for _, want := range []string{"learning_rate.weight: no such group", "learning_rate.weights: -1",
		"learning_rate.feedback: +Inf", "beta1: 1", "beta2: NaN", "epsilon: -1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in: %v", want, err)
		}
	}
	_, err = DefaultAdam.New(Rates{graph.Weights: 1}, testLayout())
	if !errors.Is(err, fault.ErrSetting) || !strings.Contains(err.Error(), "alpha is learned") {
		t.Errorf("missing rate: %v", err)
	}
	bad := testLayout()
	bad[1].Offset = 5
	if _, err = DefaultAdam.New(testRates(), bad); !errors.Is(err, ErrLayout) {
		t.Errorf("overlap: %v", err)
	}
}

func TestAdamAllocatesNothing(t *testing.T) {
	a := made(t, DefaultAdam)
	theta, grad := make([]float64, 9), []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	n := testing.AllocsPerRun(20, func() {
		if _, err := Clip(grad, 1); err != nil {
			t.Fatal(err)
		}
		if err := a.Step(theta, grad, 1); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations per step", n)
	}
}

func BenchmarkAdam(b *testing.B) {
	const n = 1 << 20
	a, err := DefaultAdam.New(testRates(),
		[]Segment{{Name: "W", Group: graph.Weights, Shape: []int{n}, Size: n, Learned: true}})
	if err != nil {
		b.Fatal(err)
	}
	theta, grad := make([]float64, n), make([]float64, n)
	b.SetBytes(8 * n)
	for b.Loop() {
		a.Step(theta, grad, 1)
	}
}
