package draw

import (
	"fmt"

	"metaplast/graph"
)

// MostNodes is how many nodes a picture may have that people can read.
const MostNodes = 600

// SizeError says that a picture would have too many nodes to be read.
type SizeError struct {
	Nodes int // of the whole
	Each  int // for each inner step
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("the graph has %d nodes (%d of them for each inner step), want at most %d in a picture to be read", e.Nodes, e.Each, MostNodes)
}

// Readable builds the outline of an episode, or refuses it with a *SizeError: the number of nodes
// grows with the inner steps in a straight line and is so known before they are built.
func Readable(g graph.Config) (*graph.Outline, error) {
	steps := g.Steps
	nodes := [2]int{}
	for i := range nodes {
		g.Steps = i + 1
		o, err := graph.NewOutline(g)
		if err != nil {
			return nil, err
		}
		nodes[i] = len(o.Nodes)
	}
	if n := nodes[0] + (steps-1)*(nodes[1]-nodes[0]); n > MostNodes {
		return nil, &SizeError{Nodes: n, Each: nodes[1] - nodes[0]}
	}
	g.Steps = steps
	return graph.NewOutline(g)
}
