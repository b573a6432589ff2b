package analysis

import (
	"context"
	"errors"
	"math"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// lens looks at one subject, for one worker.
type lens struct {
	subject evaluate.Subject
	follow  *graph.Probe // lives through the episode; asked the query set
	aside   *graph.Probe // is moved to weights that the episode never has; asked all batches
	layout  graph.Layout // of θ
	fast    graph.Layout // of fast weights
	layers  []layer      // plastic ones, bottom first
}

// layer is a plastic layer.
type layer struct {
	number   int
	from, to int         // its part of a vector of fast weights
	w        graph.Param // its weights in such a vector
}

func newLens(s evaluate.Subject, spec data.Spec, c course) (*lens, error) {
	l := &lens{subject: s}
	var err error
	if l.layout, err = graph.NewLayout(s.Graph.Network, s.Graph.Learners[0].Learner); err != nil {
		return nil, err
	}
	if l.follow, err = graph.NewProbe(probed(s, spec, spec.Query)); err != nil {
		return nil, err
	}
	if l.aside, err = graph.NewProbe(probed(s, spec, len(c.labels)*spec.Batch)); err != nil {
		return nil, errors.Join(err, l.follow.Close())
	}
	for _, p := range []*graph.Probe{l.follow, l.aside} {
		if err := p.SetParams(0, s.Theta); err != nil {
			return nil, errors.Join(err, l.close())
		}
	}
	l.fast = l.follow.Fast(0)
	for _, p := range l.fast {
		if n := len(l.layers); n > 0 && l.layers[n-1].number == p.Layer { // the bias beside it
			l.layers[n-1].to += p.Size
			continue
		}
		l.layers = append(l.layers, layer{number: p.Layer, from: p.Offset, to: p.Offset + p.Size, w: p})
	}
	return l, nil
}

func (l *lens) close() error { return errors.Join(l.follow.Close(), l.aside.Close()) }

// episode measures one episode. An error that is measure.ErrNonFinite says that it diverged.
func (l *lens) episode(ctx context.Context, s *scene) (*Analysis, error) {
	a := l.empty(s.course)
	l.follow.Start()
	l.aside.Start()
	measured, points, blocks := 0, 0, 0
	for t := 0; ; t++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if t == 0 {
			if err := l.ask(a, -1, s); err != nil {
				return nil, err
			}
		}
		for ; blocks < s.tasks && s.blocks[blocks] == t; blocks++ {
			if err := l.ask(a, blocks, s); err != nil {
				return nil, err
			}
		}
		if points < len(s.points) && s.points[points] == t {
			if err := l.interfere(&a.Points[points], s); err != nil {
				return nil, err
			}
			points++
		}
		if t == s.spec.Steps {
			break
		}
		due := measured < len(s.steps) && s.steps[measured] == t
		if due {
			if err := l.follow.Measure(s.x[t], s.y[t]); err != nil {
				return nil, err
			}
			if err := l.angles(a, measured); err != nil {
				return nil, err
			}
		}
		if err := l.follow.BindReward(s.reward[t]); err != nil {
			return nil, err
		}
		if err := l.follow.Step(s.x[t], s.y[t]); err != nil {
			return nil, err
		}
		if due {
			if err := l.compare(a, measured); err != nil {
				return nil, err
			}
			measured++
		}
	}
	if err := l.activities(a); err != nil {
		return nil, err
	}
	return a, a.transfer()
}

// empty is an analysis of the right shape, all NaN.
func (l *lens) empty(c course) *Analysis {
	layers, steps := len(l.layers), len(c.steps)
	a := &Analysis{
		Activity: []Activity{}, Tasks: c.tasks, Steps: c.steps, InnerSteps: c.spec.Steps, Loss: c.spec.Loss, Ordered: c.ordered, BlockSteps: c.blocks,
		Cosine: undefined(layers, steps), NormRatio: undefined(layers, steps), Rank: undefined(layers, steps), Angle: undefined(layers, steps),
		NetCosine: undefined(1, steps)[0], NetNormRatio: undefined(1, steps)[0], StepLoss: undefined(1, steps)[0],
		Before: undefined(1, c.tasks)[0], Retention: undefined(c.tasks, c.tasks),
	}
	for _, v := range l.layers {
		a.Layers = append(a.Layers, v.number)
	}
	if c.spec.Loss == objective.CrossEntropy {
		a.AccuracyBefore, a.Accuracy = undefined(1, c.tasks)[0], undefined(c.tasks, c.tasks)
	}
	nan := measure.Number(math.NaN())
	for _, f := range numbers {
		*f(a) = nan
	}
	for _, step := range c.points {
		p := Point{Step: step}
		for _, f := range pointNumbers {
			*f(&p) = nan
		}
		for _, f := range pointTables {
			*f(&p) = undefined(c.tasks, c.tasks)
		}
		a.Points = append(a.Points, p)
	}
	return a
}

func undefined(rows, cols int) measure.Table {
	t := make(measure.Table, rows)
	for i := range t {
		t[i] = make([]float64, cols)
		for j := range t[i] {
			t[i][j] = math.NaN()
		}
	}
	return t
}

// vector is one of a probe's vectors, a copy.
func (l *lens) vector(read func(int, []float64)) []float64 {
	v := make([]float64, l.fast.Total())
	read(0, v)
	return v
}

// state is a probe's vector of the rules' variables, a copy.
func (l *lens) state(read func(int, []float64)) []float64 {
	v := make([]float64, l.follow.Memory(0).Total())
	read(0, v)
	return v
}

// compare measures ΔW of the last step of the episode against ∇W of the last Measure.
func (l *lens) compare(a *Analysis, at int) error {
	loss := l.follow.StepLoss(0)
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return &measure.NonFiniteError{What: "loss of a step", Value: loss}
	}
	a.StepLoss[at] = loss
	update, gradient := l.vector(l.follow.Update), l.vector(l.follow.FastGradient)
	var err error
	if a.NetCosine[at], err = measure.DescentCosine(update, gradient); err != nil {
		return err
	}
	if a.NetNormRatio[at], err = measure.NormRatio(update, gradient); err != nil {
		return err
	}
	for k, v := range l.layers {
		u, g := update[v.from:v.to], gradient[v.from:v.to]
		if a.Cosine[k][at], err = measure.DescentCosine(u, g); err != nil {
			return err
		}
		if a.NormRatio[k][at], err = measure.NormRatio(u, g); err != nil {
			return err
		}
		r, err := measure.MatrixRank(matrix(v.w, update))
		if err != nil {
			return err
		}
		a.Rank[k][at] = r.Effective
	}
	return nil
}

// matrix is an array of weights [out,in] or [out,in,k,k] in a vector.
func matrix(p graph.Param, v []float64) measure.Matrix {
	return measure.Matrix{Rows: p.Shape[0], Cols: p.Size / p.Shape[0], Data: p.Of(v)}
}
