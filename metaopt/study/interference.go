package study

import (
	"slices"

	"metaplast/metaopt/measure"
)

func interference() Study {
	const source = abstract + " (section 7 has the analysis): “they differ qualitatively from gradient descent in a way that reduces interference between updates”"
	arms := slices.DeleteFunc(sineArms(0.005, 0.0002, 0.001), func(a Arm) bool { return a.Name == "oml-first-order" })
	return Study{
		Name: "interference", Summary: "how updates differ from the gradient's, and how much updates on one task harm another",
		Arms: arms, Measures: []Measure{Harmful, PastHarmful, Overlap, Cosine, Loss},
		Claims: []Claim{
			{ID: "direction", Statement: "Updates by feedback and local plasticity differ qualitatively from gradient descent: their cosine with the negative gradient is smaller by more than a half than OML's, which is 1.",
				Source: source + "; the bound of a half is our reading of “qualitatively”", Measure: Cosine.Name, A: "flp", B: "oml", Direction: measure.Less, Threshold: -0.5},
			{ID: "harmful", Statement: "A smaller share of their updates raises the loss of another task than of OML's.",
				Source: source, Measure: Harmful.Name, A: "flp", B: "oml", Direction: measure.Less},
			{ID: "past", Statement: "A smaller share of their updates on a new task raises the loss of the tasks learned before.",
				Source: source, Measure: PastHarmful.Name, A: "flp", B: "oml", Direction: measure.Less},
			{ID: "overlap", Statement: "Their updates on different tasks have less in common than OML's.",
				Source: source + "; that the updates' overlap is what reduces it is our reading", Measure: Overlap.Name, A: "flp", B: "oml", Direction: measure.Less},
			{ID: "harmful-meta-sgd", Statement: "A smaller share of their updates raises the loss of another task than of a gradient learner's whose rates are learned for each synapse.",
				Source: source, Measure: Harmful.Name, A: "flp", B: "meta-sgd", Direction: measure.Less},
		},
		Tuning: continualTuning, Settings: sine("continual"),
	}
}
