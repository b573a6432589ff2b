package study

import (
	"fmt"
	"slices"

	"metaplast/metaopt/analysis"
)

// AnalysedEpisodes bounds the held-out episodes of package analysis's measures: they take some
// fifty times as long as a loss.
const AnalysedEpisodes = 40

// The measures that studies use. How they are taken of a trained learner, and why in this way,
// is in the package comment.
var (
	Loss = Measure{Name: "loss", What: "query loss after the stream, the median over held-out episodes", Unit: "mean squared error", Scale: Ratio, Best: Smallest}

	Accuracy = Measure{Name: "accuracy", What: "share of the query classified rightly after the stream, the mean over meta-test episodes", Unit: "share", Best: Largest}

	Cosine      = analysed("cosine", Neither)
	Overlap     = analysed("overlap", Smallest)
	Harmful     = analysed("harmful", Smallest)
	PastHarmful = analysed("past_harmful", Smallest)
)

// MeasureOf is a measure of package analysis, the mean over held-out episodes; a registered one, too. It
// must say what it is.
func MeasureOf(name string, best Best) (Measure, error) {
	m, err := analysis.LookupMeasure(name)
	if err == nil && m.What == "" {
		err = fmt.Errorf("measure %s: it does not say what it is: want Measure.What", name)
	}
	return Measure{Name: m.Name, What: m.What, Unit: m.Unit, Best: best}, err
}

// analysed is MeasureOf of a measure that is there.
func analysed(name string, best Best) Measure {
	m, err := MeasureOf(name, best)
	if err != nil {
		panic("study: " + err.Error())
	}
	return m
}

// Analysed are the measures that studies take from package analysis: those that say what they are.
func Analysed() []analysis.Measure {
	return slices.DeleteFunc(analysis.Measures(), func(m analysis.Measure) bool { return m.What == "" })
}
