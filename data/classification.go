package data

import (
	"math"

	"metaplast/data/objective"
	"metaplast/data/stream"
)

var _ Sampler = Classification{}

// How classes are given output units.
const (
	// LabelsEpisode gives every episode Ways different units of its own, drawn from all outputs,
	// so that a class has no fixed unit and must be learned within the episode.
	LabelsEpisode = "episode"
	// LabelsClass gives class i of a split unit i, in every episode.
	LabelsClass = "class"
)

// Classification is few-shot classification with the classes of a bank. An episode draws classes
// from its split and different drawings of each for support and query:
//
//	SupportX  [T,N,C,H,W]    T·N = Ways·Shots,  N = Batch
//	SupportY  [T,N,Outputs]  one-hot rows
//	QueryX    [M,C,H,W]      M = Ways·Query + Remember
//	QueryY    [M,Outputs]    one-hot rows
//
// The order of the support stream is
//
//	continual  all Shots drawings of class 0, then all of class 1, …; a step mixes classes only
//	           where Batch does not divide Shots
//	iid        the same drawings, shuffled over the whole stream
//
// SupportTask and QueryTask hold the index of the class within the episode, from 0 to Ways−1, in
// the order of presentation. The query set has class 0's drawings first, then class 1's, …, in
// either order, then those to remember.
//
// Output units, by Labels:
//
//	episode  class k of the episode has unit u_k; u is Ways different numbers below Outputs,
//	         drawn anew for every episode. With Outputs = Ways this is a random permutation.
//	class    class i of a split has unit i (see Bank.Class), in every episode; Outputs must be at
//	         least the number of the split's classes. Splits number their classes alike: unit i
//	         means class i of meta-training in a training episode and class i of meta-test in a
//	         held-out one, where the unit's weights are to be learned anew.
//
// Remember adds query drawings of classes that the episode does not teach: Remember different
// drawings, drawn from all drawings of the split's other classes with equal probability. A learner
// is judged by them on what it knew before the episode, which makes sense only if a unit means one
// class for good: Remember > 0 asks for Labels = class. Their QueryTask is Ways, whatever their
// class.
//
// What an episode draws, from the one stream of its key, in this sequence: the classes; the
// drawings of each class, support before query; the units, for Labels = episode; the drawings to
// remember; for iid, the shuffle. So the classes depend only on the key and the bank, those of
// fewer ways are the first of more, and nothing but the order of the stream depends on Order.
//
// Call Validate before use; Sample refuses what Validate refuses. Cost: one table look-up for each
// value of the inputs; nothing is decoded if the bank is in memory.
//
// Source: Vinyals et al., NeurIPS 2016, for ways and shots; Javed & White, NeurIPS 2019, and
// Beaulieu et al. (ANML), ECAI 2020, for fixed units and remembered classes. Their code samples the
// remember set from all classes, so that it may hold drawings that the episode has just taught;
// here it never does.
type Classification struct {
	Bank     *Bank  `yaml:"-" json:"-"`               // classes and drawings; required
	Ways     int    `yaml:"ways" json:"ways"`         // classes in an episode, at least 1
	Shots    int    `yaml:"shots" json:"shots"`       // support drawings of each class, at least 1
	Batch    int    `yaml:"batch" json:"batch"`       // N, drawings per inner step, at least 1; divides Ways·Shots
	Query    int    `yaml:"query" json:"query"`       // query drawings of each class, at least 1
	Order    string `yaml:"order" json:"order"`       // Continual (or empty) or IID
	Outputs  int    `yaml:"outputs" json:"outputs"`   // n_out, at least Ways; 0 means Ways, and is illegal with LabelsClass
	Remember int    `yaml:"remember" json:"remember"` // query drawings of other classes; 0 means none
	Labels   string `yaml:"labels" json:"labels"`     // LabelsEpisode (or empty) or LabelsClass
}

// outputs is n_out.
func (c Classification) outputs() int {
	if c.Outputs == 0 {
		return c.Ways
	}
	return c.Outputs
}

// Spec describes the episodes. It does not validate.
func (c Classification) Spec() Spec {
	s := Spec{
		Outputs: c.outputs(),
		Batch:   c.Batch,
		Query:   c.Ways*c.Query + c.Remember,
		Loss:    objective.CrossEntropy,
	}
	if c.Batch > 0 {
		s.Steps = c.Ways * c.Shots / c.Batch
	}
	if c.Bank != nil {
		s.Name, s.Inputs = c.Bank.Name(), c.Bank.Shape()
	}
	return s
}

// Plan draws what an episode will show, without its images: for reports, pictures and tests. It is
// what Sample renders for the same arguments.
func (c Classification) Plan(seed uint64, split Split, step, episode uint64) (*Plan, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := c.ValidateSplit(split); err != nil {
		return nil, err
	}
	return c.plan(seed, split, c.Bank.Name(), step, episode)
}

// plan draws without checks, under a task name.
func (c Classification) plan(seed uint64, split Split, task string, step, episode uint64) (*Plan, error) {
	purpose, err := Purpose(split, task)
	if err != nil {
		return nil, err
	}
	return drawPlan(stream.New(seed, purpose, step, episode), c, split), nil
}

// Sample draws an episode. See Sampler for the arguments and Classification for what is drawn.
func (c Classification) Sample(seed uint64, split Split, step, episode uint64) (Episode, error) {
	p, err := c.Plan(seed, split, step, episode)
	if err != nil {
		return Episode{}, err
	}
	return p.Episode()
}

// maxEpisode bounds the numbers in one array of an episode: 2²⁷, which is 1 GiB as float64.
const maxEpisode = 1 << 27

// multiply returns a product of numbers of at least 0, or math.MaxInt where it would overflow.
func multiply(ns ...int) int {
	p := 1
	for _, n := range ns {
		if n > 0 && p > math.MaxInt/n {
			return math.MaxInt
		}
		p *= n
	}
	return p
}
