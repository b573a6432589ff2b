package analysis

import (
	"math"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/metaopt/measure"
)

// interfere measures what one step on each batch would do to the losses of all, from the fast
// weights and the rules' variables of now, which stay as they are.
func (l *lens) interfere(p *Point, s *scene) error {
	start, state := l.vector(l.follow.Weights), l.state(l.follow.State)
	updates, gradients, states := make([][]float64, len(s.batch)), make([][]float64, len(s.batch)), make([][]float64, len(s.batch))
	if err := l.move(start, state); err != nil {
		return err
	}
	for i, b := range s.batch {
		if err := l.aside.Measure(b.x, b.y); err != nil {
			return err
		}
		if err := l.aside.BindReward(b.reward); err != nil {
			return err
		}
		if err := l.aside.Propose(b.x, b.y); err != nil {
			return err
		}
		updates[i], gradients[i], states[i] = l.vector(l.aside.Update), l.vector(l.aside.FastGradient), l.state(l.aside.NextState)
	}
	before, err := l.losses(s)
	if err != nil {
		return err
	}
	after := make([][]float64, len(s.batch))
	for i, u := range updates {
		w := make([]float64, len(u))
		for j := range w {
			w[j] = start[j] + u[j]
		}
		if err := l.move(w, states[i]); err != nil {
			return err
		}
		if after[i], err = l.losses(s); err != nil {
			return err
		}
	}
	return p.fill(updates, gradients, before, after, s.course)
}

// move gives the probe aside other fast weights, and the rules' variables other values.
func (l *lens) move(w, state []float64) error {
	for _, v := range []struct {
		what   string
		values []float64
	}{{"fast weights", w}, {"state of a rule", state}} {
		for i, x := range v.values {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return &measure.NonFiniteError{What: v.what, Index: []int{i}, Value: x}
			}
		}
	}
	if err := l.aside.SetState(0, state); err != nil {
		return err
	}
	return l.aside.SetWeights(0, w)
}

// losses are the mean losses of all batches, at the weights of the probe aside.
func (l *lens) losses(s *scene) ([]float64, error) {
	if err := l.aside.Query(s.bx, s.by); err != nil {
		return nil, err
	}
	each := examples(s.spec, l.aside.Predictions(0).Data, s.by)
	n := s.spec.Batch
	means := make([]float64, len(s.batch))
	for i := range means {
		for _, v := range each[i*n : (i+1)*n] {
			means[i] += v
		}
		means[i] /= float64(n)
	}
	return means, nil
}

// examples are the losses of rows of outputs.
func examples(spec data.Spec, outputs, targets []float64) []float64 {
	loss := measure.SquaredError
	if spec.Loss == objective.CrossEntropy {
		loss = measure.CrossEntropy
	}
	n := spec.Outputs
	each := make([]float64, len(targets)/n)
	for i := range each {
		each[i] = loss(outputs[i*n:(i+1)*n], targets[i*n:(i+1)*n])
	}
	return each
}

// fill computes a point from what was measured of its batches.
func (p *Point) fill(updates, gradients [][]float64, before []float64, after [][]float64, c course) error {
	overlap, err := measure.Overlap(updates)
	if err != nil {
		return err
	}
	exact, err := measure.Interference(before, after)
	if err != nil {
		return err
	}
	first, err := measure.FirstOrderInterference(updates, gradients)
	if err != nil {
		return err
	}
	alignment, err := measure.Alignment(updates, gradients)
	if err != nil {
		return err
	}
	ignored := measure.Number(0)
	for _, t := range []struct {
		pairs           [][]float64
		table           *measure.Table
		within, between *measure.Number
	}{
		{overlap, &p.Overlap, &p.OverlapWithin, &p.OverlapBetween},
		{alignment, &p.Alignment, &p.AlignmentWithin, &p.AlignmentBetween},
		{exact, &p.Interference, &p.Within, &p.Between},
		{first, &p.FirstOrder, &ignored, &ignored},
	} {
		if *t.table, *t.within, *t.between, err = group(t.pairs, c); err != nil {
			return err
		}
	}
	harm, err := measure.HarmBetween(exact, c.labels)
	if err != nil {
		return err
	}
	p.Own, p.Harmful = measure.Number(harm.Own), measure.Number(harm.Harmful)
	if harm, err = measure.HarmBetween(first, c.labels); err != nil {
		return err
	}
	p.HarmfulFirst = measure.Number(harm.Harmful)
	p.past(exact, c)
	return nil
}

// group averages a table of pairs of batches by task.
func group(pairs [][]float64, c course) (t measure.Table, within, between measure.Number, err error) {
	nan := measure.Number(math.NaN())
	if len(pairs) == 1 { // one task with one batch has no pair
		return undefined(1, 1), nan, nan, nil
	}
	g, err := measure.GroupPairs(pairs, c.labels)
	return g.Mean, measure.Number(g.Within), measure.Number(g.Between), err
}

// past reads what the task that comes next does to those learned so far.
func (p *Point) past(exact [][]float64, c course) {
	sum, harmful, pairs := 0.0, 0.0, 0.0
	next := c.learned(p.Step)
	for i, row := range exact {
		for j, v := range row {
			if !c.ordered || c.labels[i] != next || c.labels[j] >= next {
				continue
			}
			pairs++
			sum += v
			if v > 0 {
				harmful++
			}
		}
	}
	p.Past, p.PastHarmful = measure.Number(sum/pairs), measure.Number(harmful/pairs) // 0/0 is the promised NaN
}
