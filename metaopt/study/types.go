package study

import (
	"metaplast/metaopt/measure"
	"metaplast/metaopt/recovery"
)

// Result is what a study has come to: verdict.json. It is a function of the plan and of the
// library that multiplies matrices and the kernels, byte for byte.
type Result struct {
	Study    string        `json:"study"`
	Summary  string        `json:"summary"`
	Size     string        `json:"size"` // quick or full
	Task     string        `json:"task"` // sine, glyphs, omniglot
	Changes  []string      `json:"changes"`
	Seeds    []uint64      `json:"seeds"`
	BLAS     string        `json:"blas"`            // of the measurements
	Tiles    string        `json:"tiles,omitempty"` // their kernels, as op.Tiles names them
	Episodes int           `json:"episodes"`
	Split    string        `json:"split"` // what was measured on: heldout
	Steps    int           `json:"meta_steps"`
	Batch    int           `json:"meta_batch"`
	Tuning   string        `json:"tuning"`
	Measures []MeasureInfo `json:"measures"` // the first is that of ArmResult.Mean and PerSeed
	Claims   []ClaimResult `json:"claims"`
	Arms     []ArmResult   `json:"arms"`
	Runs     []RunResult   `json:"runs"`     // in the order of Seeds
	Commands []string      `json:"commands"` // that reproduce it
}

// MeasureInfo describes a measure.
type MeasureInfo struct {
	Name  string `json:"name"`
	What  string `json:"what"`
	Unit  string `json:"unit"`
	Scale string `json:"scale"` // ratio or difference: what the effect of a claim is
}

// ClaimResult is a claim with what was measured and the verdict.
type ClaimResult struct {
	ID        string         `json:"id"`
	Claim     string         `json:"claim"`  // the statement
	Source    string         `json:"source"` // where the paper makes it
	Measure   string         `json:"measure"`
	Unit      string         `json:"unit"` // of the effect: ratio, or the measure's unit
	Arms      []string       `json:"arms"` // a, b; a alone where it is compared with no other
	PerSeed   []SeedPair     `json:"per_seed"`
	Effect    measure.Number `json:"effect"` // over the seeds in which no arm collapsed; NaN for none
	Low       measure.Number `json:"low95"`  // NaN where there is no interval
	High      measure.Number `json:"high95"`
	Finite    int            `json:"finite_seeds"`        // the seeds of effect and interval
	Collapsed []Collapse     `json:"collapsed,omitempty"` // the others
	Rank      *Rank          `json:"signed_ranks"`        // of all seeds; null where there are no ranks
	Direction string         `json:"direction"`           // greater or less: the claimed side
	Threshold measure.Number `json:"threshold"`
	Share     float64        `json:"share,omitempty"` // of the seeds that must lie on the claimed side, where that decides
	Verdict   string         `json:"verdict"`         // confirmed, refuted or undecided
	Decided   string         `json:"decided_by"`      // interval, signed ranks where an arm collapsed in a seed, or number of seeds
	Note      string         `json:"note,omitempty"`  // which seeds collapsed, or why there is no interval
}

// Collapse is a seed in which an arm of a claim has no finite value.
type Collapse struct {
	Seed uint64   `json:"seed"`
	Arms []string `json:"arms"`
}

// Rank is the signed-rank test of the effects of all seeds beyond the threshold, a collapsed arm
// counting as the worst; see measure.SignedRank.
type Rank struct {
	N    int            `json:"n"`    // seeds that count: not those in which both arms collapsed
	Plus measure.Number `json:"plus"` // the sum of the ranks of the effects above the threshold
	P    measure.Number `json:"p"`    // two-sided, exact
}

// SeedPair is a seed's part of a claim.
type SeedPair struct {
	Seed   uint64                    `json:"seed"`
	Values map[string]measure.Number `json:"values"` // by arm
	Effect measure.Number            `json:"effect"` // ratio or difference of this seed
}

// ArmResult is an arm's measurements. Mean and interval are over the seeds whose number is finite,
// for a measure on the scale Ratio of the logarithm (a geometric mean); NaN for no seed, the
// interval also for one. The others are counted in Collapsed.
type ArmResult struct {
	Name      string         `json:"name"`
	What      string         `json:"what"`
	Order     int            `json:"meta_gradient_order"`
	Mean      measure.Number `json:"mean"`
	Low       measure.Number `json:"low95"`
	High      measure.Number `json:"high95"`
	Collapsed int            `json:"collapsed"` // seeds without a finite number
	PerSeed   []SeedValue    `json:"per_seed"`
	Diverged  int            `json:"diverged"`       // held-out episodes, of all seeds together
	Training  int            `json:"diverged_train"` // training episodes, of all seeds together
	Measures  []ArmMeasure   `json:"measures"`       // all of them, the first once more

	Coefficients []CoefficientResult `json:"coefficients,omitempty"` // of its rule, where a planted one is to be found
}

// SeedValue is one number of one seed.
type SeedValue struct {
	Seed     uint64         `json:"seed"`
	Value    measure.Number `json:"value"`
	Diverged int            `json:"diverged"`       // held-out episodes
	Training int            `json:"diverged_train"` // training episodes
}

// CoefficientResult is a coefficient of a rule that was to be found. Lists are in the order of the seeds.
type CoefficientResult struct {
	Name  string          `json:"name"`
	True  measure.Numbers `json:"true"`
	Found measure.Numbers `json:"found"`
	Error measure.Number  `json:"error"` // mean over seeds of found − true, with its interval
	Low   measure.Number  `json:"low95"`
	High  measure.Number  `json:"high95"`
}

// ArmMeasure is one measure of an arm.
type ArmMeasure struct {
	Name      string          `json:"name"`
	Mean      measure.Number  `json:"mean"`
	Low       measure.Number  `json:"low95"`
	High      measure.Number  `json:"high95"`
	Collapsed int             `json:"collapsed"`
	Values    measure.Numbers `json:"values"` // in the order of Result.Seeds
}

// RunResult is where a seed's learners are.
type RunResult struct {
	Seed        uint64 `json:"seed"`
	Run         string `json:"run"` // folder, in that of the study
	Fingerprint string `json:"fingerprint"`
}

// Measured is what was measured of the learners of one run: the values of the study's measures
// by arm and measure. It is kept beside the run, so that a study that goes on does not measure
// again.
type Measured struct {
	Fingerprint string        `json:"fingerprint"` // of the run
	BLAS        string        `json:"blas"`
	Tiles       string        `json:"tiles,omitempty"` // the kernels, as op.Tiles names them; empty in a file of before they were recorded
	Episodes    int           `json:"episodes"`
	Split       string        `json:"split"`
	Arms        []ArmMeasured `json:"arms"`
}

// ArmMeasured is what was measured of one learner.
type ArmMeasured struct {
	Name     string                    `json:"name"`
	Values   map[string]measure.Number `json:"values"`   // by measure
	Diverged int                       `json:"diverged"` // held-out episodes
	Training int                       `json:"diverged_train"`

	Coefficients []recovery.Coefficient `json:"coefficients,omitempty"` // of its rule, where a planted one is to be found
}
