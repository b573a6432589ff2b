package config

import (
	"fmt"
	"slices"

	"metaplast/data/settings/tree"
	"metaplast/graph"
	"metaplast/graph/op"
)

// Activation is φ of the layers below the output: one for all of them, or one for each,
// convolutions first. The zero value is relu for all.
type Activation struct {
	All  string
	Each []string
}

// MarshalYAML gives the one, or the list.
func (a Activation) MarshalYAML() (any, error) {
	if a.All == "" && a.Each != nil {
		return a.Each, nil
	}
	return a.All, nil
}

// activation decodes a text or a list of texts.
func (d *decoder) activation(n *tree.Node, path string) (a Activation) {
	switch n.Kind {
	case tree.Scalar:
		d.Scalar(n, path, &a.All)
	case tree.List:
		a.Each = make([]string, len(n.Items))
		for i, item := range n.Items {
			d.Scalar(item, fmt.Sprintf("%s[%d]", path, i), &a.Each[i])
		}
	default:
		d.Want(n, path, "an activation, such as tanh, or a list with one for each layer, such as [softplus(10), relu]")
	}
	return a
}

// layers is the number of layers below the output.
func (n Network) layers() int { return len(n.Conv) + len(n.Hidden) }

// activations are those of the layers below the output, bottom first.
func (n Network) activations() []string {
	list := make([]string, n.layers())
	for l := range list {
		switch {
		case l < len(n.Conv) && n.Conv[l].Activation != "":
			list[l] = n.Conv[l].Activation
		case n.Activation.All != "":
			list[l] = n.Activation.All
		case l < len(n.Activation.Each):
			list[l] = n.Activation.Each[l]
		default:
			list[l] = graph.Relu
		}
	}
	return list
}

// misfits are the faults of all that says activations.
func (n Network) misfits() (faults []error) {
	check := func(path, activation string) {
		if err := graph.CheckActivation(activation); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", path, err))
		}
	}
	a := n.Activation
	if a.All != "" {
		check("network.activation", a.All)
	}
	for i, name := range a.Each {
		check(fmt.Sprintf("network.activation[%d]", i), name)
	}
	if a.Each != nil && len(a.Each) != n.layers() {
		faults = append(faults, fmt.Errorf("network.activation: a list of %d, want one for each of %d layers (convolutions first, then those of network.hidden; the output is linear), or a single one for all", len(a.Each), n.layers()))
	}
	for i, c := range n.Conv {
		if c.Activation == "" {
			continue
		}
		check(fmt.Sprintf("network.conv[%d].activation", i), c.Activation)
		if a.Each != nil {
			faults = append(faults, fmt.Errorf("network.conv[%d].activation: %s, but network.activation lists those of all layers: want it said in one place", i, c.Activation))
		}
	}
	return faults
}

// normalise gives what means the same one text: nothing where all are relu, the one that all have,
// or the list.
func (n *Network) normalise() {
	list := n.activations()
	for l, a := range list {
		list[l] = string(op.Activation(a).Normal())
	}
	for i := range n.Conv {
		n.Conv[i].Activation = ""
	}
	n.Activation = Activation{}
	same := slices.Compact(slices.Clone(list))
	switch {
	case len(same) > 1:
		n.Activation.Each = list
	case len(same) == 1 && same[0] != graph.Relu:
		n.Activation.All = same[0]
	}
}

// Narrow leaves one hidden layer above the convolutions, of a width, with the activation of the lowest.
func (n *Network) Narrow(width int) {
	list := n.activations()
	n.Hidden = []int{width}
	n.Activation = Activation{Each: append(list, graph.Relu)[:n.layers()]}
	for i := range n.Conv {
		n.Conv[i].Activation = ""
	}
	n.Frozen = min(n.Frozen, n.layers())
	n.normalise()
}
