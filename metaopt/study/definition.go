package study

import (
	"fmt"
	"slices"
	"strings"

	"metaplast/data/suggest"
	"metaplast/metaopt/measure"
)

// The sizes of a study.
const (
	Quick = "quick" // minutes, on small networks and short streams
	Full  = "full"  // the paper's networks and streams: hours to days
)

// Sizes lists the sizes.
func Sizes() []string { return []string{Quick, Full} }

// Study is a question, with all that it takes to answer it. It is data: nothing here runs.
type Study struct {
	Name     string    // letters, digits and "-"
	Summary  string    // one line: what is compared with what, on what
	Arms     []Arm     // at least 2: the learners of a run, in this order
	Measures []Measure // the first is what arms are listed by; a claim may be about any of them
	Claims   []Claim   // at least 1
	Tuning   string    // how the arms' own settings were chosen: on which episodes, and what was tried
	Settings []Setting // what it can be run on; the first task of a size is that size's default
}

// Arm is one way to learn that takes part in a study.
type Arm struct {
	Name     string            // of the learner in the runs
	Settings string            // YAML of the learner, as in a configuration: {preset: flp, …}
	Override map[string]string // the same for single settings, by Setting.String
	What     string            // what it is, for people
}

// at gives an arm an outer rate of plasticity of its own at the quick size of regression, for which
// it was tuned; elsewhere it has the run's.
func (a Arm) at(rate string) Arm {
	a.Override = map[string]string{Setting{Size: Full, Task: "sine"}.String(): a.Settings}
	a.Settings = strings.TrimSuffix(a.Settings, "}") + ", learning_rate: {plasticity: " + rate + "}}"
	return a
}

// Setting is a size of a study, on a task. It is a preset with changes, whose learners are
// replaced by the arms.
type Setting struct {
	Size    string
	Task    string   // as in task.kind: sine, glyphs, omniglot; of a planted rule, that: oja, sparse
	Preset  string   // of package config
	Changes []string // "path=value", as for --set; none of name, seed and learners
	Seeds   int      // how many by default
}

// String names a setting within its study: "quick/sine".
func (s Setting) String() string { return s.Size + "/" + s.Task }

// Measure is a number that is measured of a trained learner.
type Measure struct {
	Name  string // key: loss, accuracy, …
	What  string // one line: what it is, over what
	Unit  string // of the number itself
	Scale Scale  // how arms are compared
	Best  Best   // what an arm that collapsed counts as: the other end
}

// Best says which values of a measure are good ones.
type Best int

const (
	// Neither end is: an arm without a finite value cannot be ranked. The zero value.
	Neither Best = iota
	// Smallest, as of a loss: an arm that collapsed counts as +∞.
	Smallest
	// Largest, as of an accuracy: an arm that collapsed counts as −∞.
	Largest
)

// Scale says what the effect of a claim is.
type Scale int

const (
	// Difference: x_a − x_b. The zero value.
	Difference Scale = iota
	// Ratio: x_a / x_b, for positive numbers that vary by factors. Intervals are computed on
	// the logarithm.
	Ratio
)

// Claim is a statement about two arms, or one, that the measurements can decide: effect of A against B,
// or where there is no B the measure of A itself, on the side Direction of Threshold.
type Claim struct {
	ID        string // unique in the study
	Statement string // a sentence
	Source    string // where the paper says it, or that it is a choice which the paper makes
	Measure   string // name of a measure of the study
	A, B      string // names of arms; an empty B stands for the number 0, on the scale Ratio 1
	Direction measure.Direction
	Threshold float64 // 0 is no difference on the scale Difference, 1 on the scale Ratio
	Share     float64 // of the seeds that must lie on the claimed side, where that is what is claimed; 0 means that the interval decides
}

// Lookup returns the study of a name, or an error that names the nearest.
func Lookup(name string) (Study, error) {
	for _, s := range Studies() {
		if s.Name == name {
			return s, nil
		}
	}
	return Study{}, suggest.Unknown("study", name, Names())
}

// Names lists the names of the studies.
func Names() []string {
	var names []string
	for _, s := range Studies() {
		names = append(names, s.Name)
	}
	return names
}

// Setting finds the setting of a size and a task; an empty task means the first of the size.
func (s Study) Setting(size, task string) (Setting, error) {
	if err := suggest.Unknown("size", size, Sizes()); err != nil {
		return Setting{}, err
	}
	var tasks []string
	for _, v := range s.Settings {
		if v.Size != size {
			continue
		}
		if task == "" || v.Task == task {
			return v, nil
		}
		tasks = append(tasks, v.Task)
	}
	if len(tasks) == 0 {
		return Setting{}, fmt.Errorf("study %s: it has no size %s: want %s", s.Name, size, s.Settings[0].Size)
	}
	return Setting{}, fmt.Errorf("study %s: %w", s.Name, suggest.Unknown("task", task, tasks))
}

// Measure finds a measure by name.
func (s Study) Measure(name string) (Measure, bool) {
	i := slices.IndexFunc(s.Measures, func(m Measure) bool { return m.Name == name })
	if i < 0 {
		return Measure{}, false
	}
	return s.Measures[i], true
}

// Analyses reports whether a measure of the study comes from package analysis.
func (s Study) Analyses() bool {
	return slices.ContainsFunc(s.Measures, func(m Measure) bool { return m.Name != Loss.Name && m.Name != Accuracy.Name && !isRecovery(m.Name) })
}

func (s Study) arm(name string) bool {
	return slices.ContainsFunc(s.Arms, func(a Arm) bool { return a.Name == name })
}

// learners is the value of the key learners of a run.
func (s Study) learners(setting Setting) string {
	var b strings.Builder
	for i, a := range s.Arms {
		text := a.Settings
		if o, ok := a.Override[setting.String()]; ok {
			text = o
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s: %s", a.Name, text)
	}
	return "{" + b.String() + "}"
}

// Complete reports whether measurements have all arms and measures of the study.
func (s Study) Complete(m Measured) bool {
	for _, a := range s.Arms {
		i := slices.IndexFunc(m.Arms, func(have ArmMeasured) bool { return have.Name == a.Name })
		if i < 0 {
			return false
		}
		for _, d := range s.Measures {
			if _, ok := m.Arms[i].Values[d.Name]; !ok {
				return false
			}
		}
	}
	return true
}
