package analysis

import (
	"math"

	"metaplast/data/objective"
	"metaplast/metaopt/measure"
)

// ask puts the query set to the learner as it is now: row k of the tables of results, −1 for the
// one before the stream. It is also what Activities are read from after the last.
func (l *lens) ask(a *Analysis, k int, s *scene) error {
	if err := l.follow.Query(s.qx, s.qy); err != nil {
		return err
	}
	out := l.follow.Predictions(0).Data
	each, n := examples(s.spec, out, s.qy), s.spec.Outputs
	loss, right, of := make([]float64, s.tasks), make([]float64, s.tasks), make([]float64, s.tasks)
	for q, j := range s.query {
		if j >= s.tasks { // to remember, not taught
			continue
		}
		loss[j] += each[q]
		of[j]++
		if measure.Correct(out[q*n:(q+1)*n], s.qy[q*n:(q+1)*n]) {
			right[j]++
		}
	}
	for j := range loss {
		loss[j] /= of[j]
		right[j] /= of[j]
		if math.IsNaN(loss[j]) || math.IsInf(loss[j], 0) {
			return &measure.NonFiniteError{What: "query loss of task", Index: []int{j}, Value: loss[j]}
		}
	}
	if k < 0 {
		a.Before = loss
	} else {
		a.Retention[k] = loss
	}
	if s.spec.Loss != objective.CrossEntropy {
		return nil
	}
	if k < 0 {
		a.AccuracyBefore = right
	} else {
		a.Accuracy[k] = right
	}
	return nil
}

// transfer reads the R-matrix.
func (a *Analysis) transfer() error {
	r, before, score := a.Retention, a.Before, measure.Loss
	if a.Accuracy != nil {
		r, before, score = a.Accuracy, a.AccuracyBefore, measure.Accuracy
	}
	final, err := measure.AverageFinal(r)
	if err != nil {
		return err
	}
	nan := math.NaN()
	backward, forward, forgetting := nan, nan, nan
	if a.Ordered && a.Tasks > 1 {
		if backward, err = measure.BackwardTransfer(r, score); err != nil {
			return err
		}
		if forward, err = measure.ForwardTransfer(r, before, score); err != nil {
			return err
		}
		if forgetting, err = measure.Forgetting(r, score); err != nil {
			return err
		}
	}
	a.AverageFinal, a.BackwardTransfer = measure.Number(final), measure.Number(backward)
	a.ForwardTransfer, a.Forgetting = measure.Number(forward), measure.Number(forgetting)
	return nil
}

// byAge is what is left of tasks by age, over episodes.
func byAge(records []*Analysis) []Age {
	if !records[0].Ordered {
		return nil
	}
	var list []Age
	for age := range records[0].Tasks {
		var values []float64
		of := measure.NonNegative
		for _, a := range records {
			r := a.Retention
			if a.Accuracy != nil {
				r, of = a.Accuracy, measure.Share
			}
			sum := 0.0
			for j := 0; j+age < len(r); j++ {
				sum += r[j+age][j]
			}
			values = append(values, sum/float64(len(r)-age))
		}
		iv := measure.StudentT(values, of)
		list = append(list, Age{age, measure.Number(iv.Estimate), measure.Number(iv.Low), measure.Number(iv.High)})
	}
	return list
}

// activities measures those of the last query, of every layer but the output.
func (l *lens) activities(a *Analysis) error {
	layers := l.follow.Activities(0)
	for k, h := range layers[:len(layers)-1] {
		m := measure.Matrix{Rows: h.Shape[0], Cols: len(h.Data) / h.Shape[0], Data: h.Data}
		v, err := measure.Activity(m)
		if err != nil {
			return err
		}
		a.Activity = append(a.Activity, Activity{Layer: k, Units: m.Cols, Zeros: measure.Number(v.Zeros),
			Hoyer: measure.Number(v.Hoyer), Dead: measure.Number(len(v.Dead))})
	}
	return nil
}
