package graph

import (
	"math"

	"metaplast/rules"
)

// layOut puts the meta-parameters in their order.
func (m *learnerModel) layOut() {
	set := m.learner
	add := func(role Role, l int, learned bool, start initial, shape ...int) {
		m.layout.add(Param{Role: role, Layer: l, Shape: shape, Learned: learned, initial: start})
	}
	for l, w := range m.geometry.weights {
		he := initial{normal: true, scale: math.Sqrt(2 / float64(size(w[1:])))}
		add(Weight, l, set.Learned.Weights && !(set.RandomPlastic && m.plastic[l]), he, w...)
		add(Bias, l, set.Learned.Weights, initial{}, w[0])
	}
	stack := m.dims()
	for i := range stack {
		want := m.pathway.Weights(stack, i, set.Clamped)
		if want.B == nil {
			continue
		}
		scaled := initial{normal: true, scale: set.FeedbackScale / math.Sqrt(float64(want.FanIn))}
		add(FeedbackWeight, m.lowest+i, set.Learned.Feedback, scaled, want.B...)
		add(FeedbackBias, m.lowest+i, set.Learned.Feedback, initial{}, want.C...)
	}
	if m.mixes() {
		for l, plastic := range m.plastic {
			if plastic {
				add(Mixing, l, set.Learned.Strength, initial{scale: set.Strength}, 1)
			}
		}
	}
	rate := func(role Role, l int, shape ...int) {
		add(role, l, set.Learned.Plasticity, initial{scale: set.InnerLR}, shape...)
	}
	for l, w := range m.geometry.weights {
		if !m.plastic[l] {
			continue
		}
		switch set.Plasticity {
		case PerSynapse:
			rate(Rate, l, w...)
			if set.PlasticBias {
				rate(BiasRate, l, w[0])
			}
		case PerNeuron:
			rate(Rate, l, w[0])
		case PerLayer:
			rate(Rate, l, 1)
		}
	}
	if set.Plasticity == PerNetwork {
		rate(Rate, NoLayer, 1)
	}
	m.layOutRules()
}

// mixes reports whether p = β f + (1−β) h is computed: not without feedback, and not where
// β is fixed at 1, which leaves p = f.
func (m *learnerModel) mixes() bool {
	return rules.SendsFeedback(m.pathway) && (m.learner.Learned.Strength || m.learner.Strength != 1)
}
