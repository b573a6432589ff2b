package report

import (
	"fmt"
	"strings"

	"metaplast/metaopt/analysis"
	"metaplast/metaopt/config"
	"metaplast/metaopt/evaluate"
)

// Run is what the report of a run is made from. Lists by learner are in the order of the
// configuration. What is nil is left out of the report.
type Run struct {
	Config      *config.Config
	Step        int    // meta-steps done
	Split       string // classes that were measured on; empty for regression
	Learners    []Learner
	Analyses    []analysis.Analysis  // by learner
	Predictions *Predictions         // of regression
	Confusion   []analysis.Confusion // by learner; of classification
	Examples    *Examples            // of classification
	Environment []Fact
	Commands    []string
}

// Learner is how a learner trained, and how well it learns.
type Learner struct {
	Name      string
	Curve     Curve
	Untrained evaluate.Evaluation // on the episodes of Trained
	Trained   evaluate.Evaluation
	Strength  map[int]float64 // β by layer of the network; nil where feedback is not mixed
	Own       []Own           // what its rules and its modulator learn themselves, in the order of θ
}

// Curve is what a run logged about a learner.
type Curve struct {
	Steps    []int     // of the training losses
	Loss     []float64 // beside Steps; NaN where an episode diverged
	Evals    []Eval
	Diverged int // training episodes
}

// Eval is a held-out evaluation during training.
type Eval struct {
	Step               int
	Mean, Low, High    float64 // loss
	Median             float64 // loss; a diverged episode counts as +Inf
	Diverged, Episodes int
	Accuracy           *[3]float64 // mean, low and high; nil for regression
}

// NewRun makes the document of a run.
func NewRun(r Run) (*Document, error) {
	if len(r.Learners) != len(r.Config.Learners) {
		return nil, fmt.Errorf("report: %d learners, the configuration has %d", len(r.Learners), len(r.Config.Learners))
	}
	text, err := r.Config.Encode()
	if err != nil {
		return nil, err
	}
	d := &Document{Kind: "run", Name: r.Config.Name, Config: string(text), Environment: r.Environment, Commands: r.Commands,
		Data: struct {
			Analyses  []analysis.Analysis  `json:"analysis,omitempty"`
			Confusion []analysis.Confusion `json:"confusion,omitempty"`
		}{r.Analyses, r.Confusion}}
	d.Lead = r.lead()
	if err := r.summarise(d); err != nil {
		return nil, err
	}
	d.add(r.learnersSection())
	d.add(r.curvesSection())
	d.add(r.predictionsSection())
	d.add(r.classesSection())
	d.add(r.retentionSection())
	d.add(r.interferenceSection())
	d.add(r.updatesSection())
	d.add(r.ownSection())
	d.add(r.parametersSection())
	return d, nil
}

// names are those of the learners.
func (r Run) names() []string {
	var names []string
	for _, l := range r.Learners {
		names = append(names, l.Name)
	}
	return names
}

// layer names a layer of the network for people.
func (r Run) layer(l int) string {
	layers := r.Config.Graph().Network.Layers
	switch {
	case l < 0 || l >= len(layers):
		return "whole network"
	case l == len(layers)-1:
		return fmt.Sprintf("output layer (W%d)", l)
	}
	return fmt.Sprintf("layer %d of %d (W%d)", l+1, len(layers), l)
}

// score is what learners are judged by, in words.
func (r Run) score() string {
	s := r.Config.Task.Scoring()
	if s.Accuracy {
		return "accuracy"
	}
	return "loss (" + s.Loss + ")"
}

// enumerate joins names as prose does.
func enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
