package continual

import (
	"context"
	"errors"
	"fmt"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/metaopt/measure"
)

// Matrix is what a learner keeps of episodes in which T classes come one after the other. With
//
//	R[i][j]  accuracy on the query drawings of class j after classes 0 … i have been taught
//	b[j]     the same before the first one, with W(0)
//
// of one episode,
//
//	average accuracy   ACC = 1/T Σ_j R[T−1][j]
//	backward transfer  BWT = 1/(T−1) Σ_{j<T−1} R[T−1][j] − R[j][j]
//	forward transfer   FWT = 1/(T−1) Σ_{j≥1} R[j−1][j] − b[j]
//	forgetting         F   = 1/(T−1) Σ_{j<T−1} max_{l<T−1} R[l][j] − R[T−1][j]
//
// BWT below 0 is forgetting; FWT is about 0 where nothing is known of a class before its turn. R
// and Before are means over the episodes, the others means with 95 % intervals of what they are in
// single episodes; see metaopt/measure for their sources.
type Matrix struct {
	Learner                                string
	R                                      [][]float64 // [T,T]
	Before                                 []float64   // [T]
	Average, Backward, Forward, Forgetting measure.Interval
	Diverged                               int // episodes in which an output was not finite; their answers count by what the outputs say, NaN being wrong
}

// Matrices teaches episodes of a classification task, in continual order whatever its Order, and
// asks about every class before the first and after each. It draws the episodes number 0 …
// episodes−1 of the split, those of metaopt.Trainer.Evaluate.
//
// With more than one drawing in a step, class k counts as taught after the step that shows its
// last drawing; see data.Plan.Blocks. Remembered classes are no column.
//
// It fails with *fault.Field where the split cannot give the episodes, and with fault.ErrSetting
// for fewer than two classes. Cost: T inner steps and T+1 times all queries an episode.
func (p Plan) Matrices(ctx context.Context, c data.Classification, split data.Split, episodes int) ([]Matrix, error) {
	if err := p.check(episodes); err != nil {
		return nil, err
	}
	c.Order = data.Continual
	if err := c.ValidateSplit(split); err != nil {
		return nil, err
	}
	if c.Ways < 2 {
		return nil, fmt.Errorf("%w: %d class in an episode, want at least 2 to transfer between", fault.ErrSetting, c.Ways)
	}
	tables := make([][]table, len(p.Subjects)) // by learner and episode
	for i := range tables {
		tables[i] = make([]table, episodes)
		for k := range tables[i] {
			tables[i][k] = newTable(c.Ways)
		}
	}
	err := p.each(ctx, c.Batch, c.Query, episodes, func(s *stream, k int) error {
		e, err := c.Plan(p.Seed, split, 0, uint64(k))
		if err != nil {
			return err
		}
		blocks := e.Blocks()
		ask := func(row func(t *table) []float64) error {
			for j, b := range blocks {
				a, err := s.ask(e, e.Query[b.QueryFrom:b.QueryTo])
				if err != nil {
					return err
				}
				for i := range a {
					t := &tables[i][k]
					row(t)[j] = float64(a[i].right) / float64(c.Query)
					t.diverged = t.diverged || a[i].diverged
				}
			}
			return nil
		}
		err = s.teach(e, func(steps int) error {
			if steps == 0 {
				if err := ask(func(t *table) []float64 { return t.before }); err != nil {
					return err
				}
			}
			for i, b := range blocks {
				if b.Step == steps {
					if err := ask(func(t *table) []float64 { return t.r[i] }); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("episode %d: %w", k, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([]Matrix, len(tables))
	for i, t := range tables {
		if all[i], err = summary(p.Subjects[i].Name, t); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// table is what one learner knew in one episode.
type table struct {
	r        [][]float64
	before   []float64
	diverged bool
}

func newTable(classes int) table {
	t := table{before: make([]float64, classes), r: make([][]float64, classes)}
	for i := range t.r {
		t.r[i] = make([]float64, classes)
	}
	return t
}

// summary brings a learner's episodes together.
func summary(name string, tables []table) (Matrix, error) {
	mean := newTable(len(tables[0].before))
	m := Matrix{Learner: name, R: mean.r, Before: mean.before}
	var average, backward, forward, forgetting []float64
	for _, t := range tables {
		if t.diverged {
			m.Diverged++
		}
		for j := range t.before {
			m.Before[j] += t.before[j] / float64(len(tables))
			for i := range t.r {
				m.R[i][j] += t.r[i][j] / float64(len(tables))
			}
		}
		a, err1 := measure.AverageFinal(t.r)
		b, err2 := measure.BackwardTransfer(t.r, measure.Accuracy)
		f, err3 := measure.ForwardTransfer(t.r, t.before, measure.Accuracy)
		g, err4 := measure.Forgetting(t.r, measure.Accuracy)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			return m, err
		}
		average, backward, forward, forgetting = append(average, a), append(backward, b), append(forward, f), append(forgetting, g)
	}
	m.Average, m.Backward = measure.StudentT(average, measure.Share), measure.StudentT(backward, measure.ShareChange)
	m.Forward, m.Forgetting = measure.StudentT(forward, measure.ShareChange), measure.StudentT(forgetting, measure.ShareChange)
	return m, nil
}
