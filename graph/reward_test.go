package graph_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/rules"
)

// rewarded has one learner whose changes a reward gates.
func rewarded(t *testing.T, steps int) graph.Config {
	t.Helper()
	l, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	l.UseRule(rules.Modulated{Of: rules.Oja{}, Gain: 1})
	l.UseModulator(rules.RewardFactor{})
	l.InnerLR = 0.1
	return graph.Config{Network: graph.MLP(3, []int{4}, 2, 0, objective.MSE), Learners: []graph.NamedLearner{{Name: "l", Learner: l}},
		Steps: steps, Batch: 2, Query: 3, Dtype: tensor.Float64, Reward: true}
}

func numbers(n int, f func(i int) float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = f(i)
	}
	return v
}

// TestReward: each example is gated by its own, in whole episodes as step by step; without reward nothing
// changes, and with twice of it everything by other than before.
func TestReward(t *testing.T) {
	const steps = 4
	cfg := rewarded(t, steps)
	u, err := graph.Unroll(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	inner, err := graph.NewInner(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	theta := u.Layout(0).Init(1)
	for i := range theta {
		theta[i] += 0.1 * math.Sin(float64(i))
	}
	x, y := numbers(steps*2*3, func(i int) float64 { return math.Sin(float64(3*i) + 1) }), numbers(steps*2*2, func(i int) float64 { return math.Cos(float64(i)) })
	qx, qy := x[:9], y[:6]
	final := func(reward []float64) []float64 {
		t.Helper()
		if err := errors.Join(u.Bind(x, y, qx, qy), u.BindReward(reward), u.SetParams(0, theta), u.Run()); err != nil {
			t.Fatal(err)
		}
		if err := inner.SetParams(0, theta); err != nil {
			t.Fatal(err)
		}
		inner.Start()
		for s := range steps {
			if err := errors.Join(inner.BindReward(reward[s*2:s*2+2]), inner.Step(x[s*6:s*6+6], y[s*4:s*4+4])); err != nil {
				t.Fatal(err)
			}
		}
		var all []float64
		for i, a := range u.FinalWeights(0) {
			if !slices.Equal(a.Data, inner.FastWeights(0)[i].Data) {
				t.Errorf("%s: %v step by step, %v at once", a.Name, inner.FastWeights(0)[i].Data, a.Data)
			}
			all = append(all, a.Data...)
		}
		return all
	}
	start := u.Layout(0)
	w0, _ := start.Find("W0")
	none := final(make([]float64, steps*2))
	if !slices.Equal(none[:w0.Size], w0.Of(theta)) {
		t.Error("weights change without a reward")
	}
	reward := numbers(steps*2, func(i int) float64 { return math.Sin(float64(7 * i)) })
	some := final(reward)
	for i := range reward {
		other := slices.Clone(reward)
		other[i] += 0.5
		if slices.Equal(final(other), some) {
			t.Errorf("the reward of example %d has no effect", i)
		}
	}
}

// TestRewardWanted: an episode without its own reward is not run with that of another.
func TestRewardWanted(t *testing.T) {
	cfg := rewarded(t, 1)
	u, err := graph.Unroll(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	x, y := make([]float64, 9), make([]float64, 6)
	bind := func() error { return u.Bind(x[:6], y[:4], x, y) }
	theta := u.Layout(0).Init(1)
	if err := errors.Join(u.SetParams(0, theta), bind()); err != nil {
		t.Fatal(err)
	}
	if err := u.Run(); !errors.Is(err, graph.ErrNoReward) {
		t.Errorf("never bound: %v", err)
	}
	for _, order := range [][]func() error{{bind, func() error { return u.BindReward(y[:2]) }}, {func() error { return u.BindReward(y[:2]) }, bind}} {
		for range 2 { // and again, as for other parameters
			if err := errors.Join(order[0](), order[1](), u.Run(), u.Run()); err != nil {
				t.Error(err)
			}
		}
	}
	if err := bind(); err != nil {
		t.Fatal(err)
	}
	if err := u.Run(); !errors.Is(err, graph.ErrNoReward) {
		t.Errorf("that of the last episode: %v", err)
	}
	if err := u.BindReward(y[:3]); err == nil {
		t.Error("a reward too many is taken")
	}
	inner, err := graph.NewInner(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	if err := inner.SetParams(0, theta); err != nil {
		t.Fatal(err)
	}
	inner.Start()
	step := func() error { return inner.Step(x[:6], y[:4]) }
	if err := step(); !errors.Is(err, graph.ErrNoReward) {
		t.Errorf("never bound: %v", err)
	}
	if err := errors.Join(inner.BindReward(y[:2]), step()); err != nil {
		t.Error(err)
	}
	if err := step(); !errors.Is(err, graph.ErrNoReward) {
		t.Errorf("that of the last step: %v", err)
	}
	cfg.Reward = false
	if _, err := graph.New(cfg); err == nil || !strings.Contains(err.Error(), "learners.l.modulator") {
		t.Errorf("a task without reward: %v", err)
	}
}
