package data

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"metaplast/data/catalog"
	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/data/suggest"
)

// The rules that a Planted task knows.
const (
	PlantedOja    = "oja"    // Δ = x y − y² w
	PlantedHebb   = "hebb"   // Δ = x y
	PlantedSparse = "sparse" // a random polynomial, of a seed its own
	PlantedGiven  = "given"  // the coefficients of the settings
)

// Planted is the recovery of a rule: the targets are the answers of a teacher, a network with one hidden
// layer that changes by a rule, the planted one, while it sees the inputs. A learner that starts from
// the same weights can give these answers if it has found the rule.
//
//	h = φ(W_0 x),  ŷ = W_1 h                      no biases
//	W_0 ← W_0 + rate · mean_n Σ θ_abc x^a h^b W_0^c
//
//	input   Inputs numbers, normal with variance 1
//	target  ŷ before the update of its step; of the query, after the last
//	T = Steps,  N = Batch,  M = Query
//
// W_0 [Hidden,Inputs] and W_1 [Outputs,Hidden] are those that a run of the same seed starts its learners
// with (He et al.: normal, variance 2/fan-in). They are the same in all episodes, and the output layer
// stays as it is. So a learner of the network {hidden: [Hidden], activation: Activation} that is
// hidden_only, has pathway none, inner_lr Rate and examples mean gives the teacher's answers where its
// rule is the planted one.
//
// A sparse rule has Terms coefficients, which ones and with which values is drawn with the run's seed:
// of absolute value uniform in [½,1), of either sign. Rules under which a weight leaves [−4,4] in one of
// 50 trajectories are drawn again, as are trajectories of any rule in which one leaves [−20,20].
//
// Source: Mehta et al., Model-based inference of synaptic plasticity rules, NeurIPS 2024, whose network
// has the sizes 2-10-1, tanh, and is plastic in the first layer. There 3 trajectories of 240 trials are
// seen again and again; here every episode is a new one, and short.
type Planted struct {
	Rule         string             `yaml:"rule" json:"rule" range:"oja, hebb, sparse or given" about:"the rule by which the teacher changes"`
	Coefficients map[string]float64 `yaml:"coefficients" json:"coefficients" range:"of a rule that is given" about:"those that are not 0, by name, such as {theta_110: 1, theta_021: -1}: theta_abc is that of pre^a post^b weight^c"`
	Terms        int                `yaml:"terms" json:"terms" range:"1 to 27" about:"of a sparse rule: coefficients that are not 0"`
	Inputs       int                `yaml:"inputs" json:"inputs" range:"at least 1" about:"inputs of the teacher"`
	Hidden       int                `yaml:"hidden" json:"hidden" range:"at least 1" about:"hidden units of the teacher, whose incoming weights change"`
	Outputs      int                `yaml:"outputs" json:"outputs" range:"at least 1" about:"outputs of the teacher, which are observed"`
	Activation   string             `yaml:"activation" json:"activation" range:"tanh, sigmoid, relu or linear" about:"of the hidden units"`
	Rate         float64            `yaml:"rate" json:"rate" range:"finite" about:"what a step's change is multiplied by"`
	Steps        int                `yaml:"steps" json:"steps" range:"at least 1" about:"inner steps of a trajectory"`
	Batch        int                `yaml:"batch" json:"batch" range:"at least 1" about:"examples of a step, whose changes are averaged"`
	Query        int                `yaml:"query" json:"query" range:"at least 1" about:"examples after the last step"`
}

var _ Modelled = Planted{}

// DefaultPlanted has the settings of the study rule-recovery.
var DefaultPlanted = Planted{Rule: PlantedOja, Terms: 4, Inputs: 2, Hidden: 10, Outputs: 1, Activation: "tanh", Rate: 0.1, Steps: 20, Batch: 1, Query: 8}

// Info describes the task.
func (Planted) Info() catalog.Info {
	return catalog.Info{Name: "planted", Summary: "answers of a network that changes by a planted rule, which is to be found",
		Formula: "W_0 ← W_0 + rate · mean_n Σ θ_abc x^a h^b W_0^c", Source: "Mehta et al., NeurIPS 2024"}
}

// Validate returns all faults, joined, as *fault.Field.
func (p Planted) Validate() error {
	var f fault.Fields
	f.Add("rule", suggest.Unknown("planted rule", p.Rule, []string{PlantedOja, PlantedHebb, PlantedSparse, PlantedGiven}))
	_, err := PolynomialOf(p.Coefficients)
	f.Add("coefficients", err)
	f.Check((p.Rule == PlantedGiven) == (len(p.Coefficients) > 0), "coefficients", p.Coefficients, "at least one where the rule is given, and else none")
	for _, name := range slices.Sorted(maps.Keys(p.Coefficients)) {
		f.Check(finite(p.Coefficients[name]), "coefficients."+name, p.Coefficients[name], "a finite number")
	}
	f.Add("activation", suggest.Unknown("activation of a teacher", p.Activation, teacherActivations()))
	f.Check(finite(p.Rate), "rate", p.Rate, "a finite number")
	f.Check(p.Terms >= 1 && p.Terms <= len(Polynomial{}), "terms", p.Terms, fmt.Sprintf("from 1 to %d", len(Polynomial{})))
	legal := true
	for _, n := range []struct {
		field string
		value int
	}{{"inputs", p.Inputs}, {"hidden", p.Hidden}, {"outputs", p.Outputs}, {"steps", p.Steps}, {"batch", p.Batch}, {"query", p.Query}} {
		f.Check(n.value >= 1, n.field, n.value, "at least 1")
		legal = legal && n.value >= 1
	}
	if legal {
		width := max(p.Inputs, p.Outputs)
		f.Check(within(maxEpisode, p.Steps, p.Batch, width) && within(maxEpisode, p.Query, width), "steps × batch, query",
			times([]int{p.Steps, p.Batch}), fmt.Sprintf("at most %d numbers in the inputs or outputs", maxEpisode))
		f.Check(within(maxEpisode, p.Hidden, width) && within(maxEpisode, p.Steps, p.Hidden, p.Inputs), "hidden", p.Hidden,
			fmt.Sprintf("at most %d weights of a trajectory", maxEpisode))
	}
	return f.Join()
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Spec describes the episodes.
func (p Planted) Spec() Spec {
	return Spec{Name: "planted", Inputs: []int{p.Inputs}, Outputs: p.Outputs, Steps: p.Steps, Batch: p.Batch, Query: p.Query, Loss: objective.MSE}
}

// Scoring is in squares of the teacher's answers.
func (p Planted) Scoring() Scoring {
	s := ScoringOf(p.Spec())
	s.Unseen = "trajectories never seen in meta-training"
	s.Episode = fmt.Sprintf("what a %d-%d-%d network answers that changes by a planted rule (%s): %d inner steps of %d examples",
		p.Inputs, p.Hidden, p.Outputs, p.Rule, p.Steps, p.Batch)
	return s
}

// Network is that of the teacher.
func (p Planted) Network() (hidden []int, activation string) {
	return []int{p.Hidden}, p.Activation
}

// Sampler returns a *Teacher.
func (p Planted) Sampler(context.Context) (Sampler, error) { return NewTeacher(p) }

// ErrUnbounded: the weights of a teacher grow without bound.
var ErrUnbounded = errors.New("the weights of the teacher grow without bound")
