// Package config reads, checks and writes the configuration of a run.
//
//	Parse     YAML, with the changes of --set, to a Config in which every field is explicit
//	Config    the whole of what a run's results depend on
//	Encode    back to YAML; Parse of it gives the same Config
//	Presets   the configurations that come with the program
//
// A file can begin with what another one says, or a preset: "extends: sine-quick" at its top; see
// source.
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
	"metaplast/graph/engine"
	"metaplast/metaopt"
)

// Config is all that the results of a run depend on. Workers and folders are no part of it.
// The zero value is not valid; what may be left out of a file is what Default sets.
//
// The comments of its fields, and of those below it, and their tags range and default are what
// Settings tells, and docs/settings.md.
type Config struct {
	Name     string   `yaml:"name" range:"1 to 64 letters, digits, \"-\" and \"_\""` // of the run, and of its folder below runs
	Seed     uint64   `yaml:"seed" range:"0 to 18446744073709551615"`                // of every random stream: one seed decides all random numbers
	Dtype    string   `yaml:"dtype"`                                                 // precision of what the graph computes
	Task     Task     `yaml:"task"`                                                  // what is to be learned
	Network  Network  `yaml:"network"`                                               // the shape that all learners share
	Learners Learners `yaml:"learners"`                                              // by name, in the order of the file
	Meta     Meta     `yaml:"meta"`                                                  // the outer loop
	Eval     Eval     `yaml:"eval"`                                                  // how often and on how much the learners are measured
	Machine  string   `yaml:"machine"`                                               // what runs the graph: the planned machine (also called sequential), or Gorgonia's tape, slow, for comparison

	Start string `yaml:"start,omitempty" range:"64 hexadecimal digits" default:"none"` // SHA-256 of the file of parameters that the run begins from, set by --from; left out, they are drawn from the seed
}

// Network is the shape that all learners share.
type Network struct {
	Conv   []Conv `yaml:"conv,omitempty" range:"fewer than 1024" default:"none"`            // convolutions, bottom first, for images; each has the settings below
	Hidden []int  `yaml:"hidden,flow" range:"fewer than 1024, each 1 to 1048576"`           // widths of the hidden layers above the convolutions, bottom first; may be empty
	Frozen int    `yaml:"frozen" range:"0 to the number of hidden layers and convolutions"` // how many layers from the bottom, convolutions included, the inner loop leaves alone

	// Activation is φ of the layers below the output: one for all, or a list with one for each, convolutions first.
	Activation Activation `yaml:"activation,flow,omitempty" range:"relu, linear, tanh, sigmoid, leaky_relu or leaky_relu(slope), softplus or softplus(sharpness)" default:"relu"`
}

// Conv is a convolution with square kernels.
type Conv struct {
	Channels int `yaml:"channels" range:"1 to 1048576" default:"required"` // outputs of a convolution
	Kernel   int `yaml:"kernel" range:"1 to 1048576" default:"required"`   // its height and width, in pixels
	Stride   int `yaml:"stride" range:"1 to 1048576" default:"1"`          // pixels from one place of the kernel to the next
	Pad      int `yaml:"pad" range:"0 to 1048576" default:"0"`             // zeros put around the image on each side

	Activation string `yaml:"activation,omitempty" range:"as network.activation" default:"that of network.activation"` // φ of this convolution, in place of network.activation
}

// Meta is the outer loop; see metaopt.Settings for the fields.
type Meta struct {
	Steps           int          `yaml:"steps" range:"1 to 1099511627776"`            // meta-steps of the run
	Batch           int          `yaml:"batch" range:"at least 1"`                    // episodes of a meta-step, over which the meta-gradient is a mean
	LearningRate    LearningRate `yaml:"learning_rate"`                               // of the optimiser, for each group of meta-parameters
	Clip            float64      `yaml:"clip" range:"from 0"`                         // bound on the norm of each learner's meta-gradient; 0 means none
	Schedule        Schedule     `yaml:"schedule"`                                    // of the learning rates
	MaxDiverged     int          `yaml:"max_diverged" range:"0 to 1099511627776"`     // episodes in a row that may diverge before the run stops; 0 means any number
	CheckpointEvery int          `yaml:"checkpoint_every" range:"1 to 1099511627776"` // meta-steps between checkpoints

	// What came later is left out where it has no effect, so that the canonical text, and with it the
	// fingerprint, of configurations that do not use it stays what it was.

	KeepEvery int       `yaml:"keep_every,omitempty" range:"0 to 1099511627776"` // meta-steps between checkpoints that are kept for good; 0 means none
	Optimizer Optimizer `yaml:"optimizer,omitempty" default:"adam"`              // what takes the steps: a name, or a mapping with a name and settings
	Estimator Estimator `yaml:"estimator,omitempty" default:"exact"`             // what computes the meta-gradients: a name, or a mapping with a name and settings

	OuterLoss OuterLoss `yaml:"outer_loss,omitempty"` // what is differentiated

	LogEvery int `yaml:"log_every,omitempty" range:"0 to 1099511627776"` // meta-steps between records of training in the logs; 0 and 1 mean each
}

// LearningRate gives the outer learning rate of each group of meta-parameters.
type LearningRate struct {
	Weights    float64 `yaml:"weights" range:"from 0"`    // outer learning rate of initial weights and biases
	Feedback   float64 `yaml:"feedback" range:"from 0"`   // outer learning rate of feedback weights and biases
	Plasticity float64 `yaml:"plasticity" range:"from 0"` // outer learning rate of plasticity α
	Strength   float64 `yaml:"strength" range:"from 0"`   // outer learning rate of feedback strength β

	Rule *float64 `yaml:"rule,omitempty" range:"from 0" default:"0.001"` // outer learning rate of what rules and modulators learn themselves, initial values of state included
}

// Eval is how often and on how much the learners are measured.
type Eval struct {
	Every    int `yaml:"every" range:"0 to 1099511627776"` // meta-steps between measurements while training; 0 means before and after only
	Episodes int `yaml:"episodes" range:"2 to 16777216"`   // held-out episodes of a measurement
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
var required = []string{"name", "network.hidden", "learners", "meta.steps"}

// Graph returns what graph.Unroll builds for the run.
func (c *Config) Graph() graph.Config {
	spec := c.Task.Spec()
	n := graph.Network{Input: spec.Inputs, Loss: spec.Loss}
	for _, l := range c.Network.Conv {
		n.Layers = append(n.Layers, graph.Layer{Kind: graph.ConvLayer, Out: l.Channels, Kernel: l.Kernel, Stride: l.Stride, Pad: l.Pad})
	}
	dense := graph.MLP(1, c.Network.Hidden, spec.Outputs, 0, spec.Loss).Layers
	n.Layers = append(n.Layers, dense...)
	for l, a := range c.Network.activations() {
		n.Layers[l].Activation = a
	}
	for l := range n.Layers {
		n.Layers[l].Plastic = l >= c.Network.Frozen
	}
	g := graph.Config{
		Network: n,
		Steps:   spec.Steps, Batch: spec.Batch, Query: spec.Query, Reward: spec.Reward,
		Dtype: dtypes[c.Dtype], Machine: machines[c.Machine], Objective: graph.Objective(c.Meta.OuterLoss),
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
		KeepEvery: m.KeepEvery, LogEvery: m.LogEvery,
		Rates: map[string]float64{
			graph.Weights: m.LearningRate.Weights, graph.Feedback: m.LearningRate.Feedback,
			graph.Plasticity: m.LearningRate.Plasticity, graph.Strength: m.LearningRate.Strength, graph.RuleOwn: m.LearningRate.rule(),
		},
		OwnRates: own,
		Schedule: m.Schedule.schedule(), Optimizer: m.Optimizer.Method, Estimator: m.Estimator.Estimation,
		EvalEvery: c.Eval.Every, EvalEpisodes: c.Eval.Episodes,
	}
}

var (
	dtypes   = map[string]tensor.Dtype{"float32": tensor.Float32, "float64": tensor.Float64}
	machines = map[string]engine.Machine{"planned": nil, "sequential": nil, "tape": engine.Tape}
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
