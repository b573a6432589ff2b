package data

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"metaplast/data/stream"
)

func lesson(t *testing.T, p Planted, seed uint64, split Split, step, episode uint64) Lesson {
	t.Helper()
	teacher, err := NewTeacher(p)
	if err != nil {
		t.Fatal(err)
	}
	l, err := teacher.Lesson(seed, split, step, episode)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestPlantedShapes(t *testing.T) {
	p := Planted{Rule: PlantedSparse, Terms: 3, Inputs: 3, Hidden: 5, Outputs: 2, Activation: "sigmoid", Rate: 0.05, Steps: 7, Batch: 4, Query: 6}
	for _, p := range []Planted{DefaultPlanted, p} {
		l := lesson(t, p, 1, Train, 0, 0)
		if err := p.Spec().Check(l.Episode); err != nil {
			t.Errorf("%+v: %v", p, err)
		}
		if len(l.Weights) != p.Steps+1 || len(l.Weights[0]) != p.Hidden*p.Inputs || len(l.Activity) != p.Steps || len(l.Activity[0]) != p.Batch*p.Hidden {
			t.Errorf("%+v: %d × %d weights, %d × %d activities", p, len(l.Weights), len(l.Weights[0]), len(l.Activity), len(l.Activity[0]))
		}
		s, err := p.Sampler(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.Sample(1, Train, 0, 0)
		if err != nil || digest(t, e) != digest(t, l.Episode) {
			t.Errorf("%+v: the sampler draws another episode: %v", p, err)
		}
	}
}

// Keys: another seed, split, step or episode is another episode; the same ones are the same.
func TestPlantedKeys(t *testing.T) {
	seen := map[[32]byte]bool{}
	for _, k := range []struct {
		seed, step, episode uint64
		split               Split
	}{{1, 0, 0, Train}, {2, 0, 0, Train}, {1, 1, 0, Train}, {1, 0, 1, Train}, {1, 0, 0, HeldOut}} {
		d := digest(t, lesson(t, DefaultPlanted, k.seed, k.split, k.step, k.episode).Episode)
		if seen[d] || d != digest(t, lesson(t, DefaultPlanted, k.seed, k.split, k.step, k.episode).Episode) {
			t.Errorf("%+v: not an episode of its own", k)
		}
		seen[d] = true
	}
	if _, err := (&Teacher{settings: DefaultPlanted}).Sample(1, Split(9), 0, 0); !errors.Is(err, ErrSplit) {
		t.Error(err)
	}
}

// Oja's rule, written out, makes the same weights; Hebb's, and the same rules as coefficients, too.
func TestPlantedRules(t *testing.T) {
	for name, c := range map[string]struct {
		p     Planted
		delta func(x, y, w float64) float64
	}{
		"oja":        {Planted{Rule: PlantedOja}, func(x, y, w float64) float64 { return y * (x - y*w) }},
		"hebb":       {Planted{Rule: PlantedHebb}, func(x, y, w float64) float64 { return y * x }},
		"given, oja": {Planted{Rule: PlantedGiven, Coefficients: map[string]float64{"theta_110": 1, "theta_021": -1}}, func(x, y, w float64) float64 { return y * (x - y*w) }},
		"given": {Planted{Rule: PlantedGiven, Coefficients: map[string]float64{"theta_000": 0.5, "theta_212": -2, "theta_001": 0.25}},
			func(x, y, w float64) float64 { return 0.5 - 2*x*x*y*w*w + 0.25*w }},
	} {
		p := c.p
		p.Terms, p.Inputs, p.Hidden, p.Outputs, p.Activation, p.Rate, p.Steps, p.Batch, p.Query = 1, 2, 3, 1, "tanh", 0.1, 5, 2, 1
		l := lesson(t, p, 3, Train, 0, 0)
		x, y, _, _ := l.Arrays()
		out := lesson(t, p, 3, Train, 0, 0)
		w, w1 := out.Weights[0], teachingOf(t, p, 3).w1
		for s := range p.Steps {
			next := slices.Clone(w)
			for i := range p.Hidden {
				for n := range p.Batch {
					in := x[(s*p.Batch+n)*p.Inputs:][:p.Inputs]
					h := math.Tanh(w[i*2]*in[0] + w[i*2+1]*in[1])
					if d := h - l.Activity[s][n*p.Hidden+i]; math.Abs(d) > 1e-15 {
						t.Errorf("%s: step %d: activity differs by %g", name, s, d)
					}
					for j := range p.Inputs {
						next[i*2+j] += 0.1 * c.delta(in[j], h, w[i*2+j]) / 2
					}
				}
			}
			for n := range p.Batch {
				answer := 0.0
				for i, h := range l.Activity[s][n*p.Hidden:][:p.Hidden] {
					answer += h * w1[i]
				}
				if d := answer - y[s*p.Batch+n]; math.Abs(d) > 1e-14 {
					t.Errorf("%s: step %d: answer differs by %g", name, s, d)
				}
			}
			for k, v := range l.Weights[s+1] {
				if math.Abs(v-next[k]) > 1e-14 {
					t.Errorf("%s: step %d: weight %d is %v: want %v", name, s, k, v, next[k])
				}
			}
			w = l.Weights[s+1]
		}
	}
}

func teachingOf(t *testing.T, p Planted, seed uint64) *teaching {
	t.Helper()
	return p.start(seed)
}

func TestPlantedSparse(t *testing.T) {
	p := DefaultPlanted
	p.Rule = PlantedSparse
	teacher, err := NewTeacher(p)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[Polynomial]bool{}
	for seed := range uint64(8) {
		rule, err := teacher.Rule(seed)
		if err != nil {
			t.Fatal(err)
		}
		again, err := p.sparse(seed)
		if err != nil || again != rule || seen[rule] {
			t.Errorf("seed %d: %v is no rule of its own: %v", seed, rule, err)
		}
		seen[rule] = true
		terms := 0
		for _, v := range rule {
			if v != 0 {
				terms++
				if math.Abs(v) < 0.5 || math.Abs(v) >= 1 {
					t.Errorf("seed %d: coefficient %v: want an absolute value from 0.5 to 1", seed, v)
				}
			}
		}
		if terms != p.Terms {
			t.Errorf("seed %d: %d terms, want %d", seed, terms, p.Terms)
		}
		l, err := teacher.Lesson(seed, HeldOut, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range l.Weights[p.Steps] {
			if !(math.Abs(w) < 2*sparseBound) {
				t.Errorf("seed %d: a weight of %v", seed, w)
			}
		}
	}
}

func TestPlantedUnbounded(t *testing.T) {
	p := DefaultPlanted
	p.Rule, p.Coefficients, p.Rate = PlantedGiven, map[string]float64{"theta_002": 1}, 10
	teacher, err := NewTeacher(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := teacher.Sample(1, Train, 0, 0); !errors.Is(err, ErrUnbounded) || !strings.Contains(err.Error(), "want a smaller rate") {
		t.Error(err)
	}
	p = DefaultPlanted
	p.Rule, p.Terms, p.Rate = PlantedSparse, 27, 100
	if teacher, err = NewTeacher(p); err != nil {
		t.Fatal(err)
	}
	if _, err := teacher.Sample(1, Train, 0, 0); !errors.Is(err, ErrUnbounded) || !strings.Contains(err.Error(), "sparse rules of 27 terms") {
		t.Error(err)
	}
}

func TestPlantedFaults(t *testing.T) {
	for want, edit := range map[string]func(p *Planted){
		`rule: unknown planted rule "ojo": did you mean "oja"?`:                             func(p *Planted) { p.Rule = "ojo" },
		"coefficients: map[], want at least one where the rule is given, and else none":     func(p *Planted) { p.Rule = PlantedGiven },
		"coefficients: map[theta_110:1], want at least one where the rule is given":         func(p *Planted) { p.Coefficients = map[string]float64{"theta_110": 1} },
		`coefficients: unknown coefficient "theta_113"`:                                     func(p *Planted) { p.Rule, p.Coefficients = PlantedGiven, map[string]float64{"theta_113": 1} },
		"coefficients.theta_110: +Inf, want a finite number":                                func(p *Planted) { p.Rule, p.Coefficients = PlantedGiven, map[string]float64{"theta_110": math.Inf(1)} },
		`activation: unknown activation of a teacher "tan": did you mean "tanh"?`:           func(p *Planted) { p.Activation = "tan" },
		"rate: NaN, want a finite number":                                                   func(p *Planted) { p.Rate = math.NaN() },
		"terms: 28, want from 1 to 27":                                                      func(p *Planted) { p.Terms = 28 },
		"hidden: 0, want at least 1":                                                        func(p *Planted) { p.Hidden = 0 },
		"steps × batch, query: 134217728 × 1, want at most 134217728 numbers in the inputs": func(p *Planted) { p.Steps = 1 << 27 },
		"hidden: 134217728, want at most 134217728 weights of a trajectory":                 func(p *Planted) { p.Hidden = 1 << 27 },
	} {
		p := DefaultPlanted
		edit(&p)
		err := p.Validate()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %s", err, want)
		}
		if _, err := NewTeacher(p); err == nil {
			t.Errorf("a teacher without %s", want)
		}
	}
	if err := DefaultPlanted.Validate(); err != nil {
		t.Error(err)
	}
}

// A trajectory in which a weight leaves the bound is drawn again: what comes is within it, and another
// one than the first that was drawn.
func TestPlantedRedraws(t *testing.T) {
	p := DefaultPlanted
	p.Rule, p.Coefficients, p.Rate = PlantedGiven, map[string]float64{"theta_201": 1}, 0.12
	teacher, err := NewTeacher(p)
	if err != nil {
		t.Fatal(err)
	}
	rule, err := teacher.Rule(1)
	if err != nil {
		t.Fatal(err)
	}
	redrawn := 0
	for episode := range uint64(50) {
		first, ok := p.lesson(rule, 1, stream.New(1, "train/planted", 0, episode))
		l, err := teacher.Lesson(1, Train, 0, episode)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range l.Weights {
			for _, v := range w {
				if !(math.Abs(v) <= trajectoryBound) {
					t.Fatalf("episode %d: a weight of %v", episode, v)
				}
			}
		}
		if !ok {
			redrawn++
		} else if digest(t, first.Episode) != digest(t, l.Episode) {
			t.Errorf("episode %d: bounded, and drawn again", episode)
		}
	}
	if redrawn == 0 || redrawn == 50 {
		t.Errorf("%d of 50 were drawn again: want some", redrawn)
	}
}
