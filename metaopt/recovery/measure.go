package recovery

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// Options say on which trajectories.
type Options struct {
	Split        data.Split
	Seed         uint64 // of the run
	Trajectories int    // at least 1
}

// Measure takes a learner through trajectories of a teacher. The learner's rule has coefficients named as
// data.CoefficientName does, one for the whole network and no others, or no meta-parameters of its own.
//
// Errors: a subject that does not fit the teacher; what keeps a trajectory from being drawn; the end of
// ctx.
func Measure(ctx context.Context, s evaluate.Subject, t *data.Teacher, o Options) (r *Result, err error) {
	spec := t.Spec()
	if err := s.Check(spec); err != nil {
		return nil, fmt.Errorf("learner %s: %w", s.Name, err)
	}
	if o.Trajectories < 1 {
		return nil, fmt.Errorf("%d trajectories: want at least 1", o.Trajectories)
	}
	rule, err := t.Rule(o.Seed)
	if err != nil {
		return nil, err
	}
	r = &Result{Trajectories: o.Trajectories}
	if r.Coefficients, err = coefficients(s, t.Settings(), rule); err != nil {
		return nil, fmt.Errorf("learner %s: %w", s.Name, err)
	}
	cfg := s.Graph
	cfg.Batch, cfg.Query = spec.Batch, spec.Batch
	probe, err := graph.NewProbe(cfg)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, probe.Close()) }()
	if fast := probe.Fast(0); len(fast) != 1 || fast[0].Name != graph.Weight.Name(0) {
		return nil, fmt.Errorf("learner %s: it has other plastic layers than the teacher, want hidden_only: true and no plastic biases", s.Name)
	}
	if err := probe.SetParams(0, s.Theta); err != nil {
		return nil, err
	}
	var weights, activity []float64
	var deviance, null float64
	for i := range o.Trajectories {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		lesson, err := t.Lesson(o.Seed, o.Split, 0, uint64(i))
		if err != nil {
			return nil, err
		}
		c, err := follow(probe, lesson)
		if err != nil {
			return nil, err
		}
		if !c.finite() {
			r.Diverged++
			continue
		}
		weights = append(weights, r2(lesson.Weights[1:], c.weights))
		activity = append(activity, r2(units(lesson.Activity, spec.Batch), units(c.activity, spec.Batch)))
		deviance, null = deviance+c.deviance, null+c.null
	}
	r.Weights, r.Activity = measure.Number(mean(weights)), measure.Number(mean(activity))
	r.Deviance = measure.Number(100 * (null - deviance) / null)
	if r.Diverged == r.Trajectories {
		r.Deviance = measure.Number(math.NaN())
	}
	return r, nil
}

// coefficients are those of a learner's rule, nil if it has no meta-parameters of its own.
func coefficients(s evaluate.Subject, p data.Planted, rule data.Polynomial) ([]Coefficient, error) {
	l, names := s.Learner(), data.CoefficientNames()
	found := map[string]float64{}
	for _, param := range s.Layout {
		if param.Group != graph.RuleOwn {
			continue
		}
		name, _ := strings.CutPrefix(param.Name, "rule.")
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("its rule %s has the parameter %s: want theta_abc, powers of pre, post and weight, once for the network", l.Rule, param.Name)
		}
		if l.Plasticity != graph.PerNone {
			return nil, fmt.Errorf("its rates are learned (plasticity: %s): want plasticity: none, or coefficients are known up to a factor", l.Plasticity)
		}
		found[name] = param.Of(s.Theta)[0] * (l.InnerLR * l.HiddenScale / p.Rate)
	}
	if len(found) == 0 {
		return nil, nil
	}
	var list []Coefficient
	for k, name := range names {
		list = append(list, Coefficient{Name: name, True: measure.Number(rule[k]), Found: measure.Number(found[name])})
	}
	return list, nil
}

// course is what a learner did on a trajectory.
type course struct {
	weights        [][]float64 // [T] after each step
	activity       [][]float64 // [T] of the plastic layer before it
	deviance, null float64
}

// follow takes the learner through a trajectory.
func follow(p *graph.Probe, l data.Lesson) (c course, err error) {
	x, y, _, _ := l.Arrays()
	steps := len(l.Activity)
	at := func(t int) (xs, ys []float64) {
		n, m := len(x)/steps, len(y)/steps
		return x[t*n : (t+1)*n], y[t*m : (t+1)*m]
	}
	p.Start()
	for t := range steps {
		xs, ys := at(t)
		if err := p.Query(xs, ys); err != nil {
			return c, err
		}
		c.null += squares(p.Predictions(0).Data, ys)
	}
	for t := range steps {
		xs, ys := at(t)
		if err := p.Query(xs, ys); err != nil {
			return c, err
		}
		c.deviance += squares(p.Predictions(0).Data, ys)
		c.activity = append(c.activity, p.Activities(0)[0].Data)
		if err := p.Step(xs, ys); err != nil {
			return c, err
		}
		w := make([]float64, p.Fast(0).Total())
		p.Weights(0, w)
		c.weights = append(c.weights, w)
	}
	return c, nil
}

func (c course) finite() bool {
	last := c.weights[len(c.weights)-1]
	return !math.IsNaN(c.deviance) && !math.IsInf(c.deviance, 0) &&
		!slices.ContainsFunc(last, func(w float64) bool { return math.IsNaN(w) || math.IsInf(w, 0) })
}

func squares(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += (a[i] - b[i]) * (a[i] - b[i])
	}
	return sum
}

// units takes activities [T][N·units] apart by example: [T·N][units].
func units(activity [][]float64, n int) (rows [][]float64) {
	for _, a := range activity {
		for row := range slices.Chunk(a, len(a)/n) {
			rows = append(rows, row)
		}
	}
	return rows
}

// r2 is 1 − Σ (a − b)² / Σ (a − mean a)², means by column.
func r2(a, b [][]float64) float64 {
	var residual, total float64
	for k := range a[0] {
		mean := 0.0
		for t := range a {
			mean += a[t][k] / float64(len(a))
		}
		for t := range a {
			residual += (a[t][k] - b[t][k]) * (a[t][k] - b[t][k])
			total += (a[t][k] - mean) * (a[t][k] - mean)
		}
	}
	return 1 - residual/total
}

// mean is NaN of nothing.
func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
