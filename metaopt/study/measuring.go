package study

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"metaplast/data"
	"metaplast/data/regular"
	"metaplast/graph/blas"
	"metaplast/graph/op"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
	"metaplast/metaopt/run"
)

// measuredFile is what was measured of a cell, in the folder of the study.
func measuredFile(c Cell) string { return c.Folder() + ".measured.json" }

// measure measures a trained cell, unless that has been done.
func (w *Work) measure(ctx context.Context, c Cell, threads int) (Measured, error) {
	m, err := w.measured(c)
	if err == nil {
		return m, nil
	}
	if m, err = w.measureRun(ctx, c, threads); err != nil {
		return m, fmt.Errorf("seed %d: %w", c.Seed, err)
	}
	text, err := run.EncodeJSON(m)
	if err != nil {
		return m, err
	}
	return m, run.Folder(w.Dir).Write(measuredFile(c), text)
}

func (w *Work) measureRun(ctx context.Context, c Cell, threads int) (m Measured, err error) {
	r, err := run.Open(string(w.Folder(c)), &run.Source{Sampler: w.Run.Sampler, Moved: w.Run.Moved, Note: w.Run.Note})
	if err != nil {
		return m, err
	}
	evals, err := evaluate.Evaluate(ctx, evaluate.Plan{Sampler: r.Sampler, Split: data.HeldOut, Seed: c.Seed,
		Episodes: c.Config.Eval.Episodes, Workers: threads}, r.Subjects)
	if err != nil {
		return m, err
	}
	m = Measured{Fingerprint: r.Saved.Fingerprint, BLAS: blas.InUse(), Tiles: op.Tiles(), Episodes: c.Config.Eval.Episodes, Split: data.HeldOut.String()}
	for i, e := range evals {
		m.Arms = append(m.Arms, ArmMeasured{Name: e.Learner, Diverged: e.Diverged, Training: r.Saved.Learners[i].Diverged,
			Values: map[string]measure.Number{Loss.Name: measure.Number(e.Median), Accuracy.Name: measure.Number(e.Accuracy)}})
	}
	if w.Plan.Study.Analyses() {
		err = analyse(ctx, r, m.Arms, m.Episodes, threads)
	}
	if err == nil && w.Plan.Study.recovers() {
		err = recovered(ctx, r, m.Arms, m.Episodes)
	}
	return m, err
}

// errStale says that a cell's measurements are not there, or are those of something else.
var errStale = errors.New("not measured yet")

// measured reads what was measured of a cell, with the library and the kernels in use. A file that does not
// tell the kernels counts as measured with the best that the processor has, which nearly all are.
func (w *Work) measured(c Cell) (m Measured, err error) {
	text, err := regular.Read(filepath.Join(w.Dir, measuredFile(c)), run.MaxDocument)
	if err != nil {
		return m, errStale
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, errStale
	}
	fingerprint, err := c.Config.Fingerprint()
	if err != nil {
		return m, err
	}
	if best := op.KernelSets()[0]; m.Tiles == "" && op.KernelSetOf(op.Tiles()) == best {
		m.Tiles = op.Tiles()
	}
	if m.Tiles != op.Tiles() {
		return Measured{}, errStale
	}
	if m.Fingerprint != fingerprint || m.BLAS != blas.InUse() || m.Episodes != c.Config.Eval.Episodes || !w.Plan.Study.Complete(m) {
		return Measured{}, errStale
	}
	return m, nil
}

// analyse adds the measures of package analysis to those of the learners of a run.
func analyse(ctx context.Context, r *run.Opened, arms []ArmMeasured, episodes, threads int) error {
	all, err := analysis.Analyse(ctx, r.Subjects, r.Sampler, analysis.Options{
		Episodes: min(episodes, AnalysedEpisodes), Split: data.HeldOut, Seed: r.Config.Seed, Workers: threads})
	if err != nil {
		return err
	}
	for i, a := range all {
		for _, m := range Analysed() {
			arms[i].Values[m.Name] = measure.Number(meanOf(a.ByEpisode, m.Name))
		}
	}
	return nil
}

// meanOf is the mean over the episodes in which a number is defined; NaN if there are none.
func meanOf(episodes []analysis.Episode, name string) float64 {
	sum, n := 0.0, 0
	for _, e := range episodes {
		if v := float64(e.Value(name)); !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}
