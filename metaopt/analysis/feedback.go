package analysis

import (
	"metaplast/graph"
	"metaplast/metaopt/measure"
	"metaplast/rules"
)

// angles measures feedback weights against the fast weights of now.
//
//	direct   ∠(B_l, (W_{L−1} ⋯ W_{l+1})ᵀ): the whole path from the layer's activity to the output
//	layered  ∠(B_l, W_l): the layer's own weights, against which B_l sends to the layer below
//
// Both without the slopes of the units in between. The output layer's direct feedback is
// compared with the identity. Rows stay NaN for the other pathways, and for the direct
// pathway to a convolution, whose path to the output is no matrix of B's shape.
func (l *lens) angles(a *Analysis, at int) error {
	network, pathway := l.subject.Graph.Network, l.subject.Graph.Learners[0].Learner.Pathway
	if pathway != rules.DirectName && pathway != rules.LayeredName {
		return nil
	}
	fast := l.vector(l.follow.Weights)
	for k, v := range l.layers {
		b, ok := l.layout.At(graph.FeedbackWeight, v.number)
		if !ok {
			continue
		}
		feedback, path := matrix(b, l.subject.Theta), matrix(v.w, fast)
		switch {
		case pathway == rules.LayeredName:
			feedback = feedback.T()
		case network.Layers[v.number].Kind == graph.ConvLayer:
			continue
		default:
			var err error
			if path, err = l.path(v.number, fast); err != nil {
				return err
			}
		}
		angle, err := measure.FeedbackAngle(feedback, path)
		if err != nil {
			return err
		}
		a.Angle[k][at] = angle
	}
	return nil
}

// path is the linear map from the activity of a layer to the output.
func (l *lens) path(number int, fast []float64) (measure.Matrix, error) {
	layers := l.subject.Graph.Network.Layers
	if number == len(layers)-1 {
		n := layers[number].Out
		identity := measure.Matrix{Rows: n, Cols: n, Data: make([]float64, n*n)}
		for i := range n {
			identity.Data[i*n+i] = 1
		}
		return identity, nil
	}
	var weights []measure.Matrix
	for above := number + 1; above < len(layers); above++ {
		p, _ := l.layout.At(graph.Weight, above)
		w := matrix(p, l.subject.Theta)
		if q, ok := l.fast.Find(p.Name); ok {
			w = matrix(q, fast)
		}
		weights = append(weights, w)
	}
	return measure.ForwardPath(weights, nil)
}
