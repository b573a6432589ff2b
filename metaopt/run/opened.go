package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/graph"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/evaluate"
)

// Opened is a run that has a checkpoint, with what is needed to measure its learners.
type Opened struct {
	Dir     Folder
	Config  *config.Config
	Saved   *checkpoint.Checkpoint
	Task    config.Task  // that of Config, with the folder that the data set was read from
	Sampler data.Sampler // nil after Read

	Subjects []evaluate.Subject // its learners with the parameters of the checkpoint
}

// Open reads the run in a folder with its last checkpoint, and makes or reads what its episodes are
// drawn from. Errors are fault.Input.
func Open(dir string, from *Source) (*Opened, error) {
	r, err := Read(dir)
	if err != nil {
		return nil, err
	}
	return r, r.Take(from)
}

// OpenStep is Open with the checkpoint that was kept of a meta-step.
func OpenStep(dir string, step int, from *Source) (*Opened, error) {
	f := Folder(filepath.Clean(dir))
	path := checkpoint.KeptPath(f.Checkpoint(), step)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		kept, err := f.Kept()
		if err != nil {
			return nil, fault.Given(fmt.Errorf("run folder: %w", err))
		}
		return nil, fault.Given(&StepError{Folder: f, Step: step, Kept: kept})
	}
	r, err := readFile(f, path)
	if err != nil {
		return nil, err
	}
	return r, r.Take(from)
}

// Read is Open without what episodes are drawn from.
func Read(dir string) (*Opened, error) {
	f := Folder(filepath.Clean(dir))
	return readFile(f, f.Checkpoint())
}

// Take takes what episodes are drawn from from a source.
func (r *Opened) Take(from *Source) (err error) {
	if r.Task, err = from.Open(r.Dir, r.Config.Task); err != nil {
		return fault.Given(err)
	}
	r.Sampler = from.Sampler
	return nil
}

// readFile reads a run with one of its checkpoints.
func readFile(f Folder, file string) (*Opened, error) {
	r := &Opened{Dir: f}
	var err error
	if r.Config, err = f.Load(); err != nil {
		return nil, fault.Given(err)
	}
	if r.Saved, err = f.SavedAt(file); err != nil {
		return nil, fault.Given(err)
	}
	if r.Saved == nil {
		return nil, fault.Given(fmt.Errorf("%s has no checkpoint yet", f))
	}
	if err := f.Verify(r.Config, r.Saved); err != nil {
		return nil, fault.Given(err)
	}
	if err := r.match(file); err != nil {
		return nil, fault.Given(err)
	}
	return r, nil
}

// match checks that the checkpoint has the learners of the configuration, and makes subjects of them.
func (r *Opened) match(file string) error {
	g := r.Config.Graph()
	want := &checkpoint.Checkpoint{Fingerprint: r.Saved.Fingerprint, Seed: r.Config.Seed}
	var layouts []graph.Layout
	for _, l := range r.Config.Learners {
		layout, err := graph.NewLayout(g.Network, l.Learner)
		if err != nil {
			return err
		}
		layouts = append(layouts, layout)
		want.Learners = append(want.Learners, checkpoint.Learner{Name: l.Name, Layout: metaopt.Segments(layout)})
	}
	if err := r.Saved.Match(file, want); err != nil {
		return err
	}
	for i, layout := range layouts {
		s := evaluate.Of(g, i, layout, r.Saved.Learners[i].Theta)
		s.Origin = evaluate.Origin{Run: string(r.Dir), Learner: s.Name, Step: r.Saved.Step}
		r.Subjects = append(r.Subjects, s)
	}
	return nil
}

// Begun are the run's learners with the parameters that it began from.
func (r *Opened) Begun() ([]evaluate.Subject, error) {
	start, err := r.Dir.started(r.Config)
	if err != nil {
		return nil, err
	}
	list, err := evaluate.New(r.Config.Graph(), r.Config.Seed)
	if err != nil || start == nil {
		return list, err
	}
	for i, l := range start.Learners {
		list[i].Theta = l.Theta
	}
	return list, nil
}

// BeforeAndAfter measures the learners as the run began and those of the checkpoint, on the same
// episodes: as many of the run's seed as its configuration says.
func (r *Opened) BeforeAndAfter(ctx context.Context, split data.Split, workers int, progress func(done, episodes int)) (before, after []evaluate.Evaluation, err error) {
	begun, err := r.Begun()
	if err != nil {
		return nil, nil, err
	}
	plan := evaluate.Plan{Sampler: r.Sampler, Split: split, Seed: r.Config.Seed, Episodes: r.Config.Eval.Episodes, Workers: workers}
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
	after, err = e.Evaluate(ctx, plan, r.Subjects)
	return before, after, err
}

// Fill puts the evaluations of BeforeAndAfter into a result.
func (r *Opened) Fill(res *Result, before, after []evaluate.Evaluation) {
	for i := range res.Learners {
		res.Learners[i].Measured(HeldOutOf(0, before[i]), HeldOutOf(r.Saved.Step, after[i]), r.Saved.Learners[i].Diverged)
	}
}

// Unrotated is the bank of the run's classes as the data set has them: rotations are classes for
// meta-training, and no part of the published meta-tests on long streams.
func (r *Opened) Unrotated() (*data.Bank, error) {
	task := r.Task
	task.Rotations = false
	s, err := task.Sampler(context.Background())
	if err != nil {
		return nil, fault.Given(err)
	}
	c, ok := s.(data.Classification)
	if !ok {
		return nil, fault.Given(fmt.Errorf("the %s task has no bank of classes", task.Kind))
	}
	return c.Bank, nil
}
