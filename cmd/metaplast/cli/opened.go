package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/evaluate"
)

// openedRun is a run that has a checkpoint, with what is needed to measure its learners.
type openedRun struct {
	dir     folder
	cfg     *config.Config
	saved   *checkpoint.Checkpoint
	file    string // that it is in
	sampler data.Sampler
	task    config.Task // that of cfg, with the folder that the data set was read from

	subjects []evaluate.Subject // its learners with the parameters of the checkpoint
}

// openRun reads the run in a folder, and makes or reads the images of its task. Errors are
// ones of input.
func openRun(dir string, from *imageSource) (*openedRun, error) {
	return openFile(dir, folder(filepath.Clean(dir)).checkpoint(), from)
}

// openRunAt is openRun with the checkpoint that --step asks for.
func openRunAt(dir string, c *cli.Context, from *imageSource) (*openedRun, error) {
	f := folder(filepath.Clean(dir))
	if !c.IsSet("step") {
		return openRun(dir, from)
	}
	path := checkpoint.KeptPath(f.checkpoint(), c.Int("step"))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		kept, err := f.kept()
		if err != nil {
			return nil, badInput(fmt.Errorf("run folder: %w", err))
		}
		return nil, badInput(fmt.Errorf("--step: %s has no checkpoint of meta-step %d, but of %v; meta.keep_every says which are kept", f, c.Int("step"), kept))
	}
	return openFile(dir, path, from)
}

func openFile(dir, checkpoint string, from *imageSource) (*openedRun, error) {
	r, err := readFile(dir, checkpoint)
	if err != nil {
		return nil, err
	}
	return r, r.images(from)
}

// images takes the images of the run's task from a source.
func (r *openedRun) images(from *imageSource) (err error) {
	if r.task, err = from.open(r.dir, r.cfg.Task); err != nil {
		return badInput(err)
	}
	r.sampler = from.sampler
	return nil
}

// readRun is openRun without the task's sampler.
func readRun(dir string) (*openedRun, error) {
	return readFile(dir, folder(filepath.Clean(dir)).checkpoint())
}

// readFile is readRun with one of the run's checkpoints.
func readFile(dir, checkpoint string) (*openedRun, error) {
	r := &openedRun{dir: folder(filepath.Clean(dir)), file: checkpoint}
	var err error
	if r.cfg, err = r.dir.load(); err != nil {
		return nil, badInput(err)
	}
	if r.saved, err = r.dir.savedAt(checkpoint); err != nil {
		return nil, badInput(err)
	}
	if r.saved == nil {
		return nil, badInput(fmt.Errorf("%s has no checkpoint yet", r.dir))
	}
	if err := r.dir.verify(r.cfg, r.saved); err != nil {
		return nil, badInput(err)
	}
	if err := r.match(); err != nil {
		return nil, badInput(err)
	}
	return r, nil
}

// match checks that the checkpoint has the learners of the configuration, and makes subjects of them.
func (r *openedRun) match() error {
	g := r.cfg.Graph()
	want := &checkpoint.Checkpoint{Fingerprint: r.saved.Fingerprint, Seed: r.cfg.Seed}
	var layouts []graph.Layout
	for _, l := range r.cfg.Learners {
		layout, err := graph.NewLayout(g.Network, l.Learner)
		if err != nil {
			return err
		}
		layouts = append(layouts, layout)
		want.Learners = append(want.Learners, checkpoint.Learner{Name: l.Name, Layout: metaopt.Segments(layout)})
	}
	if err := r.saved.Match(r.file, want); err != nil {
		return err
	}
	for i, layout := range layouts {
		s := evaluate.Of(g, i, layout, r.saved.Learners[i].Theta)
		s.Origin = evaluate.Origin{Run: string(r.dir), Learner: s.Name, Step: r.saved.Step}
		r.subjects = append(r.subjects, s)
	}
	return nil
}

// begun are the run's learners with the parameters that it began from.
func (r *openedRun) begun() ([]evaluate.Subject, error) {
	start, err := r.dir.started(r.cfg)
	if err != nil {
		return nil, err
	}
	list, err := evaluate.New(r.cfg.Graph(), r.cfg.Seed)
	if err != nil || start == nil {
		return list, err
	}
	for i, l := range start.Learners {
		list[i].Theta = l.Theta
	}
	return list, nil
}

// beforeAndAfter measures the learners as the run began and those of the checkpoint, on the same
// episodes: as many of the run's seed as its configuration says.
func (r *openedRun) beforeAndAfter(ctx context.Context, split data.Split, workers int, progress func(done, episodes int)) (before, after []evaluate.Evaluation, err error) {
	begun, err := r.begun()
	if err != nil {
		return nil, nil, err
	}
	plan := evaluate.Plan{Sampler: r.sampler, Split: split, Seed: r.cfg.Seed, Episodes: r.cfg.Eval.Episodes, Workers: workers}
	part := func(k int) {
		if progress != nil {
			plan.Done = func(done, all int) { progress(k*all+done, 2*all) }
		}
	}
	var e evaluate.Evaluator
	defer func() { err = errors.Join(err, e.Close()) }()
	part(0)
	if before, err = e.Evaluate(ctx, plan, begun); err != nil {
		return nil, nil, err
	}
	part(1)
	after, err = e.Evaluate(ctx, plan, r.subjects)
	return before, after, err
}

// fill puts the evaluations of beforeAndAfter into a result.
func (r *openedRun) fill(res *result, before, after []evaluate.Evaluation) {
	for i := range res.Learners {
		res.Learners[i].measured(heldOutOf(0, before[i]), heldOutOf(r.saved.Step, after[i]), r.saved.Learners[i].Diverged)
	}
}

// unrotated is the bank of the run's classes as the data set has them: rotations are classes for
// meta-training, and no part of the published meta-tests on long streams.
func (r *openedRun) unrotated() (*data.Bank, error) {
	task := r.task
	task.Rotations = false
	s, err := task.Sampler(context.Background())
	if err != nil {
		return nil, badInput(err)
	}
	return s.(data.Classification).Bank, nil // the tasks with classes are of that type
}
