package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"metaplast/cmd/metaplast/machine"
	"metaplast/cmd/metaplast/progress"
	"metaplast/data"
	"metaplast/data/regular"
	"metaplast/graph/op"
	"metaplast/metaopt"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
	"metaplast/metaopt/study"
)

// studyWork is a study under way.
type studyWork struct {
	*ui
	plan     *study.Plan
	dir      string
	workers  int
	sampler  data.Sampler // of all runs
	progress *progress.Study
}

// folder is that of a cell's run.
func (w *studyWork) folder(c study.Cell) folder { return folder(filepath.Join(w.dir, c.Folder())) }

// measuredFile is what was measured of a cell, in the folder of the study.
func measuredFile(c study.Cell) string { return c.Folder() + ".measured.json" }

// run trains and measures what is left to do and judges the whole.
func (w *studyWork) run(quiet bool) (*study.Result, error) {
	w.progress = progress.OfStudy(progress.OfRun(w.err, quiet, 0, w.plan.Steps()), len(w.plan.Cells))
	ctx, release := untilSignal(func() {
		w.progress.Close()
		w.notef("finishing the meta-steps under way, then saving; once more to stop at once")
	})
	measured, err := study.Run(ctx, w.plan, w.workers, study.Hands{Train: w.train, Measure: w.measure})
	release()
	w.progress.Close()
	if errors.Is(err, metaopt.ErrInterrupted) {
		return nil, errors.Join(metaopt.ErrInterrupted, fmt.Errorf("%d of %d runs are finished; go on with: %s",
			w.progress.Finished(), len(w.plan.Cells), w.plan.Command(programName(), w.dir)))
	}
	if err != nil {
		return nil, err
	}
	return study.Judge(w.plan, measured, w.dir)
}

// train trains a cell from where it was left.
func (w *studyWork) train(ctx context.Context, c study.Cell, threads int) error {
	side := min(w.workers, len(w.plan.Cells))
	r := &job{ui: w.ui, dir: w.folder(c), config: c.Config, workers: threads, remat: metaopt.AutoRemat,
		memory: machine.Memory() / int64(side), sampler: w.sampler, progress: w.progress.Of(c.Seed)}
	_, err := os.Stat(r.dir.config())
	var s *session
	if err == nil {
		if was, err := r.dir.load(); err == nil && was.Task.Dir != c.Config.Task.Dir { // the data set was moved
			r.sets = []string{fmt.Sprintf("task.dir=%q", c.Config.Task.Dir)}
		}
		s, err = r.reopen(r.dir)
	} else {
		s, err = r.create()
	}
	if err != nil {
		return fmt.Errorf("seed %d: %w", c.Seed, err)
	}
	defer s.close()
	if !s.finished() {
		if err := r.compute(ctx, s); err != nil {
			return fmt.Errorf("seed %d: %w", c.Seed, err)
		}
	}
	s.free()
	if _, _, err := r.save(); err != nil {
		return fmt.Errorf("seed %d: %w", c.Seed, err)
	}
	w.progress.Trained(c)
	return nil
}

// measure measures a trained cell, unless that has been done.
func (w *studyWork) measure(ctx context.Context, c study.Cell, threads int) (study.Measured, error) {
	m, err := w.measured(c)
	if err == nil {
		return m, nil
	}
	r, err := openRun(string(w.folder(c)), &imageSource{sampler: w.sampler, moved: "--set task.dir=DIR", note: w.notef})
	if err != nil {
		return m, err
	}
	evals, err := evaluate.Evaluate(ctx, evaluate.Plan{Sampler: r.sampler, Split: data.HeldOut, Seed: c.Seed,
		Episodes: c.Config.Eval.Episodes, Workers: threads}, r.subjects)
	if err != nil {
		return m, fmt.Errorf("seed %d: %w", c.Seed, err)
	}
	m = study.Measured{Fingerprint: r.saved.Fingerprint, BLAS: blasName(), Tiles: op.Tiles(), Episodes: c.Config.Eval.Episodes, Split: data.HeldOut.String()}
	for i, e := range evals {
		m.Arms = append(m.Arms, study.ArmMeasured{Name: e.Learner, Diverged: e.Diverged, Training: r.saved.Learners[i].Diverged,
			Values: map[string]measure.Number{study.Loss.Name: measure.Number(e.Median), study.Accuracy.Name: measure.Number(e.Accuracy)}})
	}
	if w.plan.Study.Analyses() {
		if err := analyse(ctx, r, m.Arms, m.Episodes, threads); err != nil {
			return m, fmt.Errorf("seed %d: %w", c.Seed, err)
		}
	}
	doc, err := encodeJSON(m)
	if err != nil {
		return m, err
	}
	return m, folder(w.dir).write(measuredFile(c), doc)
}

// errStale says that a cell's measurements are not there, or are those of something else.
var errStale = errors.New("not measured yet")

// measured reads what was measured of a cell, with the library and the kernels in use. A file that does not
// tell the kernels counts as measured with the best that the processor has, which nearly all are.
func (w *studyWork) measured(c study.Cell) (m study.Measured, err error) {
	text, err := regular.Read(filepath.Join(w.dir, measuredFile(c)), maxNotes)
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
	if best := op.KernelSets()[0]; m.Tiles == "" && kernelSet(op.Tiles()) == best {
		m.Tiles = op.Tiles()
	}
	if m.Tiles != op.Tiles() {
		return study.Measured{}, errStale
	}
	if m.Fingerprint != fingerprint || m.BLAS != blasName() || m.Episodes != c.Config.Eval.Episodes || !w.plan.Study.Complete(m) {
		return study.Measured{}, errStale
	}
	return m, nil
}
