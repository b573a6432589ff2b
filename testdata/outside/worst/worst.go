// Package worst is a measure of one's own.
package worst

import (
	"slices"

	"metaplast/metaopt/analysis"
	"metaplast/metaopt/measure"
)

// Worst is the loss on the task that is known worst after an episode.
//
//	max_j R[T−1][j]
var Worst = analysis.Measure{
	Name: "worst",
	What: "loss of the task that is known worst after the stream, the mean over held-out episodes",
	Unit: "mean squared error",
	Said: analysis.Wording{Label: "loss of the worst task", Begin: "The task known worst ends with a loss of ", End: "."},
	Of:   func(a *analysis.Analysis) measure.Number { return measure.Number(slices.Max(a.Retention[a.Tasks-1])) },
}
