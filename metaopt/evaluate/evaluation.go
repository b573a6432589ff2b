package evaluate

import (
	"math"
	"slices"

	"metaplast/metaopt/measure"
)

// Evaluation is how well one learner learns held-out episodes.
type Evaluation struct {
	Learner  string
	Losses   []float64 // query loss of every episode; NaN or Inf where it diverged
	Diverged int       // episodes with a loss that is not finite
	Mean     float64   // over the finite losses; NaN if there is none
	Low      float64   // 95 % confidence interval of the mean, measure.StudentT
	High     float64
	Median   float64 // over all episodes, a diverged one counting as +Inf

	// Of classification only, over all episodes: the share of query examples whose largest
	// output is that of their class, a diverged episode counting by what its outputs say.
	Accuracies   []float64
	Accuracy     float64 // mean; NaN without classification
	AccuracyLow  float64 // 95 % confidence interval of the mean, measure.StudentT
	AccuracyHigh float64
}

// SummarizeLosses computes the statistics of the losses of one learner. Mean and interval are those
// of measure.StudentT over the n episodes that did not diverge, with ends of at least 0, which no
// loss is below. The interval is NaN for n < 2.
func SummarizeLosses(learner string, losses []float64) Evaluation {
	return summarize(learner, losses, measure.NonNegative)
}

// Summarize is SummarizeLosses for values that may be negative, such as logarithms of losses.
func Summarize(learner string, values []float64) Evaluation {
	return summarize(learner, values, measure.Unbounded)
}

func summarize(learner string, values []float64, of measure.Range) Evaluation {
	e := Evaluation{Learner: learner, Losses: values, Median: math.NaN()}
	var finite, all []float64
	for _, l := range values {
		if math.IsNaN(l) || math.IsInf(l, 0) {
			e.Diverged++
			all = append(all, math.Inf(1))
			continue
		}
		finite, all = append(finite, l), append(all, l)
	}
	if len(all) > 0 {
		slices.Sort(all)
		e.Median = all[len(all)/2]
		if len(all)%2 == 0 {
			e.Median = (all[len(all)/2-1] + all[len(all)/2]) / 2
		}
	}
	iv := measure.StudentT(finite, of)
	e.Mean, e.Low, e.High = iv.Estimate, iv.Low, iv.High
	return e
}

// accuracy is the share of rows in which outputs and targets are largest at the same place.
// Outputs that are NaN are wrong.
func accuracy(outputs, targets []float64, classes int) float64 {
	right, rows := 0, len(targets)/classes
	for i := range rows {
		if measure.Correct(outputs[i*classes:][:classes], targets[i*classes:][:classes]) {
			right++
		}
	}
	return float64(right) / float64(rows)
}
