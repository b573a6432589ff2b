package report

import (
	"fmt"
	"slices"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/measure"
)

// updatesSection compares updates with the gradient.
func (r Run) updatesSection() Section {
	if r.Analyses == nil {
		return Section{}
	}
	s := Section{ID: "updates", Title: "Updates beside the gradient",
		Intro: fmt.Sprintf("At every measured inner step, the update ΔW that a learner makes and the gradient ∇W of the loss on the same examples by the same weights. Over %s.", r.analysed())}
	for _, v := range []struct {
		id, title, caption string
		y                  figure.Axis
		level              []float64
		of                 func(analysis.Analysis) measure.Table
		net                func(analysis.Analysis) []float64
	}{
		{"alignment", "Direction: cosine with the negative gradient",
			"cos(ΔW, −∇W): 1 is gradient descent's direction, 0 is unrelated to it, below 0 the update goes uphill. Means over episodes.",
			figure.Axis{Label: "cosine", Low: -1, High: 1}, []float64{0},
			func(a analysis.Analysis) measure.Table { return a.Cosine }, func(a analysis.Analysis) []float64 { return a.NetCosine }},
		{"size", "Size: length of the update by that of the gradient",
			"‖ΔW‖/‖∇W‖, the median over episodes: where a gradient vanishes the ratio of one episode would make any mean. For gradient descent this is the learning rate.",
			figure.Axis{Label: "ratio of lengths", Log: true}, nil,
			func(a analysis.Analysis) measure.Table { return a.NormRatio }, func(a analysis.Analysis) []float64 { return a.NetNormRatio }},
		{"feedback-angle", "Alignment of feedback with the forward path",
			"The angle between the feedback weights of a layer and the transpose of the path from that layer to the output. 0° is backpropagation's feedback, 90° is unrelated to it. Only learners with feedback weights of their own have one. Means over episodes.",
			figure.Axis{Label: "angle (degrees)", Low: 0, High: 180}, []float64{90},
			func(a analysis.Analysis) measure.Table { return a.Angle }, nil},
		{"rank", "Number of directions in an update",
			"The effective rank of ΔW: in how many directions at once a layer's weights change. Means over episodes.",
			figure.Axis{Label: "effective rank"}, nil,
			func(a analysis.Analysis) measure.Table { return a.Rank }, nil},
	} {
		f := figure.Figure{ID: v.id, Title: v.title, Caption: v.caption}
		if r.Analyses[0].Ordered {
			f.Caption += " Dotted lines: where the stream goes over to the next task."
		}
		if v.net != nil {
			f.Panels = append(f.Panels, r.bySteps("all plastic layers together", v.y, v.level, v.net)...)
		}
		for _, l := range r.plastic() {
			f.Panels = append(f.Panels, r.bySteps(r.layer(l), v.y, v.level, func(a analysis.Analysis) []float64 {
				if i := slices.Index(a.Layers, l); i >= 0 {
					return v.of(a)[i]
				}
				return nil
			})...)
		}
		for i, e := range r.key(figure.Solid) { // of learners that have the measure
			if slices.ContainsFunc(f.Panels, func(p figure.Panel) bool {
				return slices.ContainsFunc(p.Lines, func(l figure.Line) bool { return l.Ink == i })
			}) {
				f.Key = append(f.Key, e)
			}
		}
		if len(f.Panels) > 0 {
			s.Figures = append(s.Figures, f)
		}
	}
	return s
}

// plastic lists the layers that are plastic in some learner.
func (r Run) plastic() []int {
	var layers []int
	for _, a := range r.Analyses {
		layers = append(layers, a.Layers...)
	}
	slices.Sort(layers)
	return slices.Compact(layers)
}

// bySteps is a panel of a measure over the stream; none where no learner has it.
func (r Run) bySteps(title string, y figure.Axis, level []float64, of func(analysis.Analysis) []float64) []figure.Panel {
	p := figure.Panel{Title: title, X: figure.Axis{Label: "inner step"}, Y: y, Level: level}
	for i, a := range r.Analyses {
		values := of(a)
		if !defined(values) {
			continue
		}
		l := figure.Line{Name: a.Learner, Ink: i, Y: values}
		for _, s := range a.Steps {
			l.X = append(l.X, float64(s))
		}
		p.Lines = append(p.Lines, l)
	}
	if len(p.Lines) == 0 {
		return nil
	}
	if a := r.Analyses[0]; a.Ordered {
		for _, s := range a.BlockSteps[:len(a.BlockSteps)-1] {
			p.Marks = append(p.Marks, float64(s)-0.5)
		}
	}
	return []figure.Panel{p}
}
