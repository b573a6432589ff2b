// Package engine runs graphs of package op: it differentiates them, plans when and where in
// memory each node is computed, and computes them on any number of threads. It knows nothing of
// networks and learners.
//
//	Grad        the reverse pass, as nodes of the same graph
//	Machine     what makes a gorgonia.VM of a graph: Planned, Sequential (Planned on one
//	            thread), or Gorgonia's TapeMachine (Tape), the oracle of the tests
//	Options     threads, checkpoints and carries of the planned machine
//	Program     the planned machine itself: its bytes, its costs, its times
//	Reachable   what outputs depend on
//
// A graph is run like this:
//
//	b := op.New(tensor.Float32)
//	x := b.Input("x", 8, 4)                       // build
//	cost := b.Dot(x, x)
//	grads, err := engine.Grad(b, cost, x)         // differentiate
//	err = gorgonia.Let(x, value)                  // bind arrays to all inputs, once
//	outputs := append(grads, cost)
//	vm, err := engine.Planned(engine.Options{Threads: 2})(b, outputs)
//	err = vm.RunAll()                             // then read the outputs' values; copy new
//	                                              // data into the inputs' arrays, run again
//
// Inside, in the order in which Planned goes through them:
//
//	schedule    tasks in the order of the nodes' making, with what is computed twice
//	layout      a place in one slab for every value, and which task waits for which
//	program     tasks with their arrays: steps, run one after the other
//	crew        or by several threads, by rank: the longest way to the end first
//
// Results are the same bits for any number of threads and any distance of checkpoints.
package engine
