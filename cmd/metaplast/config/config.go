// Package config reads, checks and writes the configuration of a run.
//
//	Parse     YAML, with the changes of --set, to a Config in which every field is explicit
//	Config    the whole of what a run's results depend on
//	Encode    back to YAML; Parse of it gives the same Config
//	Presets   the configurations that come with the program
//
// Parse is strict: a key that does not exist, a key given twice, and a value of another type
// are errors with the line and the nearest known key. Everything that is wrong is reported,
// and nothing is built or written before all of it is right.
package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/metaopt"
)

// Config is all that the results of a run depend on. Workers and folders are no part of it.
// The zero value is not valid; what may be left out of a file is what Default sets.
type Config struct {
	Name     string   `yaml:"name"`  // of the run: letters, digits, "-" and "_"
	Seed     uint64   `yaml:"seed"`  // of every random stream
	Dtype    string   `yaml:"dtype"` // float32 or float64, of the graph
	Task     Task     `yaml:"task"`
	Network  Network  `yaml:"network"`
	Learners Learners `yaml:"learners"` // in the order of the file
	Meta     Meta     `yaml:"meta"`
	Eval     Eval     `yaml:"eval"`
	Machine  string   `yaml:"machine"` // planned (formerly called sequential) or tape
}

// Network is the shape that all learners share.
type Network struct {
	Conv   []Conv `yaml:"conv,omitempty"` // convolutions, bottom first, for images
	Hidden []int  `yaml:"hidden,flow"`    // widths of the hidden layers above them, bottom first; may be empty
	Frozen int    `yaml:"frozen"`         // how many layers from the bottom, convolutions included, the inner loop leaves alone
}

// Conv is a convolution with square kernels, followed by a rectifier.
type Conv struct {
	Channels int `yaml:"channels"`
	Kernel   int `yaml:"kernel"`
	Stride   int `yaml:"stride"`
	Pad      int `yaml:"pad"`
}

// Meta is the outer loop; see metaopt.Settings for the fields.
type Meta struct {
	Steps           int          `yaml:"steps"`
	Batch           int          `yaml:"batch"`
	LearningRate    LearningRate `yaml:"learning_rate"`
	Clip            float64      `yaml:"clip"` // 0 means none
	Schedule        Schedule     `yaml:"schedule"`
	MaxDiverged     int          `yaml:"max_diverged"` // 0 means any number
	CheckpointEvery int          `yaml:"checkpoint_every"`
}

// LearningRate gives the outer learning rate of each group of meta-parameters.
type LearningRate struct {
	Weights    float64 `yaml:"weights"`
	Feedback   float64 `yaml:"feedback"`
	Plasticity float64 `yaml:"plasticity"`
	Strength   float64 `yaml:"strength"`
}

// Schedule lowers the learning rates; see metaopt.MultiStep.
type Schedule struct {
	Milestones []int   `yaml:"milestones,flow"` // meta-steps, increasing; empty means constant rates
	Gamma      float64 `yaml:"gamma"`           // factor at each, positive
}

// Eval is how often and on how much the learners are measured.
type Eval struct {
	Every    int `yaml:"every"`    // meta-steps; 0 means before and after only
	Episodes int `yaml:"episodes"` // held-out episodes, at least 2
}

// Default returns what holds where a file says nothing. What it leaves zero and required
// lists, a file must give.
func Default() Config {
	return Config{
		Seed: 1, Dtype: "float32", Machine: "planned",
		Task: Task{Kind: "sine", Order: data.Continual},
		Meta: Meta{
			Batch: 1, LearningRate: LearningRate{Weights: 1e-3, Feedback: 1e-3, Plasticity: 1e-4, Strength: 1e-3},
			Clip: 1, Schedule: Schedule{Milestones: []int{}, Gamma: 0.1}, MaxDiverged: 25, CheckpointEvery: 100,
		},
		Eval: Eval{Episodes: 100},
	}
}

// required are the keys without a default.
var required = []string{"name", "task.batch", "task.query", "network.hidden", "learners", "meta.steps"}

// Graph returns what graph.Unroll builds for the run.
func (c *Config) Graph() graph.Config {
	spec := c.Task.Spec()
	n := graph.Network{Input: spec.Inputs, Loss: spec.Loss}
	for _, l := range c.Network.Conv {
		n.Layers = append(n.Layers, graph.Layer{Kind: graph.ConvLayer, Out: l.Channels, Activation: graph.Relu, Kernel: l.Kernel, Stride: l.Stride, Pad: l.Pad})
	}
	dense := graph.MLP(1, c.Network.Hidden, spec.Outputs, 0, spec.Loss).Layers
	n.Layers = append(n.Layers, dense...)
	for l := range n.Layers {
		n.Layers[l].Plastic = l >= c.Network.Frozen
	}
	g := graph.Config{
		Network: n,
		Steps:   spec.Steps, Batch: spec.Batch, Query: spec.Query,
		Dtype: dtypes[c.Dtype], Machine: machines[c.Machine],
	}
	for _, l := range c.Learners {
		g.Learners = append(g.Learners, graph.NamedLearner{Name: l.Name, Learner: l.Learner})
	}
	return g
}

// Settings returns what the outer loop is told.
func (c *Config) Settings() metaopt.Settings {
	m := c.Meta
	own := map[string]map[string]float64{}
	for _, l := range c.Learners {
		if r := l.LearningRate.rates(); len(r) > 0 {
			own[l.Name] = r
		}
	}
	return metaopt.Settings{
		Steps: m.Steps, Batch: m.Batch, Clip: m.Clip, MaxDiverged: m.MaxDiverged, CheckpointEvery: m.CheckpointEvery,
		Rates: map[string]float64{
			graph.Weights: m.LearningRate.Weights, graph.Feedback: m.LearningRate.Feedback,
			graph.Plasticity: m.LearningRate.Plasticity, graph.Strength: m.LearningRate.Strength,
		},
		OwnRates:  own,
		Schedule:  metaopt.MultiStep{Milestones: m.Schedule.Milestones, Gamma: m.Schedule.Gamma},
		EvalEvery: c.Eval.Every, EvalEpisodes: c.Eval.Episodes,
	}
}

var (
	dtypes   = map[string]tensor.Dtype{"float32": tensor.Float32, "float64": tensor.Float64}
	machines = map[string]graph.Machine{"planned": nil, "sequential": nil, "tape": graph.Tape}
)

// Fingerprint is the SHA-256 of the encoded configuration.
func (c *Config) Fingerprint() (string, error) {
	text, err := c.Encode()
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
