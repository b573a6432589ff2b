package graph

import (
	"fmt"

	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/data/suggest"
	"metaplast/graph/op"
)

// The kinds of layer.
const (
	DenseLayer = "dense"
	ConvLayer  = "conv"
)

// The commonest activations; op.Activation has them all.
const (
	Relu   = string(op.Relu)
	Linear = string(op.Linear)
)

// Activations lists the names of the activations that layers and feedback can have.
func Activations() []string { return op.Activations() }

// CheckActivation returns an error for what is no activation, and for none at all.
func CheckActivation(a string) error {
	if a == "" {
		return suggest.Unknown("activation", a, Activations())
	}
	return op.Activation(a).Check()
}

// Layer is one weight layer of a network.
type Layer struct {
	Kind       string // dense or conv
	Out        int    // units, or channels
	Activation string // an op.Activation, such as relu or softplus(10); the last layer's is always linear
	Plastic    bool   // whether the inner loop changes it; a convolution by the mean over positions, see convplastic.go
	Kernel     int    // of a convolution: side of the square kernel
	Stride     int    // of a convolution, at least 1
	Pad        int    // of a convolution: zeros on each side, less than Kernel
}

// Network is the forward path that all learners of a run share in shape.
//
//	h_0 = x;  h_{l+1} = φ_l(h_l W_lᵀ + b_l)
//
// Between a convolution and a dense layer activity is flattened, row-major in (C,H,W).
type Network struct {
	Input  []int   // shape of one example: [n] or [C,H,W]
	Layers []Layer // bottom first; the last is dense and linear
	Loss   string  // mse or cross_entropy, for the outer loss and the gradient learner's inner one
}

// MLP is a network of relu layers of the given widths with a linear output, the first
// `frozen` layers not plastic.
func MLP(inputs int, hidden []int, outputs, frozen int, loss string) Network {
	n := Network{Input: []int{inputs}, Loss: loss}
	for l, w := range hidden {
		n.Layers = append(n.Layers, Layer{Kind: DenseLayer, Out: w, Activation: Relu, Plastic: l >= frozen})
	}
	n.Layers = append(n.Layers, Layer{Kind: DenseLayer, Out: outputs, Activation: Linear, Plastic: len(hidden) >= frozen})
	return n
}

// Outputs is the number of output units n_L.
func (n Network) Outputs() int { return n.Layers[len(n.Layers)-1].Out }

// Plastic says which layers change in the inner loop of a learner.
func (n Network) Plastic(l Learner) []bool {
	plastic := make([]bool, len(n.Layers))
	for i, layer := range n.Layers {
		output := i == len(n.Layers)-1
		plastic[i] = layer.Plastic && (output && !l.HiddenOnly || !output && !l.OutputOnly)
	}
	return plastic
}

// Validate returns all faults of the network, with the paths of the fields, or nil.
func (n Network) Validate() error {
	_, err := n.shapes()
	return err
}

// geometry is what follows from a network: for each layer the shape of its weights and of
// one example of its result.
type geometry struct {
	weights [][]int
	results [][]int
}

// maxLayer bounds the number of weights of one layer, so that a slip of the pen is an error
// and not an allocation that kills the machine.
const maxLayer = 1 << 31

func (n Network) shapes() (geometry, error) {
	var g geometry
	var f fault.Fields
	f.Check(len(n.Input) == 1 || len(n.Input) == 3, "network.input", n.Input, "[n] or [C,H,W]")
	for _, d := range n.Input {
		f.Check(d > 0, "network.input", n.Input, "sizes of at least 1")
	}
	f.Add("network.loss", suggest.Unknown("loss", n.Loss, objective.Names()))
	f.Check(len(n.Layers) > 0, "network.layers", fault.Words("none"), "at least one layer")
	for l, layer := range n.Layers {
		path := fmt.Sprintf("network.layers[%d]", l)
		last := l == len(n.Layers)-1
		f.Check(layer.Out > 0, path+".out", layer.Out, "at least 1")
		f.Add(path+".activation", CheckActivation(layer.Activation))
		f.Add(path+".kind", suggest.Unknown("kind of layer", layer.Kind, []string{DenseLayer, ConvLayer}))
		if last {
			f.Check(layer.Activation == Linear, path+".activation", layer.Activation, "linear for the last layer")
			f.Check(layer.Kind == DenseLayer, path+".kind", layer.Kind, "dense for the last layer")
		}
	}
	if len(f) > 0 {
		return g, f.Join()
	}
	in := n.Input
	for l, layer := range n.Layers {
		path := fmt.Sprintf("network.layers[%d]", l)
		switch layer.Kind {
		case ConvLayer:
			if len(in) != 3 {
				f.Check(false, path+".kind", "conv", fmt.Sprintf("dense: its input has shape %v, not [C,H,W]", in))
				return g, f.Join()
			}
			out, err := op.ConvOutput(in[0], in[1], in[2], layer.Out, layer.Kernel, layer.Stride, layer.Pad)
			if err != nil {
				f.Add(path, err)
				return g, f.Join()
			}
			g.weights = append(g.weights, []int{layer.Out, in[0], layer.Kernel, layer.Kernel})
			in = out
		default:
			g.weights = append(g.weights, []int{layer.Out, size(in)})
			in = []int{layer.Out}
		}
		if w := g.weights[l]; size(w) > maxLayer || size(w) <= 0 {
			f.Check(false, path, fault.Words(fmt.Sprintf("weights of shape %v", w)), fmt.Sprintf("at most %d of them", maxLayer))
			return g, f.Join()
		}
		g.results = append(g.results, in)
	}
	return g, f.Join()
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
