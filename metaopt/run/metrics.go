package run

import (
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
	"metaplast/metaopt/record"
)

// Series is what metrics.jsonl holds about a learner.
type Series struct {
	Steps    []int     // of the train records
	Loss     []float64 // beside Steps; may be NaN
	Evals    []HeldOut
	Diverged int   // training episodes
	Gaps     []int // meta-steps up to which records are noted as missing; they belong to no learner
}

// HeldOut is an evaluation.
type HeldOut struct {
	Step     int            `json:"meta_step"`
	Mean     measure.Number `json:"loss_mean"` // over the episodes that did not diverge
	Low      measure.Number `json:"loss_low95"`
	High     measure.Number `json:"loss_high95"`
	Median   measure.Number `json:"loss_median"` // over all episodes
	Episodes int            `json:"episodes"`
	Diverged int            `json:"diverged"`

	// Of classification only.
	Accuracy     *measure.Number `json:"accuracy_mean,omitempty"`
	AccuracyLow  *measure.Number `json:"accuracy_low95,omitempty"`
	AccuracyHigh *measure.Number `json:"accuracy_high95,omitempty"`
}

// withAccuracy adds what metrics hold about accuracy, if anything.
func (h HeldOut) withAccuracy(m map[string]measure.Number) HeldOut {
	if mean, ok := m["heldout_accuracy_mean"]; ok {
		low, high := m["heldout_accuracy_low95"], m["heldout_accuracy_high95"]
		h.Accuracy, h.AccuracyLow, h.AccuracyHigh = &mean, &low, &high
	}
	return h
}

// possible cuts intervals off at what a mean can be, which those of runs of earlier versions go
// beyond; see measure.StudentT.
func (h HeldOut) possible() HeldOut {
	h.Low = max(h.Low, 0)
	if h.Accuracy != nil {
		low, high := max(*h.AccuracyLow, 0), min(*h.AccuracyHigh, 1)
		h.AccuracyLow, h.AccuracyHigh = &low, &high
	}
	return h
}

// HeldOutOf is an evaluation after so many meta-steps.
func HeldOutOf(step int, e evaluate.Evaluation) HeldOut {
	h := HeldOut{Step: step, Mean: measure.Number(e.Mean), Low: measure.Number(e.Low), High: measure.Number(e.High), Median: measure.Number(e.Median),
		Episodes: len(e.Losses), Diverged: e.Diverged}
	if e.Accuracies != nil {
		mean, low, high := measure.Number(e.Accuracy), measure.Number(e.AccuracyLow), measure.Number(e.AccuracyHigh)
		h.Accuracy, h.AccuracyLow, h.AccuracyHigh = &mean, &low, &high
	}
	return h
}

// ReadMetrics reads metrics.jsonl, by learner.
func ReadMetrics(path string) (map[string]*Series, error) {
	all := map[string]*Series{}
	return all, record.ReadJSONL(path, func(rec record.Record) error {
		s := all[rec.Learner]
		if s == nil {
			s = &Series{}
			all[rec.Learner] = s
		}
		m := map[string]measure.Number{}
		for _, v := range rec.Metrics {
			m[v.Name] = measure.Number(v.Value)
		}
		switch rec.Kind {
		case record.KindTrain:
			s.Steps, s.Loss = append(s.Steps, rec.Step), append(s.Loss, float64(m["loss_mean"]))
			s.Diverged = int(m["diverged_total"])
		case record.KindDiverged:
			s.Diverged++ // there may be none of KindTrain yet that tells the sum
		case record.KindEval:
			h := HeldOut{Step: rec.Step, Mean: m["heldout_loss_mean"], Low: m["heldout_loss_low95"],
				High: m["heldout_loss_high95"], Median: m["heldout_loss_median"], Episodes: int(m["episodes"]), Diverged: int(m["diverged"])}
			s.Evals = append(s.Evals, h.withAccuracy(m).possible())
		case record.KindGap:
			s.Gaps = append(s.Gaps, rec.Step)
		}
		return nil
	})
}
