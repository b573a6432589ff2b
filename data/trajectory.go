package data

import "errors"

var _ Sampler = Trajectory{}

// The sizes of a trajectory as Javed & White have them: Omniglot's 20 drawings of a class, of
// which 15 are taught and 5 held out.
const (
	TrajectoryShots = 15
	TrajectoryQuery = 5
)

// Trajectory is the continual meta-test: one long stream in which many classes are taught for good,
// one drawing a step, and all are asked about at the end.
//
//	T = Classes·Shots inner steps,  N = 1,  M = Classes·Query
//
// It draws like a Classification of Classes ways and batch 1, from streams of its own
// ("heldout/omniglot/trajectory"); see there for Order, Outputs and Labels.
//
// Sample holds all images at once, as any Sampler. A trajectory of 600 classes is better shown
// from its Plan: Plan.Fill reads one step, Plan.Blocks says when to measure and on which examples
// for a matrix of accuracies.
//
// Source: Javed & White, NeurIPS 2019, section 5 (1 to 200 classes, 15 drawings each, one pass).
type Trajectory struct {
	Bank    *Bank  `yaml:"-" json:"-"`             // classes and drawings; required
	Classes int    `yaml:"classes" json:"classes"` // C, at least 1 and at most those of the split
	Shots   int    `yaml:"shots" json:"shots"`     // support drawings of each class; 0 means TrajectoryShots
	Query   int    `yaml:"query" json:"query"`     // held-out drawings of each class; 0 means TrajectoryQuery
	Order   string `yaml:"order" json:"order"`     // Continual (or empty) or IID
	Outputs int    `yaml:"outputs" json:"outputs"` // n_out, at least Classes; 0 means Classes, and is illegal with LabelsClass
	Labels  string `yaml:"labels" json:"labels"`   // LabelsEpisode (or empty) or LabelsClass
}

// classification is the sampler that a trajectory is one long episode of.
func (t Trajectory) classification() Classification {
	c := Classification{Bank: t.Bank, Ways: t.Classes, Shots: t.Shots, Batch: 1, Query: t.Query, Order: t.Order, Outputs: t.Outputs, Labels: t.Labels}
	if c.Shots == 0 {
		c.Shots = TrajectoryShots
	}
	if c.Query == 0 {
		c.Query = TrajectoryQuery
	}
	return c
}

// Validate returns all faults of the fields, joined, as *fault.Field. What a split's classes cannot
// give is up to ValidateSplit, for a trajectory is drawn from one split.
func (t Trajectory) Validate() error { return errors.Join(t.classification().fields("classes")...) }

// ValidateSplit returns the faults of the fields, or else what a split's classes cannot give,
// joined, as *fault.Field.
func (t Trajectory) ValidateSplit(split Split) error {
	if err := t.Validate(); err != nil {
		return err
	}
	if _, err := Purpose(split, ""); err != nil {
		return err
	}
	return errors.Join(t.classification().against(split, "classes")...)
}

// Spec describes the trajectory as an episode. It does not validate.
func (t Trajectory) Spec() Spec {
	s := t.classification().Spec()
	s.Name += "/trajectory"
	return s
}

// Plan draws trajectory number episode of evaluation step.
func (t Trajectory) Plan(seed uint64, split Split, step, episode uint64) (*Plan, error) {
	if err := t.ValidateSplit(split); err != nil {
		return nil, err
	}
	return t.classification().plan(seed, split, t.Bank.Name()+"/trajectory", step, episode)
}

// Sample draws a trajectory with all its images.
func (t Trajectory) Sample(seed uint64, split Split, step, episode uint64) (Episode, error) {
	p, err := t.Plan(seed, split, step, episode)
	if err != nil {
		return Episode{}, err
	}
	return p.Episode()
}
