package cli

import (
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/record"
)

// series is what metrics.jsonl holds about a learner.
type series struct {
	steps    []int     // of the train records
	loss     []float64 // beside steps; may be NaN
	evals    []heldOut
	diverged int   // training episodes
	gaps     []int // meta-steps up to which records are noted as missing; they belong to no learner
}

// heldOut is an evaluation.
type heldOut struct {
	Step     int    `json:"meta_step"`
	Mean     number `json:"loss_mean"` // over the episodes that did not diverge
	Low      number `json:"loss_low95"`
	High     number `json:"loss_high95"`
	Median   number `json:"loss_median"` // over all episodes
	Episodes int    `json:"episodes"`
	Diverged int    `json:"diverged"`

	// Of classification only.
	Accuracy     *number `json:"accuracy_mean,omitempty"`
	AccuracyLow  *number `json:"accuracy_low95,omitempty"`
	AccuracyHigh *number `json:"accuracy_high95,omitempty"`
}

// withAccuracy adds what metrics hold about accuracy, if anything.
func (h heldOut) withAccuracy(m map[string]number) heldOut {
	if mean, ok := m["heldout_accuracy_mean"]; ok {
		low, high := m["heldout_accuracy_low95"], m["heldout_accuracy_high95"]
		h.Accuracy, h.AccuracyLow, h.AccuracyHigh = &mean, &low, &high
	}
	return h
}

// possible cuts intervals off at what a mean can be, which those of runs of earlier versions go
// beyond; see measure.StudentT.
func (h heldOut) possible() heldOut {
	h.Low = max(h.Low, 0)
	if h.Accuracy != nil {
		low, high := max(*h.AccuracyLow, 0), min(*h.AccuracyHigh, 1)
		h.AccuracyLow, h.AccuracyHigh = &low, &high
	}
	return h
}

func heldOutOf(step int, e evaluate.Evaluation) heldOut {
	h := heldOut{Step: step, Mean: number(e.Mean), Low: number(e.Low), High: number(e.High), Median: number(e.Median),
		Episodes: len(e.Losses), Diverged: e.Diverged}
	if e.Accuracies != nil {
		mean, low, high := number(e.Accuracy), number(e.AccuracyLow), number(e.AccuracyHigh)
		h.Accuracy, h.AccuracyLow, h.AccuracyHigh = &mean, &low, &high
	}
	return h
}

// readMetrics reads metrics.jsonl, by learner.
func readMetrics(path string) (map[string]*series, error) {
	all := map[string]*series{}
	return all, record.ReadJSONL(path, func(rec record.Record) error {
		s := all[rec.Learner]
		if s == nil {
			s = &series{}
			all[rec.Learner] = s
		}
		m := map[string]number{}
		for _, v := range rec.Metrics {
			m[v.Name] = number(v.Value)
		}
		switch rec.Kind {
		case record.KindTrain:
			s.steps, s.loss = append(s.steps, rec.Step), append(s.loss, float64(m["loss_mean"]))
			s.diverged = int(m["diverged_total"])
		case record.KindDiverged:
			s.diverged++ // there may be none of KindTrain yet that tells the sum
		case record.KindEval:
			h := heldOut{Step: rec.Step, Mean: m["heldout_loss_mean"], Low: m["heldout_loss_low95"],
				High: m["heldout_loss_high95"], Median: m["heldout_loss_median"], Episodes: int(m["episodes"]), Diverged: int(m["diverged"])}
			s.evals = append(s.evals, h.withAccuracy(m).possible())
		case record.KindGap:
			s.gaps = append(s.gaps, rec.Step)
		}
		return nil
	})
}
