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
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/continual"
)

// openedRun is a run that has a checkpoint, with what is needed to measure its learners.
type openedRun struct {
	dir     folder
	cfg     *config.Config
	saved   *checkpoint.Checkpoint
	file    string // that it is in
	sampler data.Sampler
	task    config.Task // that of cfg, with the folder that the data set was read from

	evaluated func(done, episodes int) // what trainers report to; nil for nothing
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

// match checks that the checkpoint has the learners of the configuration.
func (r *openedRun) match() error {
	want := &checkpoint.Checkpoint{Fingerprint: r.saved.Fingerprint, Seed: r.cfg.Seed}
	for i, l := range r.cfg.Learners {
		layout, err := r.layout(i)
		if err != nil {
			return err
		}
		want.Learners = append(want.Learners, checkpoint.Learner{Name: l.Name, Layout: metaopt.Segments(layout)})
	}
	return r.saved.Match(r.file, want)
}

// layout is that of learner i's meta-parameters.
func (r *openedRun) layout(i int) (graph.Layout, error) {
	return graph.NewLayout(r.cfg.Graph().Network, r.cfg.Learners[i].Learner)
}

// theta are the meta-parameters of learner i in the last checkpoint.
func (r *openedRun) theta(i int) []float64 { return r.saved.Learners[i].Theta }

// learner is the configuration of the graph of learner i alone.
func (r *openedRun) learner(i int) graph.Config {
	g := r.cfg.Graph()
	g.Learners = g.Learners[i : i+1]
	return g
}

// subjects are the run's learners with the parameters of the last checkpoint.
func (r *openedRun) subjects() []analysis.Subject {
	var list []analysis.Subject
	for i, l := range r.cfg.Learners {
		list = append(list, analysis.Subject{Name: l.Name, Graph: r.learner(i), Theta: r.theta(i)})
	}
	return list
}

// trainer makes one that measures the run's learners on the episodes of a seed; they have their
// initial parameters until restore.
func (r *openedRun) trainer(split data.Split, seed uint64, workers int) (*metaopt.Trainer, error) {
	start, err := r.dir.started(r.cfg)
	if err != nil {
		return nil, err
	}
	t, err := metaopt.NewTrainer(metaopt.Plan{Graph: r.cfg.Graph(), Sampler: r.sampler, EvalSplit: split, Settings: r.cfg.Settings(),
		Seed: seed, Workers: workers, Evaluated: r.evaluated})
	if err != nil {
		return nil, err
	}
	return t, begin(t, start)
}

// restore gives a trainer the parameters of the last checkpoint.
func (r *openedRun) restore(t *metaopt.Trainer) error {
	for i := range r.cfg.Learners {
		if err := t.SetTheta(i, r.theta(i)); err != nil {
			return err
		}
	}
	return nil
}

// evaluate measures the learners of the checkpoint on the episodes of a seed.
func (r *openedRun) evaluate(ctx context.Context, split data.Split, seed uint64, episodes, workers int) ([]metaopt.Evaluation, error) {
	t, err := r.trainer(split, seed, workers)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	if err := r.restore(t); err != nil {
		return nil, err
	}
	return t.Evaluate(ctx, episodes)
}

// beforeAndAfter measures the learners as the run began and those of the checkpoint, on the same
// episodes: as many of the run's seed as its configuration says.
func (r *openedRun) beforeAndAfter(ctx context.Context, split data.Split, workers int) (before, after []metaopt.Evaluation, err error) {
	report, trained := r.evaluated, 0
	if report != nil {
		r.evaluated = func(done, all int) { report(trained*all+done, 2*all) }
		defer func() { r.evaluated = report }()
	}
	t, err := r.trainer(split, r.cfg.Seed, workers)
	if err != nil {
		return nil, nil, err
	}
	defer t.Close()
	if before, err = t.Evaluate(ctx, r.cfg.Eval.Episodes); err != nil {
		return nil, nil, err
	}
	if err := r.restore(t); err != nil {
		return nil, nil, err
	}
	trained = 1
	after, err = t.Evaluate(ctx, r.cfg.Eval.Episodes)
	return before, after, err
}

// fill puts the evaluations of beforeAndAfter into a result.
func (r *openedRun) fill(res *result, before, after []metaopt.Evaluation) {
	for i := range res.Learners {
		res.Learners[i].measured(heldOutOf(0, before[i]), heldOutOf(r.saved.Step, after[i]), r.saved.Learners[i].Diverged)
	}
}

// plan is the run's learners with the parameters of the last checkpoint, to be taught streams.
func (r *openedRun) plan(workers int) continual.Plan {
	p := continual.Plan{Graph: r.cfg.Graph(), Seed: r.cfg.Seed, Workers: workers}
	for i := range r.saved.Learners {
		p.Theta = append(p.Theta, r.theta(i))
	}
	return p
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
