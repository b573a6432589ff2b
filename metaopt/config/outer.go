package config

import (
	"metaplast/data/catalog"
	"metaplast/data/settings/tree"
	"metaplast/metaopt"
	"metaplast/metaopt/optim"
)

// The kinds of Schedule.
const (
	multiStep = "multistep"
	cosine    = "cosine"
)

// Schedule changes the learning rates in the course of a run; see optim.MultiStep, optim.Cosine and
// optim.WarmUp.
type Schedule struct {
	Milestones []int   `yaml:"milestones,flow" range:"increasing, each at least 1"` // meta-steps at which the learning rates change; empty means constant rates
	Gamma      float64 `yaml:"gamma" range:"above 0"`                               // what the learning rates are multiplied by at each milestone

	Kind   string  `yaml:"kind,omitempty" default:"multistep"`                         // how the learning rates fall: at milestones, or along a cosine
	Steps  int     `yaml:"steps,omitempty" range:"at least 1 of a cosine" default:"0"` // of a cosine: meta-steps until the rates are final
	Final  float64 `yaml:"final,omitempty" range:"0 to 1"`                             // of a cosine: what is left of the learning rates at its end
	WarmUp int     `yaml:"warm_up,omitempty" range:"0 to 1099511627776"`               // meta-steps in which the learning rates rise in a straight line, on top of what else changes them; 0 means none
}

// schedule is what the outer loop is told.
func (s Schedule) schedule() optim.Schedule {
	var then optim.Schedule = optim.MultiStep{Milestones: s.Milestones, Gamma: s.Gamma}
	if s.Kind == cosine {
		then = optim.Cosine{Steps: s.Steps, Final: s.Final}
	}
	if s.WarmUp == 0 {
		return then
	}
	return optim.WarmUp{Steps: s.WarmUp, Then: then}
}

// misfits are the settings that have no meaning for the kind of schedule, and what to do.
func (s Schedule) misfits() (faults []string) {
	if s.Kind == cosine && len(s.Milestones) > 0 {
		faults = append(faults, "milestones: a cosine has none: leave them out, or set kind: multistep")
	}
	if s.Kind != cosine && s.Steps != 0 {
		faults = append(faults, "steps: of a cosine only: set kind: cosine, or leave it out")
	}
	if s.Kind != cosine && s.Final != 0 {
		faults = append(faults, "final: of a cosine only: set kind: cosine, or leave it out")
	}
	return faults
}

// OuterLoss says what the outer loss is a sum of; see graph.Objective. The zero value is the mean loss on the
// query set alone.
type OuterLoss struct {
	Query  float64 `yaml:"query" range:"from 0" default:"1"`  // weight in the outer loss of the mean loss on the query set
	Stream float64 `yaml:"stream" range:"from 0" default:"0"` // weight in the outer loss of the mean loss of the answers given during the stream, each before its update
}

// queryAlone is the zero OuterLoss spelled out.
var queryAlone = OuterLoss{Query: 1}

// defaultRuleRate is the outer learning rate of what rules learn themselves where none is given.
const defaultRuleRate = 1e-3

func (r LearningRate) rule() float64 {
	if r.Rule == nil {
		return defaultRuleRate
	}
	return *r.Rule
}

// Optimizer is what takes the outer loop's steps. The zero value is optim.DefaultAdam.
type Optimizer struct{ optim.Method }

// MarshalYAML gives the name, with settings where they are not the defaults.
func (o Optimizer) MarshalYAML() (any, error) {
	return encodeChoice(o.Method, optim.Lookup)
}

// Estimator is what computes meta-gradients. The zero value is metaopt.Exact.
type Estimator struct{ metaopt.Estimation }

// MarshalYAML gives the name, with settings where they are not the defaults.
func (e Estimator) MarshalYAML() (any, error) {
	return encodeChoice(e.Estimation, metaopt.LookupEstimation)
}

func encodeChoice[T catalog.Entry](entry T, lookup func(string) (T, error)) (any, error) {
	name := entry.Info().Name
	registered, _ := lookup(name) // of one that is not registered all settings are told
	return tree.Encode(name, entry, registered), nil
}

// normalise gives what means the same one text: what is left out, and its default.
func (m *Meta) normalise() {
	if m.LogEvery == 1 {
		m.LogEvery = 0
	}
	if m.LearningRate.rule() == defaultRuleRate {
		m.LearningRate.Rule = nil
	}
	if m.OuterLoss == queryAlone {
		m.OuterLoss = OuterLoss{}
	}
	if m.Schedule.Kind == multiStep {
		m.Schedule.Kind = ""
	}
	if m.Optimizer.Method == optim.Method(optim.DefaultAdam) {
		m.Optimizer = Optimizer{}
	}
	if m.Estimator.Estimation == metaopt.Estimation(metaopt.Exact{}) {
		m.Estimator = Estimator{}
	}
}

// outer decodes what takes a name, or a name with settings, in the outer loop's part.
func (d *decoder) outer(n *tree.Node, path string, target any) bool {
	switch target := target.(type) {
	case *Optimizer:
		current := optim.DefaultAdam.Info().Name
		if target.Method != nil {
			current = target.Info().Name
		}
		if m, ok := tree.Choice(&d.Decoder, n, path, current, optim.Lookup); ok {
			target.Method = m
		}
	case *OuterLoss:
		before := len(d.Faults)
		*target = queryAlone
		d.Structure(n, path, target)
		if *target == (OuterLoss{}) && len(d.Faults) == before {
			d.Fault(n.At, "%s: both weights are 0: want one of query and stream above 0", path)
		}
	case *Estimator:
		current := metaopt.Exact{}.Info().Name
		if target.Estimation != nil {
			current = target.Info().Name
		}
		if e, ok := tree.Choice(&d.Decoder, n, path, current, metaopt.LookupEstimation); ok {
			target.Estimation = e
		}
	default:
		return false
	}
	return true
}
