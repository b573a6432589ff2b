package evaluate

import (
	"fmt"
	"reflect"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/graph"
)

// Subject is a learner with its meta-parameters, to be measured.
//
//	Name    names it in errors and results; different for each subject
//	Graph   its network and learner, of which there is one, dtype and machine; the sizes of
//	        episodes are not read: they are the sampler's
//	Layout  [of Theta] which part of it is which array
//	Theta   its meta-parameters
//	Origin  where they come from; not read by what measures
//
// Who measures only reads a subject, and several may share what they point to.
type Subject struct {
	Name   string
	Graph  graph.Config
	Layout graph.Layout
	Theta  []float64
	Origin Origin
}

// Origin is where the meta-parameters of a subject come from. The zero value says nothing of it.
type Origin struct {
	Run     string // the folder of the run that trained them
	Learner string // its name there
	Step    int    // meta-steps that they were trained for
}

// New returns a subject for each learner of a configuration, in their order, with meta-parameters
// of its own each: those drawn from a seed, as a run begins with them. Errors are those of
// graph.New.
func New(cfg graph.Config, seed uint64) ([]Subject, error) {
	m, err := graph.New(cfg)
	if err != nil {
		return nil, err
	}
	var list []Subject
	for i, l := range cfg.Learners {
		layout := m.Layout(i)
		list = append(list, Of(cfg, i, layout, layout.Init(seed)))
		list[i].Origin.Learner = l.Name
	}
	return list, nil
}

// Of is learner i of a configuration with meta-parameters theta, which it shares.
func Of(cfg graph.Config, i int, layout graph.Layout, theta []float64) Subject {
	cfg.Learners = cfg.Learners[i : i+1 : i+1]
	return Subject{Name: cfg.Learners[0].Name, Graph: cfg, Layout: layout, Theta: theta}
}

// Learner is the subject's learner.
func (s Subject) Learner() graph.Learner { return s.Graph.Learners[0].Learner }

// Check returns what is wrong with a subject for episodes of spec.
func (s Subject) Check(spec data.Spec) error {
	if n := len(s.Graph.Learners); n != 1 {
		return fmt.Errorf("%d learners: want one", n)
	}
	n := s.Graph.Network
	if err := n.Validate(); err != nil {
		return err
	}
	if fmt.Sprint(n.Input) != fmt.Sprint(spec.Inputs) || n.Outputs() != spec.Outputs || n.Loss != spec.Loss {
		return fmt.Errorf("the network has inputs %v, %d outputs and loss %s: the task %s has %v, %d and %s",
			n.Input, n.Outputs(), n.Loss, spec.Name, spec.Inputs, spec.Outputs, spec.Loss)
	}
	layout, err := graph.NewLayout(n, s.Learner())
	if err != nil {
		return err
	}
	if len(s.Theta) != layout.Total() {
		return &fault.Length{What: "meta-parameters", Got: len(s.Theta), Want: layout.Total()}
	}
	return nil
}

// Join is the configuration of one graph with the learners of all subjects, in their order. They
// must have the network, dtype and machine of the first; names in it are the subjects'.
func Join(subjects []Subject) (graph.Config, error) {
	if len(subjects) == 0 {
		return graph.Config{}, fmt.Errorf("%w: no subjects, want at least one learner", fault.ErrSetting)
	}
	joined := subjects[0].Graph
	joined.Learners = nil
	for _, s := range subjects {
		if n := len(s.Graph.Learners); n != 1 {
			return joined, fmt.Errorf("%w: subject %s has %d learners, want one", fault.ErrSetting, s.Name, n)
		}
		if !s.sharesGraph(subjects[0]) {
			return joined, fmt.Errorf("%w: subjects %s and %s have different networks, dtypes or machines, want one graph for all", fault.ErrSetting, subjects[0].Name, s.Name)
		}
		joined.Learners = append(joined.Learners, graph.NamedLearner{Name: s.Name, Learner: s.Learner()})
	}
	return joined, nil
}

// sharesGraph reports whether two subjects can be learners of one graph.
func (s Subject) sharesGraph(t Subject) bool {
	a, b := s.Graph, t.Graph
	return reflect.DeepEqual(a.Network, b.Network) && a.Dtype == b.Dtype && machineOf(a) == machineOf(b)
}

// machineOf tells machines apart, which are functions.
func machineOf(cfg graph.Config) uintptr { return reflect.ValueOf(cfg.Machine).Pointer() }
