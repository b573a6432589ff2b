package metaopt

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/graph"
	"metaplast/graph/engine"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/optim"
	"metaplast/metaopt/record"
)

// Plan is a whole run: what is trained, on what, and how.
type Plan struct {
	Graph       graph.Config // network, learners, dtype, machine; its sizes are taken from the sampler
	Sampler     data.Sampler
	EvalSplit   data.Split // what Evaluate draws from: data.HeldOut where it is data.Train, the zero value
	Settings    Settings
	Seed        uint64
	Workers     int             // threads that compute: one episode each, or several on one if there are fewer episodes; 0 means 1. The results do not depend on it
	Remat       int             // distance of checkpoints inside an episode, 0 for none, AutoRemat to choose by Memory. The results do not depend on it
	Memory      int64           // bytes that the run may use; 0 means any number
	Fingerprint string          // of the configuration, for checkpoints
	Checkpoint  string          // path of the checkpoint file; empty means none is written
	Recorder    record.Recorder // nil drops the records
	Reducer     Reducer         // nil means Local
	Progress    func(Progress)  // called after each meta-step and evaluation, from the goroutine of Run; may be nil
}

// Progress is the state of a run after a meta-step or an evaluation.
type Progress struct {
	Step, Steps int
	Learners    []LearnerProgress
	Evaluations []evaluate.Evaluation // set after an evaluation only
}

// LearnerProgress is one learner's.
type LearnerProgress struct {
	Name     string
	Loss     float64 // mean over the finite episodes of the meta-step; NaN if there was none
	Diverged int     // episodes in the whole run
	Row      int     // episodes in a row that diverged, up to now
}

// Trainer is the outer loop of one run.
//
// In meta-step s every worker draws its episodes from streams keyed by (seed, s, episode),
// runs them through its graph and leaves each episode's gradient in a row of its own. Rows
// are summed over ranks, which is exact because every row belongs to one rank, and then added
// in episode order, so that workers and ranks do not show in the bits:
//
//	g = Σ_e g_e / (number of episodes e that did not diverge)
//
// An episode diverges for a learner if its loss or its gradient by that learner is NaN or
// infinite. It is recorded with its place, left out of that learner's mean, and counted;
// other learners' updates are untouched. A learner none of whose episodes is left is not
// updated. After Settings.MaxDiverged in a row the run stops with a DivergedError.
type Trainer struct {
	plan     Plan
	model    *graph.Model // of the plan's graph
	workers  []*worker
	learners []*trained
	rows     []float64 // [batch, width]: per learner gradient, loss, 1 if finite
	width    int
	step     int
	logged   int  // meta-step of the last records of KindTrain
	pending  bool // the evaluation that is due after step is still to be done
	saved    int  // meta-step of the checkpoint that is on the disk as it would be saved now; −1 if there is none

	subjects  []evaluate.Subject // the learners, whose theta they share
	evaluator evaluate.Evaluator
}

// trained is one learner's state in the outer loop.
type trained struct {
	name      string
	layout    []optim.Segment
	theta     []float64
	grad      []float64 // the first episode's row, which the others are added to
	optimizer optim.Optimizer
	at        int // of its part of a row
	loss      float64
	row       int
	diverged  int
}

// worker is one goroutine's.
type worker struct {
	estimator Estimator
	work      Work
}

// NewTrainer checks the plan, all of it, and returns its faults together. Parameters have
// their initial values until Restore. Graphs are built where they are first needed: by Run
// and by Evaluate.
func NewTrainer(p Plan) (*Trainer, error) {
	if p.Reducer == nil {
		p.Reducer = Local{}
	}
	if p.EvalSplit == data.Train {
		p.EvalSplit = data.HeldOut
	}
	if p.Recorder == nil {
		p.Recorder = record.Multi{}
	}
	p.Workers = max(p.Workers, 1)
	spec := p.Sampler.Spec()
	p.Graph.Steps, p.Graph.Batch, p.Graph.Query, p.Graph.Reward = spec.Steps, spec.Batch, spec.Query, spec.Reward
	p.Graph = p.Settings.estimation().Configure(p.Graph)
	model, err := graph.New(p.Graph)
	if err := errors.Join(p.Settings.Validate(), p.ownRates(), err); err != nil {
		return nil, err
	}
	t := &Trainer{plan: p, model: model, pending: true, saved: -1}
	for i, l := range p.Graph.Learners {
		layout := model.Layout(i)
		segments := Segments(layout)
		optimizer, err := p.Settings.optimizer().New(p.Settings.rates(l.Name), segments)
		if err != nil {
			return nil, err
		}
		n := layout.Total()
		t.learners = append(t.learners, &trained{name: l.Name, layout: segments, theta: layout.Init(p.Seed),
			optimizer: optimizer, at: t.width, loss: math.NaN()})
		t.subjects = append(t.subjects, evaluate.Of(p.Graph, i, layout, t.learners[i].theta))
		t.width += n + 2
	}
	remat, err := p.fit(model, t.width, t.graphs())
	if err != nil {
		return nil, err
	}
	t.plan.Graph.Remat = remat
	t.rows = make([]float64, p.Settings.Batch*t.width)
	for _, l := range t.learners {
		l.grad = t.rows[l.at:][:len(l.theta)]
	}
	return t, nil
}

// ownRates checks that rates of single learners are those of learners of the run.
func (p Plan) ownRates() error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(p.Settings.OwnRates)) {
		if !slices.ContainsFunc(p.Graph.Learners, func(l graph.NamedLearner) bool { return l.Name == name }) {
			faults = append(faults, fmt.Errorf("%w: learning rates of learner %q: the run has no such learner", fault.ErrSetting, name))
		}
	}
	return errors.Join(faults...)
}

// graphs is the number of workers with an episode of their own.
func (t *Trainer) graphs() int { return min(t.plan.Workers, t.plan.Settings.Batch) }

// Remat is the distance of checkpoints inside an episode, 0 for none.
func (t *Trainer) Remat() int { return t.plan.Graph.Remat }

// Build unrolls the episode, once for each worker, side by side. Run does it where it has not
// been done.
func (t *Trainer) Build() error {
	if t.workers != nil {
		return nil
	}
	workers := make([]*worker, t.graphs())
	model := t.model.On(engine.Options{Threads: max(t.plan.Workers/len(workers), 1), Remat: t.plan.Graph.Remat})
	var g errgroup.Group
	for i := range workers {
		g.Go(graph.Guarded(func() error {
			n := len(t.learners)
			e, err := t.plan.Settings.estimation().New(model)
			workers[i] = &worker{estimator: e, work: Work{Theta: make([][]float64, n), Gradient: make([][]float64, n), Outcomes: make([]Outcome, n)}}
			return err
		}))
	}
	if err := g.Wait(); err != nil {
		return err
	}
	t.workers = workers
	return nil
}

// Graphs returns the graphs that Build made, of estimators that have one.
func (t *Trainer) Graphs() []*graph.Unrolled {
	var g []*graph.Unrolled
	for _, w := range t.workers {
		if e, ok := w.estimator.(interface{ Graph() *graph.Unrolled }); ok {
			g = append(g, e.Graph())
		}
	}
	return g
}

// MetaStep is one meta-step without what Run does around it: nothing is evaluated or saved.
// It is for measuring; Build comes first.
func (t *Trainer) MetaStep(ctx context.Context) error { return t.metaStep(ctx) }

// Segments turns a learner's layout into that of the vectors here.
func Segments(layout graph.Layout) []optim.Segment {
	s := make([]optim.Segment, len(layout))
	for i, p := range layout {
		s[i] = optim.Segment{Name: p.Name, Group: p.Group, Shape: p.Shape, Offset: p.Offset, Size: p.Size, Learned: p.Learned}
	}
	return s
}

// Step is the number of meta-steps completed.
func (t *Trainer) Step() int { return t.step }

// Theta returns a copy of learner i's meta-parameters.
func (t *Trainer) Theta(i int) []float64 { return append([]float64(nil), t.learners[i].theta...) }

// SetTheta gives learner i other meta-parameters, of the length of its layout, for Evaluate, or for a
// run to begin from. To go on with a run, use Restore.
func (t *Trainer) SetTheta(i int, theta []float64) error {
	l := t.learners[i]
	if len(theta) != len(l.theta) {
		return &fault.Length{What: "parameters of " + l.name, Got: len(theta), Want: len(l.theta)}
	}
	copy(l.theta, theta)
	return nil
}

// Run trains until Settings.Steps are completed, evaluating before the first, as often as
// the settings say, and after the last; checkpoints follow the records they stand for. When
// ctx ends, the meta-step under way is finished, an evaluation under way is given up, to be done
// again where the run goes on, the run is saved and ErrInterrupted returned. A run that stopped
// because a learner diverged stops at once with the same DivergedError.
func (t *Trainer) Run(ctx context.Context) error {
	s := t.plan.Settings
	// Finishing what is under way must not be cut short by the same signal.
	inner := context.WithoutCancel(ctx)
	if err := t.Build(); err != nil {
		return err
	}
	if err := t.broadcast(inner); err != nil {
		return err
	}
	if err := t.saveStep(ctx); err != nil {
		return err
	}
	if d := Stopped(t.State(), s.MaxDiverged); d != nil {
		return d
	}
	for t.step < s.Steps {
		if ctx.Err() != nil {
			return errors.Join(t.save(), ErrInterrupted)
		}
		if err := t.metaStep(inner); err != nil {
			var d *DivergedError
			if errors.As(err, &d) {
				return errors.Join(err, t.saveStep(ctx))
			}
			return err
		}
		if s.saveDue(t.step) {
			if err := t.saveStep(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// saveStep saves after a meta-step, with the evaluation that is due then.
func (t *Trainer) saveStep(ctx context.Context) error {
	if t.pending {
		return t.evaluateAndSave(ctx)
	}
	if err := t.save(); err != nil {
		return err
	}
	return t.keep()
}

// broadcast gives every rank the parameters of rank 0, and what its optimisers remember.
func (t *Trainer) broadcast(ctx context.Context) error {
	for _, l := range t.learners {
		vectors := [][]float64{l.theta}
		for _, v := range l.optimizer.State().Vectors {
			vectors = append(vectors, v.Values)
		}
		for _, x := range vectors {
			if err := t.plan.Reducer.Broadcast(ctx, x, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Trainer) evaluateAndSave(ctx context.Context) error {
	evals, err := t.Evaluate(ctx, t.plan.Settings.EvalEpisodes)
	if err != nil && ctx.Err() != nil {
		if t.step == 0 {
			return ErrInterrupted // nothing is trained that could be saved
		}
		return errors.Join(t.save(), ErrInterrupted)
	}
	if err != nil {
		return err
	}
	for _, e := range evals {
		if err := t.plan.Recorder.Record(evalRecord(e, t.step)); err != nil {
			return err
		}
	}
	t.pending, t.saved = false, -1
	if err := t.save(); err != nil {
		return err
	}
	t.report(evals)
	return t.keep()
}

func (t *Trainer) report(evals []evaluate.Evaluation) {
	if t.plan.Progress == nil {
		return
	}
	p := Progress{Step: t.step, Steps: t.plan.Settings.Steps, Evaluations: evals}
	for _, l := range t.learners {
		p.Learners = append(p.Learners, LearnerProgress{Name: l.name, Loss: l.loss, Diverged: l.diverged, Row: l.row})
	}
	t.plan.Progress(p)
}

// Close frees the graphs.
func (t *Trainer) Close() error {
	var errs []error
	for _, w := range t.workers {
		errs = append(errs, w.estimator.Close())
	}
	return errors.Join(append(errs, t.evaluator.Close())...)
}
