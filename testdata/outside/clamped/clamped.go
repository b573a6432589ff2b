// Package clamped is a study of one's own.
package clamped

import (
	"metaplast/metaopt/measure"
	"metaplast/metaopt/study"
)

// Clamped asks whether it matters that the output layer takes the error itself.
var Clamped = study.Study{
	Name: "clamped", Summary: "feedback that the output layer mixes in, or takes as it is",
	Arms: []study.Arm{
		{Name: "clamped", Settings: "{preset: flp, clamped: true}", What: "the output layer takes the error"},
		{Name: "mixed", Settings: "{preset: flp}", What: "it mixes its activity and the error"},
	},
	Measures: []study.Measure{study.Loss, study.Harmful},
	Claims: []study.Claim{
		{ID: "loss", Statement: "A clamped output ends with a smaller loss.", Source: "a question of our own",
			Measure: study.Loss.Name, A: "clamped", B: "mixed", Direction: measure.Less, Threshold: 1},
		{ID: "harmful", Statement: "Its updates harm other tasks less often.", Source: "a question of our own",
			Measure: study.Harmful.Name, A: "clamped", B: "mixed", Direction: measure.Less},
	},
	Tuning:   "Both arms have the preset's settings.",
	Settings: []study.Setting{{Size: study.Quick, Task: "sine", Preset: "sine-quick", Seeds: 5}},
}
