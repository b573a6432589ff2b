package measure

import "math"

// SquaredError is the loss of one example of regression.
//
//	1/n_L Σ_k (ŷ_k − y_k)²
//
//	ŷ, y  [n_L]  outputs and targets, n_L ≥ 1
//
// Its mean over examples is the mean squared error of graph.Unroll. It is NaN or infinite for
// outputs that are. Panics for slices of different lengths.
func SquaredError(outputs, targets []float64) float64 {
	sum := 0.0
	for k, y := range targets {
		d := outputs[k] - y
		sum += float64(d * d)
	}
	return sum / float64(len(targets))
}

// CrossEntropy is the loss of one example of classification.
//
//	−Σ_k y_k log softmax(ŷ)_k = Σ_k y_k (log Σ_j exp ŷ_j − ŷ_k)
//
//	ŷ  [n_L]  logits
//	y  [n_L]  target: one-hot, or any distribution
//
// The largest logit is taken out of the exponentials, so that none overflows. It is NaN where a
// logit is NaN or infinite. Panics for slices of different lengths.
func CrossEntropy(logits, targets []float64) float64 {
	largest, sum := math.Inf(-1), 0.0
	for _, z := range logits {
		largest = max(largest, z)
	}
	for _, z := range logits {
		sum += math.Exp(z - largest)
	}
	log, loss := math.Log(sum), 0.0
	for k, y := range targets {
		loss += float64(y * (log - (logits[k] - largest)))
	}
	return loss
}

// Correct tells whether outputs and targets are largest at the same place, the first of several.
// Outputs that are NaN are wrong.
func Correct(outputs, targets []float64) bool {
	best, class := -1, 0
	for j, v := range outputs {
		if v == v && (best < 0 || v > outputs[best]) {
			best = j
		}
		if targets[j] > targets[class] {
			class = j
		}
	}
	return best == class
}
