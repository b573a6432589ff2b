package report

import (
	"metaplast/metaopt/run"
)

// curveOf is what a report needs of a learner's metrics; nothing if there are none.
func curveOf(s *run.Series) Curve {
	if s == nil {
		return Curve{}
	}
	c := Curve{Steps: s.Steps, Loss: s.Loss, Diverged: s.Diverged}
	for _, h := range s.Evals {
		e := Eval{Step: h.Step, Mean: float64(h.Mean), Low: float64(h.Low), High: float64(h.High), Median: float64(h.Median), Diverged: h.Diverged, Episodes: h.Episodes}
		if h.Accuracy != nil {
			e.Accuracy = &[3]float64{float64(*h.Accuracy), float64(*h.AccuracyLow), float64(*h.AccuracyHigh)}
		}
		c.Evals = append(c.Evals, e)
	}
	return c
}
