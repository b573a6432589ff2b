package report

import (
	"context"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/config"
	"metaplast/metaopt/evaluate"
)

// Measuring says of whom, and on what, the report of a run is measured.
type Measuring struct {
	Config   *config.Config // of the run
	Sampler  data.Sampler
	Subjects []evaluate.Subject // the run's learners, in the configuration's order
	Split    data.Split
	Workers  int

	Note  func(format string, args ...any)      // is told what is measured now
	Count func(what string) func(done, all int) // makes what is told how far it is
}

// Fill measures what a report shows of the learners beside their losses: strengths of the
// feedback, coefficients of rules, how
// updates differ from gradients, and what they answer in held-out episode 0. r has an entry for each
// learner already.
func (m Measuring) Fill(ctx context.Context, r *Run) (err error) {
	r.Split = m.Config.Task.Scoring().Splits[m.Split]
	for i, s := range m.Subjects {
		r.Learners[i].Strength = map[int]float64{}
		for _, p := range s.Layout {
			if p.Role == graph.Mixing {
				r.Learners[i].Strength[p.Layer] = p.Of(s.Theta)[0]
			}
		}
		r.Learners[i].Own = ownOf(s.Layout, s.Theta)
	}
	m.Note("measuring updates and interference on %d episodes", m.Config.Eval.Episodes)
	if r.Analyses, err = analysis.Analyse(ctx, m.Subjects, m.Sampler, m.options("analysed episode")); err != nil {
		return err
	}
	switch task := m.Sampler.(type) {
	case data.Classification:
		return m.classes(ctx, r, task)
	case data.Curved:
		r.Predictions, err = m.predictions(ctx, task)
	}
	return err
}

// options are those of the analyses; what is counted while they go on.
func (m Measuring) options(what string) analysis.Options {
	return analysis.Options{Episodes: m.Config.Eval.Episodes, Split: m.Split, Seed: m.Config.Seed, Workers: m.Workers, Done: m.Count(what)}
}
