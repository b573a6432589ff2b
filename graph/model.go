package graph

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"metaplast/data/fault"
	"metaplast/graph/engine"
	"metaplast/rules"
)

// Model is a configuration that has been checked, with the layouts of its learners: what there
// is before there is a graph. It is only read, also by what it builds, so that several goroutines
// may build from one.
type Model struct {
	cfg      Config
	learners []*learnerModel
}

// New checks a configuration and returns all its faults together. Cost: linear in the number of
// layers of all learners.
func New(cfg Config) (*Model, error) {
	m := &Model{cfg: cfg}
	var f fault.Fields
	f.Check(cfg.Steps > 0, "steps", cfg.Steps, "at least 1 inner step")
	f.Check(cfg.Batch > 0, "batch", cfg.Batch, "at least 1 example per inner step")
	f.Check(cfg.Query > 0, "query", cfg.Query, "at least 1 query example")
	f.Check(cfg.Truncate >= 0, "truncate", cfg.Truncate, "the number of last inner steps that the gradient goes through, or 0 for all")
	f = append(f, cfg.Objective.faults(cfg.Truncate)...)
	f.Check(cfg.Dtype == tensor.Float32 || cfg.Dtype == tensor.Float64, "dtype", cfg.Dtype, "float32 or float64")
	f.Check(len(cfg.Learners) > 0, "learners", fault.Words("none"), "at least one")
	if err := cfg.Network.Validate(); err != nil {
		f = append(f, err)
		return nil, f.Join()
	}
	seen := map[string]bool{}
	for _, l := range cfg.Learners {
		f.Check(l.Name != "" && !seen[l.Name], "learners", fault.Words(fmt.Sprintf("two learners named %q", l.Name)), "a name for each learner")
		seen[l.Name] = true
		learner, err := newLearnerModel(cfg.Network, l.Name, l.Learner)
		if err != nil {
			f = append(f, err)
		} else if _, needs := learner.mod.(rules.Rewarded); needs {
			f.Check(cfg.Reward, "learners."+l.Name+".modulator", l.Learner.Modulator, "one that needs no reward, since the task gives none")
		}
		m.learners = append(m.learners, learner)
	}
	if err := f.Join(); err != nil {
		return nil, err
	}
	return m, nil
}

// Validate returns all faults of the configuration, or nil.
func (cfg Config) Validate() error {
	_, err := New(cfg)
	return err
}

// On is the same model for a planned machine with other options. Carries are not used.
func (m *Model) On(o engine.Options) *Model {
	on := *m
	on.cfg.Threads, on.cfg.Remat = o.Threads, o.Remat
	return &on
}

// Layout is the order of learner i's meta-parameters in θ.
func (m *Model) Layout(i int) Layout { return m.learners[i].layout }

// machine is the one that is asked for, or the planned one with the given options.
func (cfg Config) machine(o engine.Options) engine.Machine {
	if cfg.Machine != nil {
		return cfg.Machine
	}
	return engine.Planned(o)
}

// learnerModel is one learner on a network.
type learnerModel struct {
	name     string
	network  Network
	learner  Learner
	geometry geometry
	rules    []rules.Rule // by layer; nil where it is not plastic
	pathway  rules.Pathway
	mod      rules.Modulator // nil if no rule asks for one
	plastic  []bool          // by layer, for this learner
	lowest   int             // lowest plastic layer
	layout   Layout
}

func newLearnerModel(n Network, name string, l Learner) (*learnerModel, error) {
	g, err := n.shapes()
	if err != nil {
		return nil, err
	}
	if err := l.Validate("learners." + name); err != nil {
		return nil, err
	}
	m := &learnerModel{name: name, network: n, learner: l, geometry: g, plastic: n.Plastic(l)}
	m.pathway, _ = l.ItsPathway()
	m.lowest = slices.Index(m.plastic, true)
	if m.lowest < 0 {
		return nil, &fault.Field{Path: "learners." + name, Value: fault.Words("no plastic layer"), Want: "at least one: make layers of the network plastic (network.frozen, network.hidden, hidden_only)"}
	}
	if err := m.choose("learners." + name); err != nil {
		return nil, err
	}
	m.layOut()
	return m, nil
}

// deaf reports whether a pathway that sends nothing leaves plastic layer l without feedback: all but a
// clamped output.
func (m *learnerModel) deaf(l int) bool {
	return !rules.SendsFeedback(m.pathway) && !(m.learner.Clamped && l == m.last())
}

// last is the number of the output layer.
func (m *learnerModel) last() int { return len(m.network.Layers) - 1 }

// dims is the stack of layers from the lowest plastic one up.
func (m *learnerModel) dims() []rules.Dims {
	var d []rules.Dims
	for l := m.lowest; l < len(m.network.Layers); l++ {
		layer, w := m.network.Layers[l], m.geometry.weights[l]
		at := rules.Dims{In: w[1], Out: w[0], Plastic: m.plastic[l]}
		if layer.Kind == ConvLayer {
			at.Kernel, at.Stride, at.Pad = layer.Kernel, layer.Stride, layer.Pad
		}
		d = append(d, at)
	}
	return d
}
