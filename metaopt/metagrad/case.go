package metagrad

import (
	"errors"
	"fmt"
	"path/filepath"

	"metaplast/data/npz"
	"metaplast/data/regular"
	"metaplast/graph"
	"metaplast/rules"
)

// maxCase bounds case.json: a thousand layers have a tenth of it.
const maxCase = 1 << 20

// Case is an episode read from files.
type Case struct {
	Dir     string
	Dtype   string // of case.json; the inputs are always held in double precision
	Network graph.Network
	Learner graph.Learner

	Objective graph.Objective

	strength bool // case.json fixes the strength of feedback, and there are no arrays of it
	inputs   map[string]npz.Array
}

// Load reads a case. The error lists what is wrong with it: a field or an array that the case
// does not have, with the nearest that it has; a setting that does not exist or takes no part; an
// array that is missing, has another shape than the network says, or holds NaN or Inf.
func Load(dir string) (*Case, error) {
	path := filepath.Join(dir, "case.json")
	text, err := regular.Read(path, maxCase)
	if err != nil {
		return nil, fmt.Errorf("case: %w: want a folder with case.json and inputs.npz", err)
	}
	f, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	archive := filepath.Join(dir, "inputs.npz")
	inputs, err := npz.Read(archive)
	if err != nil {
		return nil, err
	}
	c := &Case{Dir: dir, Dtype: f.Dtype, inputs: inputs}
	if err := c.settings(f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := c.arrays(f); err != nil {
		return nil, fmt.Errorf("%s: %w", archive, err)
	}
	if err := c.config().Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// faults are what is wrong with the settings of a case.
type faults []error

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Errorf(format, args...)) }

// settings turns the words of case.json into those of package graph.
func (c *Case) settings(f file) error {
	var wrong faults
	if f.Dtype != "float64" && f.Dtype != "float32" {
		wrong.add("dtype: have %q, want float64 or float32", f.Dtype)
	}
	c.network(f, &wrong)
	if f.OuterLoss != nil {
		c.Objective = graph.Objective{Query: or(f.OuterLoss.Query, 1), Stream: f.OuterLoss.Stream}
		if c.Objective == (graph.Objective{}) {
			wrong.add("outer_loss: have 0 for both, want a weight above 0 of query or stream")
		}
	}
	if f.Learner.descends() {
		c.gradient(f.Learner, &wrong)
	} else {
		c.local(f.Learner, &wrong)
	}
	c.common(f.Learner, &wrong)
	c.own(f.Learner, &wrong)
	if err := c.Learner.Validate("learner"); err != nil {
		wrong = append(wrong, err)
	}
	if len(wrong) == 0 {
		if err := c.Network.Validate(); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

// network is the forward path; the shape of an input is that of the support stream.
func (c *Case) network(f file, wrong *faults) {
	c.Network.Loss = f.Loss
	for i, l := range f.Network {
		c.Network.Layers = append(c.Network.Layers, graph.Layer{Kind: l.Kind, Out: l.Out, Activation: l.Activation,
			Plastic: l.Plastic, Kernel: l.Kernel, Stride: l.Stride, Pad: l.Pad})
		if l.Kind == graph.DenseLayer && (l.Kernel != 0 || l.Stride != 0 || l.Pad != 0) {
			wrong.add("network[%d]: a dense layer has no kernel, stride or pad", i)
		}
	}
	if x, ok := c.inputs["x_support"]; !ok {
		wrong.add("inputs.npz has no x_support, which gives the shape of an input")
	} else if len(x.Shape) != 3 && len(x.Shape) != 5 {
		wrong.add("x_support: shape %v: want [T,N,n] or [T,N,C,H,W]", x.Shape)
	} else {
		c.Network.Input = x.Shape[2:]
	}
}

// gradient is gradient descent: hebb, driven by the negative gradient of the step's loss.
func (c *Case) gradient(l learnerFile, wrong *faults) {
	c.Learner = graph.Learner{
		Rule: rules.HebbName, Pathway: rules.BackpropName, Signal: rules.Gradient, FeedbackActivation: graph.Linear,
		Strength: 1, PlasticBias: true,
	}
	if l.Feedback != (feedbackFile{Pathway: rules.NoneName}) {
		wrong.add("learner.feedback: want the pathway none and nothing else for the gradient rule, which descends the gradient of the step's loss")
	}
	switch {
	case l.Order != nil && *l.Order != 1 && *l.Order != 2:
		wrong.add("learner.order: have %d, want 1 or 2", *l.Order)
	case l.Order == nil && l.FirstOrder == nil:
		wrong.add("learner.order: want 1 or 2 for the gradient rule")
	case l.Order != nil && l.FirstOrder != nil && (*l.Order == 1) != *l.FirstOrder:
		wrong.add("learner.first_order: have %v beside learner.order %d: want one of the two", *l.FirstOrder, *l.Order)
	case l.Order != nil:
		c.Learner.FirstOrder = *l.Order == 1
	}
}

// local is a local rule, driven by feedback.
func (c *Case) local(l learnerFile, wrong *faults) {
	fb := l.Feedback
	c.Learner = graph.Learner{
		Pathway: fb.Pathway, Signal: fb.Signal, FeedbackActivation: fb.Activation,
		DetachError: fb.DetachError, Gated: fb.Gated, Clamped: fb.Output == "clamped",
	}
	if fb.Activation == "" && (fb.Pathway == rules.BackpropName || fb.Pathway == rules.NoneName) {
		c.Learner.FeedbackActivation = graph.Linear // the backprop pathway always is, and none has no need of one
	}
	if fb.Strength != nil {
		c.Learner.Strength, c.strength = *fb.Strength, true
		if fb.Pathway == rules.NoneName {
			wrong.add("learner.feedback.strength: takes no part with the pathway none, where p = h")
		}
		if l.Learned.Strength != nil && *l.Learned.Strength {
			wrong.add("learner.learned.strength: have true, but learner.feedback.strength fixes it: want one of the two")
		}
	}
	if fb.Gated && fb.Pathway == rules.NoneName {
		wrong.add("learner.feedback.gated: takes no part with the pathway none, which sends nothing")
	}
	if fb.Output != "pathway" && fb.Output != "clamped" {
		wrong.add("learner.feedback.output: have %q, want pathway or clamped", fb.Output)
	}
	if l.Order != nil {
		wrong.add("learner.order: of the gradient rule only: want learner.first_order for a local rule")
	}
	c.Learner.Rule = rules.HebbName
	if l.Rule == nil {
		wrong.add("learner.rule: missing")
	} else if r, ok := choose(l.Rule, "learner.rule", rules.LookupRule, wrong); ok {
		c.Learner.UseRule(r)
	}
}

// common is what means the same for every rule.
func (c *Case) common(l learnerFile, wrong *faults) {
	c.Learner.Plasticity, c.Learner.HiddenScale = l.Plasticity.Granularity, or(l.Plasticity.HiddenScale, 1)
	c.Learner.Examples = or(l.Examples, graph.SumExamples)
	c.Learner.PlasticBias = or(l.PlasticBias, c.Learner.PlasticBias)
	c.Learner.FirstOrder = or(l.FirstOrder, c.Learner.FirstOrder)
	c.Learner.OutputOnly, c.Learner.HiddenOnly, c.Learner.RandomPlastic = l.OutputOnly, l.HiddenOnly, l.RandomPlastic
	c.Learner.Learned = graph.Learned{
		Weights: or(l.Learned.Weights, true), Feedback: or(l.Learned.Feedback, true), Plasticity: or(l.Learned.Plasticity, true),
		Strength: or(l.Learned.Strength, true) && !l.descends() && l.Feedback.Strength == nil,
	}
	switch none := l.Plasticity.Granularity == graph.PerNone; {
	case none && l.InnerLR == nil:
		wrong.add("learner.inner_lr: missing, want the rate that granularity none has for all synapses")
	case none:
		c.Learner.InnerLR = *l.InnerLR
	case l.InnerLR != nil && !l.descends():
		wrong.add("learner.inner_lr: takes no part with granularity %s, whose rates are the arrays alpha", l.Plasticity.Granularity)
	}
}

// or is a setting, or what it is where it is not given.
func or[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}
