package analysis

import (
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// histograms are those of α and β, each with a range of its own.
func (a *Analysis) histograms(s evaluate.Subject, bins int) error {
	layout, err := graph.NewLayout(s.Graph.Network, s.Graph.Learners[0].Learner)
	if err != nil {
		return err
	}
	for _, g := range []struct {
		group string
		into  *[]Histogram
	}{{graph.Plasticity, &a.Alpha}, {graph.Strength, &a.Beta}} {
		*g.into = []Histogram{}
		var params []graph.Param
		var sets [][]float64
		for _, p := range layout {
			if p.Group == g.group {
				params, sets = append(params, p), append(sets, p.Of(s.Theta))
			}
		}
		if len(sets) == 0 {
			continue
		}
		low, high, err := measure.HistogramRange(sets...)
		if err != nil {
			return err
		}
		for i, p := range params {
			h, err := measure.NewHistogram(sets[i], low, high, bins)
			if err != nil {
				return err
			}
			*g.into = append(*g.into, Histogram{Layer: p.Layer, Name: p.Name, Histogram: h})
		}
	}
	return nil
}
