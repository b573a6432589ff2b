package report

import (
	"fmt"
	"slices"
	"strings"

	"metaplast/cmd/metaplast/figure"
	"metaplast/graph"
)

// Own is what a rule or modulator learns under one name: a number for the network, or as many as there
// are layers or neurons, or the elements of an array.
type Own struct {
	Name    string // rule.theta_110, output_rule.…, modulator.…, state.…
	About   string
	Values  []float64
	Learned bool
}

// ownOf gathers the parameters of the group rule, those of all layers together.
func ownOf(layout graph.Layout, theta []float64) (list []Own) {
	for _, p := range layout {
		if p.Group != graph.RuleOwn {
			continue
		}
		i := slices.IndexFunc(list, func(o Own) bool { return o.Name == string(p.Role) })
		if i < 0 {
			i = len(list)
			list = append(list, Own{Name: string(p.Role), About: p.About, Learned: p.Learned})
		}
		list[i].Values = append(list[i].Values, p.Of(theta)...)
	}
	return list
}

// ownSection shows what rules and modulators have learned themselves; nothing where none does.
func (r Run) ownSection() Section {
	s := Section{ID: "rule", Title: "What the rules learned"}
	f := figure.Figure{ID: "rule", Title: "Coefficients of the rules",
		Caption: "Parameters of rules and modulators after meta-training, by name. Where there is one for each layer or neuron, or the name is that of an array, the bar is the median, the line goes from the 5th to the 95th percentile, and rings are the single numbers where they are few."}
	t := Table{Title: "Coefficients by name", Head: []string{"parameter", "learner", "value", "numbers", "what it is"}, Prose: true}
	for i, l := range r.Learners {
		if len(l.Own) == 0 {
			continue
		}
		p := figure.Panel{Title: l.Name + ": " + r.Config.Learners[i].Rule, X: figure.Axis{Label: "value"}, Y: figure.Axis{Label: "parameter"}}
		for _, o := range l.Own {
			b := figure.Bar{Name: strings.TrimPrefix(o.Name, "rule."), Ink: i, Values: o.Values}
			p.Bars = append(p.Bars, b)
			about := o.About
			if !o.Learned {
				about += " (fixed)"
			}
			t.Rows = append(t.Rows, []string{o.Name, l.Name, b.Text(), fmt.Sprint(len(o.Values)), about})
		}
		f.Panels = append(f.Panels, p)
		f.Key = append(f.Key, figure.Entry{Name: l.Name, Ink: i, Kind: figure.Steps})
	}
	if len(f.Panels) == 0 {
		return s
	}
	s.Figures, s.Tables = []figure.Figure{f}, []Table{t}
	return s
}
