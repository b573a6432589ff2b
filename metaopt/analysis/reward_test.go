package analysis

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
	"metaplast/rules"
)

// praised are sine episodes with a reward, that of example i or the same for all.
type praised struct {
	data.Sine
	constant float64
}

func (p praised) Spec() data.Spec {
	s := p.Sine.Spec()
	s.Reward = true
	return s
}

func (p praised) Sample(seed uint64, split data.Split, step, episode uint64) (data.Episode, error) {
	e, err := p.Sine.Sample(seed, split, step, episode)
	r := make([]float64, p.Spec().Steps*p.Spec().Batch)
	for i := range r {
		if r[i] = p.constant; r[i] == 0 {
			r[i] = math.Sin(float64(5*i) + float64(episode))
		}
	}
	e.SupportReward = tensor.New(tensor.WithShape(p.Spec().Steps, p.Spec().Batch), tensor.WithBacking(r))
	return e, err
}

// gated is a learner with a third factor.
func gated(t *testing.T, s data.Sampler, m rules.Modulator) evaluate.Subject {
	t.Helper()
	l, err := graph.Preset("flp")
	if err != nil {
		t.Fatal(err)
	}
	l.UseRule(rules.Modulated{Of: rules.Oja{}, Gain: 1})
	l.UseModulator(m)
	l.FixedRule, l.InnerLR = true, 0.1
	cfg := graph.Config{Network: graph.MLP(s.Spec().Inputs[0], []int{5}, 1, 0, objective.MSE), Dtype: tensor.Float64, Steps: 1, Batch: 1, Query: 1,
		Reward: true, Learners: []graph.NamedLearner{{Name: "gated", Learner: l}}}
	layout, err := graph.NewLayout(cfg.Network, l)
	if err != nil {
		t.Fatal(err)
	}
	theta := layout.Init(3)
	for _, p := range layout {
		for i := range p.Of(theta) {
			if p.Group == graph.Plasticity {
				p.Of(theta)[i] += 0.05 * math.Sin(float64(i))
			}
		}
	}
	return evaluate.Subject{Name: "gated", Graph: cfg, Layout: layout, Theta: theta}
}

// TestReward: evaluations, recorded episodes, answers and analyses are those of whole episodes with each example's own
// reward.
func TestReward(t *testing.T) {
	sampler := praised{Sine: data.Sine{Functions: 2, Steps: 3, Batch: 2, Query: 3, Order: data.Continual}}
	s := gated(t, sampler, rules.RewardFactor{})
	cfg, spec := s.Graph, sampler.Spec()
	cfg.Steps, cfg.Batch, cfg.Query = spec.Steps, spec.Batch, spec.Query
	u, err := graph.Unroll(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	all, err := evaluate.Evaluate(t.Context(), evaluate.Plan{Sampler: sampler, Split: data.HeldOut, Seed: 1, Episodes: 3}, []evaluate.Subject{s})
	if err != nil {
		t.Fatal(err)
	}
	for k := range 3 {
		ep, err := sampler.Sample(1, data.HeldOut, 0, uint64(k))
		if err != nil {
			t.Fatal(err)
		}
		if err := spec.Check(ep); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(u.Bind(ep.Arrays()), u.BindReward(ep.Rewards()), u.SetParams(0, s.Theta), u.Run()); err != nil {
			t.Fatal(err)
		}
		near(t, "evaluated loss", all[0].Losses[k], u.Loss(0), 1e-12)
		tr, err := Record(t.Context(), s, ep, 2)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "recorded loss", tr.QueryLoss, u.Loss(0), 1e-12)
		answers, err := Answers(t.Context(), []evaluate.Subject{s}, ep, []int{0, spec.Steps})
		if err != nil {
			t.Fatal(err)
		}
		_, _, _, y := ep.Arrays()
		mse := 0.0
		for i, a := range answers[0][1] {
			mse += (a - y[i]) * (a - y[i]) / float64(len(y))
		}
		near(t, "loss of answers", mse, u.Loss(0), 1e-12)
		if k == 0 {
			a := analyse(t, sampler, Options{Episodes: 1, Seed: 1, Split: data.HeldOut}, s)
			near(t, "analysed loss", float64(a[0].AverageFinal), u.Loss(0), 1e-12)
		}
	}
}

// TestAnalyseReward: a reward that is 2 at all times is a modulator that is 2, in all that is measured,
// interference by steps that the episode does not have included.
func TestAnalyseReward(t *testing.T) {
	sampler := praised{Sine: data.Sine{Functions: 3, Steps: 2, Batch: 2, Query: 3, Order: data.Continual}, constant: 2}
	var texts []string
	for _, m := range []rules.Modulator{rules.RewardFactor{}, rules.ConstantFactor{Start: 2, Fixed: true}} {
		a := analyse(t, sampler, Options{Episodes: 2, Seed: 1}, gated(t, sampler, m))
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Errorf("%s\nwant\n%s", texts[0], texts[1])
	}
}
