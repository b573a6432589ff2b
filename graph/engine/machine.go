package engine

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Machine makes something that runs a graph.
//
// The inputs of the graph have values bound to them before the call, by gorgonia.Let, and
// keep those arrays: new data are copied into them. After RunAll every one of outputs has
// its value, which is valid until the next RunAll. Neither the graph nor a machine is safe
// for concurrent use.
//
// Planned is what metaplast runs with, Tape is Gorgonia's own machine and the oracle
// that the tests compare it with.
type Machine func(b *op.Builder, outputs []*G.Node) (G.VM, error)

// Tape runs the graph on Gorgonia's TapeMachine. It computes every node of the graph. Cost:
// compiling takes time quadratic in the number of nodes, 2 s at 14,000, and every node has
// an array of its own.
func Tape(b *op.Builder, _ []*G.Node) (vm G.VM, err error) {
	if err := b.Err(); err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil { // NewTapeMachine has no other way to say it
			vm, err = nil, fmt.Errorf("gorgonia cannot compile the graph: %v", r)
		}
	}()
	return tape{G.NewTapeMachine(b.Graph())}, nil
}

// tape resets the machine before each run, so that it can be run again and its values can
// be read in between.
type tape struct{ G.VM }

func (t tape) RunAll() error {
	t.VM.Reset()
	return t.VM.RunAll()
}
