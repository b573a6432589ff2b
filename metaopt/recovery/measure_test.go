package recovery

import (
	"context"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
	"metaplast/rules"
)

// student is a learner on the network of a teacher, which starts from the same weights.
func student(t *testing.T, p data.Planted, change func(*graph.Learner)) evaluate.Subject {
	t.Helper()
	l, err := graph.Preset("output-only")
	if err != nil {
		t.Fatal(err)
	}
	l.OutputOnly, l.HiddenOnly, l.Clamped, l.Pathway = false, true, false, rules.NoneName
	l.Plasticity, l.InnerLR, l.Examples, l.Learned = graph.PerNone, p.Rate, graph.MeanExamples, graph.Learned{}
	if change != nil {
		change(&l)
	}
	net := graph.MLP(p.Inputs, []int{p.Hidden}, p.Outputs, 0, "mse")
	net.Layers[0].Activation = p.Activation
	list, err := evaluate.New(graph.Config{Network: net, Learners: []graph.NamedLearner{{Name: "student", Learner: l}}, Steps: p.Steps, Batch: p.Batch, Query: p.Query,
		Dtype: tensor.Float64}, seed)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

const seed = 5

func measured(t *testing.T, s evaluate.Subject, p data.Planted) *Result {
	t.Helper()
	teacher, err := data.NewTeacher(p)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Measure(context.Background(), s, teacher, Options{Split: data.HeldOut, Seed: seed, Trajectories: 3})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A learner that changes by the planted rule does what the teacher does: what computes the teacher and
// what unrolls the learner share no code. One that changes by another rule does not.
func TestSameRule(t *testing.T) {
	for _, p := range []data.Planted{
		data.DefaultPlanted,
		{Rule: data.PlantedOja, Terms: 1, Inputs: 3, Hidden: 4, Outputs: 2, Activation: "sigmoid", Rate: 0.2, Steps: 6, Batch: 3, Query: 2},
		{Rule: data.PlantedOja, Terms: 1, Inputs: 3, Hidden: 4, Outputs: 2, Activation: "relu", Rate: 0.05, Steps: 6, Batch: 3, Query: 2},
		{Rule: data.PlantedOja, Terms: 1, Inputs: 2, Hidden: 4, Outputs: 1, Activation: "linear", Rate: 0.05, Steps: 6, Batch: 1, Query: 2},
	} {
		r := measured(t, student(t, p, nil), p)
		if math.Abs(float64(r.Weights)-1) > 1e-12 || math.Abs(float64(r.Activity)-1) > 1e-12 || math.Abs(float64(r.Deviance)-100) > 1e-10 || r.Diverged != 0 || r.Trajectories != 3 {
			t.Errorf("%s: %+v: want R² of 1 and a deviance of 0", p.Activation, r)
		}
		if r.Coefficients != nil || r.Found(Usual) {
			t.Errorf("oja has no coefficients: %+v", r.Coefficients)
		}
		r = measured(t, student(t, p, func(l *graph.Learner) { l.Rule = rules.HebbName }), p)
		if r.Weights > 0.99 || r.Activity > 0.9999 || r.Deviance > 99 {
			t.Errorf("%s: hebb has %+v", p.Activation, r)
		}
		// A learner that does not change is the null model.
		r = measured(t, student(t, p, func(l *graph.Learner) { l.InnerLR = 0 }), p)
		if r.Weights > 0 || r.Deviance != 0 {
			t.Errorf("%s: a network that stays has %+v", p.Activation, r)
		}
	}
}

func TestDiverged(t *testing.T) {
	p := data.DefaultPlanted
	r := measured(t, student(t, p, func(l *graph.Learner) { l.InnerLR = 1e200 }), p)
	if r.Diverged != 3 || !math.IsNaN(float64(r.Weights)) || !math.IsNaN(float64(r.Deviance)) {
		t.Errorf("%+v: want three that diverged", r)
	}
}

func TestMeasureRefuses(t *testing.T) {
	p := data.DefaultPlanted
	teacher, err := data.NewTeacher(p)
	if err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	wide := p
	wide.Inputs = 3
	for want, c := range map[string]struct {
		ctx context.Context
		s   evaluate.Subject
		n   int
	}{
		"want hidden_only: true":   {context.Background(), student(t, p, func(l *graph.Learner) { l.HiddenOnly = false }), 1},
		"want at least 1":          {context.Background(), student(t, p, nil), 0},
		"the task planted has [2]": {context.Background(), student(t, wide, nil), 1},
		context.Canceled.Error():   {ended, student(t, p, nil), 1},
	} {
		if _, err := Measure(c.ctx, c.s, teacher, Options{Split: data.HeldOut, Seed: seed, Trajectories: c.n}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %s", err, want)
		}
	}
}

func TestCriterion(t *testing.T) {
	r := &Result{Coefficients: []Coefficient{{"a", 1, 1.04}, {"b", 0, -0.01}, {"c", -2, -2}, {"d", 0, 0.015}}}
	if e, f := r.TrueError(), r.FalseSize(); math.Abs(e-0.04) > 1e-12 || f != 0.015 || !r.Found(Usual) || r.Support(0.01) != 0.75 || r.Support(0.02) != 1 {
		t.Errorf("%v %v %v %v", e, f, r.Found(Usual), r.Support(0.01))
	}
	for i, found := range []float64{1.06, 0.021, -1.89, math.NaN()} {
		c := *r
		c.Coefficients = append([]Coefficient(nil), r.Coefficients...)
		c.Coefficients[i].Found = measure.Number(found)
		if c.Found(Usual) {
			t.Errorf("%+v is found", c.Coefficients)
		}
	}
	if (&Result{}).Found(Usual) {
		t.Error("no coefficients are found")
	}
}

// A polynomial with the planted coefficients does what the teacher does, term by term: all 27 of the rule
// taylor against loops. It counts as found, and one with another coefficient does not.
func TestTrueCoefficients(t *testing.T) {
	for k, name := range data.CoefficientNames() {
		p := data.DefaultPlanted
		p.Rule, p.Batch, p.Steps, p.Rate = data.PlantedGiven, 2, 8, 0.03
		p.Coefficients = map[string]float64{"theta_110": 0.5, name: -0.75}
		theta := map[string]float64{}
		for name, v := range p.Coefficients {
			theta[strings.TrimPrefix(name, "theta_")] = v
		}
		with := func(theta map[string]float64, rate float64) *Result {
			return measured(t, student(t, p, func(l *graph.Learner) {
				rule := rules.DefaultTaylor()
				rule.Theta = theta
				l.InnerLR = rate
				l.UseRule(rule)
			}), p)
		}
		r := with(theta, p.Rate)
		if math.Abs(float64(r.Weights)-1) > 1e-12 || math.Abs(float64(r.Deviance)-100) > 1e-10 || !r.Found(Usual) || r.TrueError() != 0 || r.FalseSize() != 0 {
			t.Errorf("%s: %+v: want R² of 1", name, r)
		}
		if len(r.Coefficients) != 27 || r.Coefficients[k].Name != name || float64(r.Coefficients[k].True) != p.Coefficients[name] {
			t.Errorf("%s: %+v", name, r.Coefficients)
		}
		// Half the coefficients at twice the rate are the same rule.
		for i, v := range theta {
			theta[i] = v / 2
		}
		if r := with(theta, 2*p.Rate); !r.Found(Usual) || math.Abs(float64(r.Weights)-1) > 1e-12 {
			t.Errorf("%s at twice the rate: %+v", name, r)
		}
		if r := with(theta, p.Rate); r.Found(Usual) || r.Weights > 0.99 {
			t.Errorf("half of %s: %+v", name, r)
		}
	}
}

// Coefficients that are not the planted rule's kind are refused.
func TestOtherParameters(t *testing.T) {
	p := data.DefaultPlanted
	teacher, err := data.NewTeacher(p)
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*graph.Learner){
		"has the parameter rule.theta_0000: want theta_abc": func(l *graph.Learner) {
			rule := rules.DefaultTaylor()
			rule.Factor = rules.ModulatorFactor
			l.UseRule(rule)
			l.Modulator = "constant"
		},
		"has the parameter rule.theta_000.0": func(l *graph.Learner) { l.Rule, l.RulePer = rules.TaylorName, graph.PerLayer },
		"want plasticity: none":              func(l *graph.Learner) { l.Rule, l.Plasticity = rules.TaylorName, graph.PerLayer },
	} {
		_, err := Measure(context.Background(), student(t, p, change), teacher, Options{Split: data.HeldOut, Seed: seed, Trajectories: 1})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %s", err, want)
		}
	}
}
