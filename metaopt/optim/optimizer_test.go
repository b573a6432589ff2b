package optim

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"metaplast/data/fault"
	"metaplast/graph"
)

// gradients are of so many steps, of widely different sizes, with a zero.
func gradients(steps int) [][]float64 {
	rng := rand.New(rand.NewPCG(1, 2))
	all := make([][]float64, steps)
	for s := range all {
		g := make([]float64, 9)
		for i := range g {
			g[i] = rng.NormFloat64() * math.Pow(10, float64(i-4))
		}
		g[3] = 0
		all[s] = g
	}
	return all
}

// TestFormulas compares every method with its formula for one parameter, written over the whole history
// of gradients.
func TestFormulas(t *testing.T) {
	const steps, rate, alphaRate = 40, 1e-2, 1e-4
	grads := gradients(steps)
	// decayed is Σ_k b^(t−k) a g_k.
	decayed := func(g []float64, b, a float64) float64 {
		sum := 0.0
		for k, x := range g {
			sum += math.Pow(b, float64(len(g)-1-k)) * a * x
		}
		return sum
	}
	for _, c := range []struct {
		method Method
		// next is θ after the step of the last of the gradients g.
		next func(theta, rate float64, g []float64) float64
	}{
		{AdamW{Beta1: 0.8, Beta2: 0.95, Epsilon: 1e-3, Decay: 0.3}, func(theta, rate float64, g []float64) float64 {
			t := float64(len(g))
			squares := make([]float64, len(g))
			for i, x := range g {
				squares[i] = x * x
			}
			m, v := decayed(g, 0.8, 0.2)/(1-math.Pow(0.8, t)), decayed(squares, 0.95, 0.05)/(1-math.Pow(0.95, t))
			return theta - rate*(m/(math.Sqrt(v)+1e-3)+0.3*theta)
		}},
		{SGD{}, func(theta, rate float64, g []float64) float64 { return theta - rate*g[len(g)-1] }},
		{SGD{Momentum: 0.7}, func(theta, rate float64, g []float64) float64 { return theta - rate*decayed(g, 0.7, 1) }},
		{SGD{Momentum: 0.7, Nesterov: true}, func(theta, rate float64, g []float64) float64 {
			return theta - rate*(g[len(g)-1]+0.7*decayed(g, 0.7, 1))
		}},
		{Lion{Beta1: 0.6, Beta2: 0.9, Decay: 0.2}, func(theta, rate float64, g []float64) float64 {
			last := len(g) - 1
			c := 0.6*decayed(g[:last], 0.9, 0.1) + 0.4*g[last]
			sign := 0.0
			if c != 0 {
				sign = math.Copysign(1, c)
			}
			return theta - rate*(sign+0.2*theta)
		}},
	} {
		name := c.method.Info().Name
		o := made(t, c.method)
		theta := []float64{1, -2, 3, -4, 5, -6, 7, 8, 9}
		want := slices.Clone(theta)
		for s, g := range grads {
			before := slices.Clone(g)
			if err := o.Step(theta, g, 0.5); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(g, before) {
				t.Fatalf("%s: the gradient was modified", name)
			}
			for i := range want {
				r := rate * 0.5
				switch i {
				case 6, 7: // fixed
					continue
				case 8:
					r = alphaRate * 0.5
				}
				var history []float64
				for _, h := range grads[:s+1] {
					history = append(history, h[i])
				}
				want[i] = c.next(want[i], r, history)
			}
			for i := range want {
				if math.Abs(theta[i]-want[i]) > 1e-12*math.Max(1, math.Abs(want[i])) {
					t.Fatalf("%s: step %d: θ[%d] = %v, want %v", name, s, i, theta[i], want[i])
				}
			}
		}
	}
}

// TestResume stops every registered method between two steps: one that is restored goes the same way.
func TestResume(t *testing.T) {
	grads := gradients(6)
	for _, m := range Methods() {
		name := m.Info().Name
		a, theta := made(t, m), []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
		step := func(o Optimizer, theta []float64, from, to int) {
			for _, g := range grads[from:to] {
				if err := o.Step(theta, g, 1); err != nil {
					t.Fatal(err)
				}
			}
		}
		step(a, theta, 0, 3)
		b, copied := made(t, m), slices.Clone(theta)
		if err := b.Restore(a.State()); err != nil {
			t.Fatal(err)
		}
		step(a, theta, 3, 6)
		step(b, copied, 3, 6)
		if !slices.Equal(theta, copied) || a.State().Step != 6 || b.State().Step != 6 {
			t.Errorf("%s: a restored optimiser goes another way", name)
		}
		for i, v := range a.State().Vectors {
			if !slices.Equal(v.Values, b.State().Vectors[i].Values) || v.Values[6] != 0 || v.Values[7] != 0 {
				t.Errorf("%s: %s is %v and %v", name, v.Name, v.Values, b.State().Vectors[i].Values)
			}
		}
		if slices.Equal(theta, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}) || theta[6] != 7 {
			t.Errorf("%s: θ is %v", name, theta)
		}
		bad := a.State()
		bad.Vectors = slices.Clone(bad.Vectors)
		bad.Vectors[0].Values = bad.Vectors[0].Values[1:]
		if err := b.Restore(bad); !errors.Is(err, fault.ErrLength) {
			t.Errorf("%s: a short vector: %v", name, err)
		}
		bad.Method = "another"
		if err := b.Restore(bad); !errors.Is(err, fault.ErrSetting) {
			t.Errorf("%s: another's state: %v", name, err)
		}
		if !slices.Equal(theta, copied) || b.State().Step != 6 {
			t.Errorf("%s: a refused state has changed something", name)
		}
	}
}

// TestMethods checks what is registered: described, valid, and without allocation.
func TestMethods(t *testing.T) {
	if len(Methods()) < 4 {
		t.Fatalf("%d methods", len(Methods()))
	}
	for _, m := range Methods() {
		i := m.Info()
		if i.Name == "" || i.Summary == "" || i.Formula == "" || i.Source == "" {
			t.Errorf("%+v: want every field", i)
		}
		if found, err := Lookup(i.Name); err != nil || found.Info() != i {
			t.Errorf("%s: found %v, %v", i.Name, found, err)
		}
		o, theta, g := made(t, m), make([]float64, 9), gradients(1)[0]
		if n := testing.AllocsPerRun(20, func() { o.Step(theta, g, 1) }); n != 0 {
			t.Errorf("%s: %v allocations a step", i.Name, n)
		}
	}
	for _, m := range []Method{SGD{Momentum: 1}, AdamW{Epsilon: 1, Decay: -1}, Lion{Beta1: -1}, Lion{Decay: math.Inf(1)}, AdamW{}} {
		if m.Validate() == nil {
			t.Errorf("%+v: want a fault", m)
		}
		if _, err := m.New(Rates{graph.Weights: 1, graph.Plasticity: 1}, testLayout()); err == nil {
			t.Errorf("%+v: made", m)
		}
	}
}
