package study

import "metaplast/metaopt/measure"

const continualTuning = tuned +
	"Inner rate of oml: 0.001 0.0778, 0.002 0.0692, 0.003 0.0616, 0.005 0.0603, 0.01 0.0941. " +
	"Of oml-first-order: 0.00003 2.73, 0.0001 2.26, 0.0002 1.47, 0.0003 1.89, 0.0005 2.23, 0.001 2.79; with 0.002 and 0.003 it diverges. " +
	"Initial rate of meta-sgd, with seeds 1001, 1002 and 1003: 0.001 0.0190 0.0168 0.0172, 0.003 0.0193 0.0218 0.0181, 0.005 0.0190 0.0236 0.0207; " +
	"0.0003, with 0.0141 the best of seed 1001, was dropped because all episodes came to diverge with seed 3 in a first run of the study. " +
	"Scale of flp's initial feedback: 0.3 0.0645, 1 0.0610; with an initial plasticity of 0.003 or 0.01 it diverges. " +
	"Outer rate of plasticity, with seeds 1001 and 1002, that whose worse seed was better: flp 1e-4 0.111 0.107, 3e-4 0.0602 0.0695, with 1e-3 lost; " +
	"meta-sgd 1e-4 0.0292 with 1001, 3e-4 0.0186 0.0165, with 1e-3 half of its first episodes diverge."

const iidTuning = tuned +
	"Inner rate of oml: 0.001 0.0459, 0.002 0.0336, 0.003 0.0331, 0.005 0.0292, 0.01 0.0308. " +
	"Of oml-first-order: 0.00003 2.72, 0.0001 2.09, 0.0002 1.72, 0.0003 1.45, 0.0005 1.85, 0.001 1.82, 0.002 2.76; with 0.003 it diverges. " +
	"Initial rate of meta-sgd: 0.003 0.0164, 0.005 0.0159; with 0.0003 and 0.001 it diverges. " +
	"Scale of flp's initial feedback: 0.3 0.0306, 1 0.0229. " +
	"Outer rate of plasticity, with seeds 1001 and 1002, that whose worse seed was better: flp 1e-4 0.0359 0.0286, 3e-4 0.0256 0.0209, 1e-3 0.0230 0.0309; " +
	"meta-sgd 1e-4 0.0116 0.0172, 3e-4 0.0131 0.0161, with 1e-3 lost."

func sineArms(oml, first, sgd float64) []Arm {
	return append([]Arm{{Name: "flp", Settings: "{" + flp + "}", What: "learned direct feedback of the error, Oja's rule"}}, gradients(oml, first, sgd)...)
}

func sineContinual() Study {
	claim := func(b, name string) Claim {
		return lessLoss("beats-"+b, "flp", b, "On regression with functions one after the other, feedback and local plasticity exceeds "+name+".", matches)
	}
	return Study{
		Name: "sine-continual", Summary: "feedback and local plasticity against gradient learners on functions learned one after the other",
		Arms: sineArms(0.005, 0.0002, 0.001), Measures: []Measure{Loss},
		Claims: againstGradients(claim),
		Tuning: continualTuning, Settings: sine("continual"),
	}
}

// matchMargin is how much larger a loss may be that “matches” another: a tenth.
const matchMargin = 1.1

func sineIID() Study {
	const source = matches + "; that a loss larger by less than a tenth matches is our reading"
	claim := func(b, name string) Claim {
		return Claim{ID: "matches-" + b, Statement: "On regression with the functions' examples in random order, feedback and local plasticity matches or exceeds " + name + ".",
			Source: source, Measure: Loss.Name, A: "flp", B: b, Direction: measure.Less, Threshold: matchMargin}
	}
	return Study{
		Name: "sine-iid", Summary: "feedback and local plasticity against gradient learners on functions learned all at once",
		Arms: sineArms(0.005, 0.0003, 0.005), Measures: []Measure{Loss},
		Claims: againstGradients(claim),
		Tuning: iidTuning, Settings: sine("iid"),
	}
}
