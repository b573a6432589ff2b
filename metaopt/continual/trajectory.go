package continual

import (
	"context"
	"fmt"
	"slices"

	"metaplast/data"
	"metaplast/metaopt/measure"
)

// portion is the number of queries that are put at once.
const portion = 100

// Stream is a kind of trajectory, of which runs are drawn.
type Stream struct {
	data.Trajectory            // Outputs is taken from the network
	Split           data.Split // whose classes are taught

	set uint64 // which streams are drawn: 0 those that are reported, tuning those that Tune looks at
}

// Result is how one learner does on one kind of stream.
type Result struct {
	Learner  string
	Trained  []float64 // by run: share of right answers on the drawings that it was taught
	HeldOut  []float64 // by run: on drawings of the same classes that it was not
	Right    int       // right answers of all runs on the held-out drawings, C·Query a run
	Diverged int       // runs after which an output was not finite; their answers count by what the outputs say, NaN being wrong
}

// TrainedInterval is the mean of Trained with its 95 % interval, which is NaN for a single run.
func (r Result) TrainedInterval() measure.Interval { return measure.StudentT(r.Trained, measure.Share) }

// HeldOutInterval is that of HeldOut.
func (r Result) HeldOutInterval() measure.Interval { return measure.StudentT(r.HeldOut, measure.Share) }

// Trajectories teaches runs of every stream and returns the learners' accuracies, [stream][learner].
//
//	accuracy = (right answers) / (C·drawings),  an answer being the largest of all n_L outputs
//
// after C·Shots inner steps of one drawing, on all C·Shots drawings taught and on C·Query others. A
// run is the trajectory of that number, so that streams which differ in Order alone have the same
// classes, drawings and units, in another order: iid is the oracle beside continual.
//
// It fails with *fault.Field where there are more classes than outputs or than the split has,
// before anything is taught. Cost: C·(2·Shots + Query) forward passes of the whole network a run;
// memory is that of one inner step and of 100 queries.
//
// Source: Javed & White, NeurIPS 2019, section 5; Beaulieu et al. (ANML), ECAI 2020.
func (p Plan) Trajectories(ctx context.Context, streams []Stream, runs int) ([][]Result, error) {
	if err := p.check(runs); err != nil {
		return nil, err
	}
	streams = slices.Clone(streams)
	results := make([][]Result, len(streams))
	for k := range streams {
		streams[k].Outputs = p.Subjects[0].Graph.Network.Outputs()
		if err := streams[k].ValidateSplit(streams[k].Split); err != nil {
			return nil, err
		}
		for _, l := range p.Subjects {
			results[k] = append(results[k], Result{Learner: l.Name, Trained: make([]float64, runs), HeldOut: make([]float64, runs)})
		}
	}
	diverged := make([][]bool, len(streams)*runs) // by job and learner
	right := make([][]int, len(streams)*runs)
	err := p.each(ctx, 1, portion, len(streams)*runs, func(s *stream, job int) error {
		k, run := job/runs, job%runs
		trained, heldOut, err := s.trajectory(p.Seed, streams[k], run)
		if err != nil {
			return fmt.Errorf("run %d of %d classes, %s: %w", run, streams[k].Classes, streams[k].Order, err)
		}
		for i := range results[k] {
			r := &results[k][i]
			r.Trained[run], r.HeldOut[run] = trained.share(i), heldOut.share(i)
			diverged[job] = append(diverged[job], trained.answers[i].diverged || heldOut.answers[i].diverged)
			right[job] = append(right[job], heldOut.answers[i].right)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for job, by := range diverged {
		for i, d := range by {
			r := &results[job/runs][i]
			r.Right += right[job][i]
			if d {
				r.Diverged++
			}
		}
	}
	return results, nil
}

// asked are the answers of all learners to a number of examples.
type asked struct {
	answers  []answers
	examples int
}

func (a asked) share(i int) float64 { return float64(a.answers[i].right) / float64(a.examples) }

// trajectory teaches one run of a stream, and asks.
func (s *stream) trajectory(seed uint64, t Stream, run int) (trained, heldOut asked, err error) {
	e, err := t.Plan(seed, t.Split, t.set, uint64(run))
	if err != nil {
		return trained, heldOut, err
	}
	if err = s.teach(e, nil); err != nil {
		return trained, heldOut, err
	}
	trained.examples, heldOut.examples = len(e.Support), len(e.Query)
	if trained.answers, err = s.ask(e, e.Support); err != nil {
		return trained, heldOut, err
	}
	heldOut.answers, err = s.ask(e, e.Query)
	return trained, heldOut, err
}
