package data

import (
	"context"
	"fmt"

	"metaplast/data/catalog"
	"metaplast/data/objective"
)

// Task is a kind of task that a configuration names. The value is its settings, as package settings
// says: that which is registered has the defaults.
//
//	task: {kind: steps, levels: 4}
//
// What a configuration needs before anything is drawn is Spec; Sampler reads or makes what episodes are
// drawn from, and is called once for a run. A sampler that is a Classification has all that belongs to
// classes of a Bank: drawings in reports, matrices, trajectories; one that is Curved is drawn as
// curves.
type Task interface {
	Info() catalog.Info
	// Spec describes the episodes; it need not be right where Validate of the settings has faults.
	Spec() Spec
	// Sampler returns the episodes. Those of Spec and of the sampler's Spec are one.
	Sampler(ctx context.Context) (Sampler, error)
	// Scoring says how answers are judged and spoken of; ScoringOf is that of most.
	Scoring() Scoring
}

// Modelled is a task whose targets a network has computed, and which learners are to have the same of: a
// configuration with another one is refused.
type Modelled interface {
	Task
	Network() (hidden []int, activation string) // widths of the dense hidden layers, and the φ of all of them
}

// Scoring is how answers are judged and spoken of. The loss itself is that of Spec.
type Scoring struct {
	Accuracy bool             // answers are classes: the share that is right is measured beside the loss
	Loss     string           // what the loss is, in words: "mean squared error"
	Ways     int              // classes of an episode, among which one can guess; 0 unless Accuracy
	Watched  Split            // what a run is measured on while it trains; afterwards it is HeldOut
	Splits   map[Split]string // what is held out, where one can choose; nil where there is only HeldOut
	Unseen   string           // what of a held-out episode is new: "functions never seen in meta-training"
	Episode  string           // an episode in words: "5 sine functions, one after the other: 10 inner steps of 4 examples"
}

// ScoringOf is the scoring of a task of which nothing is known but its Spec.
func ScoringOf(s Spec) Scoring {
	g := Scoring{Loss: "mean squared error", Watched: HeldOut, Unseen: "what meta-training has never seen",
		Episode: fmt.Sprintf("%s: %d inner steps of %d examples", s.Name, s.Steps, s.Batch)}
	if s.Loss == objective.CrossEntropy {
		g.Accuracy, g.Loss, g.Ways = true, "cross-entropy, nats", s.Outputs
	}
	return g
}

// Curved is a sampler whose episodes teach functions of one number, which a report can draw.
type Curved interface {
	Sampler
	// Curves returns those of an episode, in the order in which they are taught: the ones that Sample
	// uses for the same arguments.
	Curves(seed uint64, split Split, step, episode uint64) ([]Curve, error)
}

// Curve is a function of one number.
type Curve struct {
	Axis      string                    // what x is: "input x (radians)"
	Low, High float64                   // the bounds of x
	At        func(x float64) float64   // the target
	Input     func(x float64) []float64 // what the network sees, a row of QueryX
	Taught    int                       // inner steps after which its teaching has just ended; 0 where functions are mixed
}

var tasks = catalog.Of[Task]("task", DefaultPlanted)

// Tasks returns the registered tasks, in the order of registration.
func Tasks() []Task { return tasks.All() }

// RegisterTask adds a task, so that configurations can name it, on the terms of catalog.Register.
func RegisterTask(t Task) error { return tasks.Register(t) }

// LookupTask returns the registered task of a name, or a suggest.UnknownError that names the nearest.
func LookupTask(name string) (Task, error) { return tasks.Lookup(name) }
