package cli

import (
	"context"
	"math"

	"metaplast/data"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/measure"
	"metaplast/metaopt/study"
)

// analysed are the measures of a study that come from package analysis.
var analysed = map[string]func(analysis.Episode) measure.Number{
	study.Cosine.Name:      func(e analysis.Episode) measure.Number { return e.Cosine },
	study.Overlap.Name:     func(e analysis.Episode) measure.Number { return e.Overlap },
	study.Harmful.Name:     func(e analysis.Episode) measure.Number { return e.Harmful },
	study.PastHarmful.Name: func(e analysis.Episode) measure.Number { return e.PastHarmful },
}

// analyse adds the measures of package analysis to those of the learners of a run.
func analyse(ctx context.Context, r *openedRun, arms []study.ArmMeasured, episodes, threads int) error {
	all, err := analysis.Analyse(ctx, r.subjects, r.sampler, analysis.Options{
		Episodes: min(episodes, study.AnalysedEpisodes), Split: data.HeldOut, Seed: r.cfg.Seed, Workers: threads})
	if err != nil {
		return err
	}
	for i, a := range all {
		for name, of := range analysed {
			arms[i].Values[name] = measure.Number(meanOf(a.ByEpisode, of))
		}
	}
	return nil
}

// meanOf is the mean over the episodes in which a number is defined; NaN if there are none.
func meanOf(episodes []analysis.Episode, of func(analysis.Episode) measure.Number) float64 {
	sum, n := 0.0, 0
	for _, e := range episodes {
		if v := float64(of(e)); !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}
