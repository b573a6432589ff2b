package graph_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/graph/internal/graphtest"
	"metaplast/rules"
)

// pooling is a learner by the pool, with fixed random feedback, on three layers of softplus units; one example
// at a time.
func pooling(t *testing.T, set func(l *graph.Learner)) graph.Config {
	t.Helper()
	l, err := graph.Preset("fa")
	if err != nil {
		t.Fatal(err)
	}
	l.Plasticity, l.InnerLR = graph.PerNone, 1
	l.UseRule(rules.DefaultPool())
	if set != nil {
		set(&l)
	}
	cfg := graph.Config{Network: graph.MLP(4, []int{6, 5}, 3, 0, objective.CrossEntropy), Steps: 5, Batch: 1, Query: 4, Dtype: tensor.Float64,
		Learners: []graph.NamedLearner{{Name: "pool", Learner: l}}}
	for i := range 2 {
		cfg.Network.Layers[i].Activation = "softplus(10)"
	}
	return cfg
}

// TestPoolEpisode compares an episode with the paper's algorithm in plain loops, in its own signs: errors
// e = ŷ − y go down by fixed weights and are gated by φ′ = 1 − exp(−10 y), the output's activity is its
// softmax. There is no error of the inputs, so that the lowest layer lacks the terms that have one.
func TestPoolEpisode(t *testing.T) {
	cfg := pooling(t, nil)
	u := unroll(t, cfg)
	e := newEpisode(cfg, "pool")
	layout := u.Layout(0)
	th := theta(layout)
	at := func(name string) []float64 {
		p, ok := layout.Find(name)
		if !ok {
			t.Fatalf("no %s in the layout", name)
		}
		return p.Of(th)
	}
	coefficients := graphtest.Normals("pool/theta", 10, 0.05)
	for k, c := range coefficients {
		at(fmt.Sprintf("rule.theta_%d", k))[0] = c
	}
	for l := 1; l < 3; l++ {
		clear(at(fmt.Sprintf("c%d", l))) // the paper's feedback has no biases
	}
	sizes := []int{4, 6, 5, 3}
	var w, back, bias [][]float64
	for l := range 3 {
		w, bias = append(w, slices.Clone(at(fmt.Sprintf("W%d", l)))), append(bias, at(fmt.Sprintf("b%d", l)))
		if l == 0 {
			back = append(back, nil)
		} else {
			back = append(back, at(fmt.Sprintf("B%d", l)))
		}
	}
	for step := range cfg.Steps {
		y := [][]float64{e.xs[step*4:][:4]}
		for l := range 3 {
			z := make([]float64, sizes[l+1])
			for i := range z {
				z[i] = bias[l][i]
				for j, x := range y[l] {
					z[i] += w[l][i*sizes[l]+j] * x
				}
				if l < 2 {
					z[i] = math.Log(1+math.Exp(10*z[i])) / 10
				}
			}
			y = append(y, z)
		}
		sum := 0.0
		for _, z := range y[3] {
			sum += math.Exp(z)
		}
		errs := make([][]float64, 4) // of units; none of the inputs
		for l := 3; l >= 1; l-- {
			errs[l] = make([]float64, sizes[l])
			for i := range errs[l] {
				if l == 3 {
					y[3][i] = math.Exp(y[3][i]) / sum
					errs[3][i] = y[3][i] - e.ys[step*3+i]
					continue
				}
				for k, d := range errs[l+1] {
					errs[l][i] += d * back[l][k*sizes[l]+i]
				}
				errs[l][i] *= 1 - math.Exp(-10*y[l][i])
			}
		}
		next := make([][]float64, 3)
		for l := range 3 {
			next[l] = slices.Clone(w[l])
			poolChange(next[l], w[l], coefficients, y[l], y[l+1], errs[l], errs[l+1])
		}
		w = next
	}
	runWith(t, u, e, th)
	for l, a := range u.FinalWeights(0) {
		graphtest.CloseTo(t, a.Name, a.Data, w[l], 1e-12)
	}
}

// poolChange adds the ten terms for one example, below being nil where there is no error of presynaptic units.
func poolChange(next, w, theta, x, y, below, e []float64) {
	in := len(x)
	inner := func(a, b []float64) (sum float64) { // aᵀ W b
		for i, p := range a {
			for j, q := range b {
				sum += p * w[i*in+j] * q
			}
		}
		return sum
	}
	total := 0.0
	for _, v := range y {
		total += v
	}
	for i := range y {
		for j := range x {
			terms := [10]float64{0: -e[i] * x[j], 3: -w[i*in+j], 5: -e[i] * total * x[j], 9: y[i] * x[j]}
			for k := range y {
				terms[9] -= y[i] * y[k] * w[k*in+j]
			}
			if below != nil {
				d := below[j]
				terms[1], terms[2], terms[4] = -y[i]*d, -e[i]*d, -d
				terms[6], terms[7], terms[8] = -y[i]*inner(y, below)*d, -e[i]*inner(y, below)*x[j], -y[i]*inner(e, x)*d
			}
			for k, v := range terms {
				next[i*in+j] += theta[k] * v
			}
		}
	}
}

// TestPoolIsFeedbackAlignment: with the pseudo-gradient alone it is the learner fa, to the last digits, in loss and
// in the meta-gradient of the one rate.
func TestPoolIsFeedbackAlignment(t *testing.T) {
	const rate = 0.3
	pool := pooling(t, func(l *graph.Learner) { l.UseRule(rules.Pool{Terms: []int{0}, Oja: rules.SubspaceOja, Rate: rate}) })
	fa := pooling(t, func(l *graph.Learner) {
		l.UseRule(rules.Hebb{})
		l.Plasticity, l.InnerLR = graph.PerNetwork, rate
	})
	e := newEpisode(pool, "alignment")
	var losses, gradients []float64
	for i, cfg := range []graph.Config{pool, fa} {
		u := unroll(t, cfg)
		runWith(t, u, e, u.Layout(0).Init(3))
		p, ok := u.Layout(0).Find([]string{"rule.theta_0", "alpha"}[i])
		if !ok {
			t.Fatal("no rate in the layout")
		}
		losses, gradients = append(losses, u.Loss(0)), append(gradients, p.Of(gradient(t, u, 0))...)
	}
	graphtest.CloseTo(t, "loss", losses[:1], losses[1:], 1e-13)
	graphtest.CloseTo(t, "gradient of the rate", gradients[:1], gradients[1:], 1e-12)
}

// TestPoolWhereLocalityIsAsked: what is not local is refused, with what to have instead; that is taken.
func TestPoolWhereLocalityIsAsked(t *testing.T) {
	local := func(r rules.Pool) error {
		return pooling(t, func(l *graph.Learner) { l.Local = true; l.UseRule(r) }).Validate()
	}
	err := local(rules.DefaultPool())
	for _, want := range []string{"learners.pool.rule", "not", "want terms: [0, 1, 2, 3, 4, 9] and oja: local"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q in it", err, want)
		}
	}
	if err := local(rules.Pool{Terms: []int{0, 1, 2, 3, 4, 9}, Oja: rules.LocalOja}); err != nil {
		t.Error(err)
	}
}
