package report

import (
	"cmp"
	"fmt"
	"slices"

	"metaplast/data/settings"
	"metaplast/graph"
	"metaplast/metaopt/config"
	"metaplast/rules"
)

// lead says who learned what.
func (r Run) lead() string {
	c := r.Config
	return fmt.Sprintf("%s learned to learn %s. Meta-training: %s of %s, seed %d.", enumerate(r.names()), r.Config.Task.Scoring().Episode,
		plural(r.Step, "meta-step", "meta-steps"), plural(c.Meta.Batch, "episode", "episodes"), c.Seed)
}

// descends reports whether a learner is gradient descent, one point of the space of rules.
func descends(l graph.Learner) bool {
	return l.Rule == rules.HebbName && l.Pathway == rules.BackpropName && l.Signal == rules.Gradient && l.Strength == 1 && !l.Learned.Strength && !l.OutputOnly && !l.HiddenOnly &&
		(l.OutputRule == "" || l.OutputRule == rules.HebbName) && (l.Readout == "" || l.Readout == graph.DotReadout)
}

// how says in one clause how a learner changes.
func how(l graph.Learner) string {
	if descends(l) {
		if l.Plasticity == graph.PerNone {
			return "changes by gradient descent at a fixed rate"
		}
		return "changes by gradient descent, with learned rates"
	}
	s := fmt.Sprintf("changes by the %s rule, driven by %s feedback of the %s", l.Rule, l.Pathway, l.Signal)
	if l.Pathway == rules.NoneName {
		s = fmt.Sprintf("changes by the %s rule without feedback", l.Rule)
	}
	if l.OutputOnly {
		s += ", in the output layer alone"
	}
	if l.HiddenOnly {
		s += ", in the hidden layers alone"
	}
	return s
}

// learned lists the groups of meta-parameters that the outer loop changes.
func learned(l graph.Learner) string {
	var groups []string
	for _, g := range []struct {
		name string
		on   bool
	}{{"weights", l.Learned.Weights}, {"feedback", l.Learned.Feedback}, {"plasticity", l.Learned.Plasticity}, {"strength", l.Learned.Strength},
		{"rule", l.LearnsRule()}} {
		if g.on {
			groups = append(groups, g.name)
		}
	}
	if len(groups) == 0 {
		return "nothing"
	}
	return enumerate(groups)
}

// own is the settings of a rule or pathway behind its name.
func own(entry any) string {
	if s := settings.Text(entry); s != "" {
		return " (" + s + ")"
	}
	return ""
}

// learnersSection says who the learners are, setting by setting.
func (r Run) learnersSection() Section {
	t := Table{Head: append([]string{"setting"}, r.names()...), Prose: true}
	row := func(name string, value func(graph.Learner) string) {
		cells := []string{name}
		for _, l := range r.Config.Learners {
			cells = append(cells, value(l.Learner))
		}
		t.Rows = append(t.Rows, cells)
	}
	some := func(has func(graph.Learner) bool) bool {
		return slices.ContainsFunc(r.Config.Learners, func(l config.Learner) bool { return has(l.Learner) })
	}
	row("rule: how a synapse changes", func(l graph.Learner) string {
		rule, err := l.ItsRule()
		if err != nil {
			return l.Rule
		}
		s := l.Rule + own(rule) + ": " + rule.Info().Summary
		if descends(l) {
			s += "; with this pathway and signal it is gradient descent"
		}
		return s
	})
	if some(func(l graph.Learner) bool { return l.OutputRule != "" }) {
		row("rule of the output layer", func(l graph.Learner) string {
			rule, err := l.ItsOutputRule()
			if l.OutputRule == "" || err != nil {
				return "that of the other layers"
			}
			return l.OutputRule + own(rule) + ": " + rule.Info().Summary
		})
	}
	if some(func(l graph.Learner) bool { return l.Modulator != "" }) {
		row("modulator: the third factor", func(l graph.Learner) string {
			m, err := l.ItsModulator()
			if m == nil || err != nil {
				return "none"
			}
			return l.Modulator + own(m) + ": " + m.Info().Summary
		})
	}
	if some(func(l graph.Learner) bool { return l.Readout != "" }) {
		row("readout", func(l graph.Learner) string {
			if l.Readout == "" {
				return graph.DotReadout
			}
			return l.Readout
		})
	}
	if some(graph.Learner.LearnsRule) {
		row("parameters of the rule: a set for each", func(l graph.Learner) string {
			s := cmp.Or(l.RulePer, graph.PerNetwork)
			if !l.LearnsRule() {
				return "none"
			}
			if l.RulePenalty > 0 {
				s += fmt.Sprintf(", with the penalty %v Σ|θ| in the outer loss", l.RulePenalty)
			}
			return s
		})
	}
	row("pathway: how the signal comes down", func(l graph.Learner) string {
		p, err := l.ItsPathway()
		if err != nil {
			return l.Pathway
		}
		return l.Pathway + own(p) + ": " + p.Info().Summary
	})
	row("signal", func(l graph.Learner) string { return l.Signal })
	row("plasticity: a rate for each", func(l graph.Learner) string {
		if l.Plasticity == graph.PerNone {
			return fmt.Sprintf("none: fixed at %v", l.InnerLR)
		}
		return fmt.Sprintf("%s, at first %v", l.Plasticity, l.InnerLR)
	})
	row("meta-learned", learned)
	row("meta-gradient", func(l graph.Learner) string {
		if l.Order() == 1 {
			return "first order"
		}
		return "second order"
	})
	return Section{ID: "learners", Title: "The learners", Tables: []Table{t},
		Intro: "In an episode synapses change step by step by a learner's own rule. The outer loop changes, from episode to episode, what the rule starts from and how strongly it acts."}
}
