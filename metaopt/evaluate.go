package metaopt

import (
	"context"

	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/record"
)

// Evaluate measures every learner with its parameters of now on the same held-out episodes:
// number 0 … episodes−1 of the run's seed, the same at every evaluation of a run, so that
// before and after, and the learners among themselves, are paired. See evaluate.Evaluate, to
// measure without a trainer.
func (t *Trainer) Evaluate(ctx context.Context, episodes int) ([]evaluate.Evaluation, error) {
	return t.evaluator.Evaluate(ctx, evaluate.Plan{Sampler: t.plan.Sampler, Split: t.plan.EvalSplit, Seed: t.plan.Seed,
		Episodes: episodes, Workers: t.plan.Workers}, t.subjects)
}

// evalRecord is an evaluation in the logs.
func evalRecord(e evaluate.Evaluation, step int) record.Record {
	r := record.Record{Step: step, Kind: record.KindEval, Learner: e.Learner, Metrics: []record.Metric{
		{Name: "heldout_loss_mean", Value: e.Mean}, {Name: "heldout_loss_low95", Value: e.Low}, {Name: "heldout_loss_high95", Value: e.High},
		{Name: "heldout_loss_median", Value: e.Median}, {Name: "episodes", Value: float64(len(e.Losses))}, {Name: "diverged", Value: float64(e.Diverged)},
	}}
	if e.Accuracies != nil {
		r.Metrics = append(r.Metrics, record.Metric{Name: "heldout_accuracy_mean", Value: e.Accuracy},
			record.Metric{Name: "heldout_accuracy_low95", Value: e.AccuracyLow}, record.Metric{Name: "heldout_accuracy_high95", Value: e.AccuracyHigh})
	}
	return r
}
