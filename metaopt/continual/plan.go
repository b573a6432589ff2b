package continual

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
	"metaplast/rules"
)

// Plan is what is tested. Subjects are only read.
type Plan struct {
	Subjects []evaluate.Subject // learners of one network, dtype and machine; see evaluate.Join
	Seed     uint64             // of the streams
	Workers  int                // streams that run at once; 0 means 1. No result depends on it

	// Done is called after each stream, or episode of Matrices, with how many are done and how many
	// there are, from several goroutines at once; may be nil.
	Done func(done, all int)
}

// check returns what is wrong with the plan itself.
func (p Plan) check(runs int) error {
	if runs < 1 {
		return fmt.Errorf("%w: %d runs, want at least 1", fault.ErrSetting, runs)
	}
	cfg, err := evaluate.Join(p.Subjects)
	if err != nil {
		return err
	}
	for _, l := range cfg.Learners {
		modulator, err := l.Learner.ItsModulator()
		if err != nil {
			return err
		}
		if _, needs := modulator.(rules.Rewarded); needs {
			return fmt.Errorf("%w: the modulator of %s is %s, and streams of drawings give none: want a learner with another modulator", fault.ErrSetting, l.Name, l.Learner.Modulator)
		}
	}
	return nil
}

// each calls job for 0 … n−1, on as many workers as the plan has, each with an inner loop of its
// own for batch examples in a step and query in a portion. The last numbers, which are the longest
// streams, come first.
func (p Plan) each(ctx context.Context, batch, query, n int, job func(s *stream, i int) error) error {
	workers := min(max(p.Workers, 1), n)
	cfg, err := evaluate.Join(p.Subjects)
	if err != nil {
		return err
	}
	cfg.Batch, cfg.Query, cfg.Reward = batch, query, false
	cfg.Threads = max(p.Workers/workers, 1)
	g, ctx := errgroup.WithContext(ctx)
	var taken, done atomic.Int64
	for range workers {
		g.Go(graph.Guarded(func() (err error) {
			in, err := graph.NewInner(cfg)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			for i, subject := range p.Subjects {
				if err := in.SetParams(i, subject.Theta); err != nil {
					return err
				}
			}
			s := newStream(in, cfg)
			for {
				i := n - int(taken.Add(1))
				if i < 0 {
					return nil
				}
				s.ctx = ctx
				if err := job(s, i); err != nil {
					return err
				}
				if k := done.Add(1); p.Done != nil {
					p.Done(int(k), n)
				}
			}
		}))
	}
	return g.Wait()
}

// stream is one worker's inner loop with its buffers.
type stream struct {
	ctx     context.Context
	inner   *graph.Inner
	cfg     graph.Config
	outputs int
	x, y    []float64 // of one inner step
	qx, qy  []float64 // of one portion of queries
}

func newStream(in *graph.Inner, cfg graph.Config) *stream {
	size, outputs := 1, cfg.Network.Outputs()
	for _, d := range cfg.Network.Input {
		size *= d
	}
	return &stream{inner: in, cfg: cfg, outputs: outputs,
		x: make([]float64, cfg.Batch*size), y: make([]float64, cfg.Batch*outputs),
		qx: make([]float64, cfg.Query*size), qy: make([]float64, cfg.Query*outputs)}
}

// teach shows a whole plan to all learners, from their initial weights. after, if it is not nil, is
// called before the first step and after each with the number of steps done.
func (s *stream) teach(e *data.Plan, after func(steps int) error) error {
	s.inner.Start()
	for t := 0; ; t++ {
		if after != nil {
			if err := after(t); err != nil {
				return err
			}
		}
		if t == e.Steps() {
			return nil
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
		n := s.cfg.Batch
		if err := e.Fill(e.Support[t*n:(t+1)*n], s.x, s.y); err != nil {
			return err
		}
		if err := s.inner.Step(s.x, s.y); err != nil {
			return err
		}
	}
}

// answers are what one learner says to a set of examples.
type answers struct {
	right    int
	diverged bool // an output was NaN or infinite
}

// ask puts examples to all learners with their weights of now, portion by portion. The last portion
// is filled up with its first example, whose further answers do not count.
func (s *stream) ask(e *data.Plan, examples []data.Example) ([]answers, error) {
	all := make([]answers, len(s.cfg.Learners))
	m := s.cfg.Query
	portion := make([]data.Example, m)
	for from := 0; from < len(examples); from += m {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		n := copy(portion, examples[from:])
		for i := n; i < m; i++ {
			portion[i] = portion[0]
		}
		if err := e.Fill(portion, s.qx, s.qy); err != nil {
			return nil, err
		}
		if err := s.inner.Query(s.qx, s.qy); err != nil {
			return nil, err
		}
		for i := range all {
			outputs := s.inner.Predictions(i).Data[:n*s.outputs]
			for k := 0; k < len(outputs); k += s.outputs {
				if measure.Correct(outputs[k:k+s.outputs], s.qy[k:k+s.outputs]) {
					all[i].right++
				}
			}
			all[i].diverged = all[i].diverged || !finite(outputs)
		}
	}
	return all, nil
}

func finite(values []float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
