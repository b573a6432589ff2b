package graph

import (
	"gorgonia.org/tensor"

	"metaplast/graph/engine"
)

// Memory is what one Unrolled of a configuration needs, in bytes, known before it is built.
//
//	Bytes(0) = Base + Steps·PerStep
//	Bytes(K) = Base + Steps·Kept + (Steps/K)·Checkpoint + K·(PerStep − Kept)
//
// It is worked out from two short episodes of the same network, since all of it grows with the
// number of inner steps T in a straight line.
type Memory struct {
	Steps      int   // T
	Base       int64 // meta-parameters, their gradients, the query pass, the frozen prefix
	PerStep    int64 // what an inner step needs if all of it is remembered
	Kept       int64 // what an inner step needs whatever is remembered: graph, plan, frozen prefix
	Checkpoint int64 // state between two inner steps: the fast weights
}

// nodeBytes is about what a node takes with its op, its place in the plan and its arguments.
const nodeBytes = 1400

// Estimate returns what an Unrolled of the model will need. Cost: milliseconds, whatever the number
// of steps.
func (m *Model) Estimate() (Memory, error) {
	cfg := m.cfg
	element := int64(8)
	if cfg.Dtype == tensor.Float32 {
		element = 4
	}
	need := Memory{Steps: cfg.Steps}
	const short, long, within = 4, 8, 2
	var slab, checkpointed, nodes [2]int64
	for i, steps := range [2]int{short, long} {
		u, outputs, err := m.assemble(steps)
		if err != nil {
			return Memory{}, err
		}
		slab[i] = int64(engine.Options{}.Bytes(u.b, outputs))
		checkpointed[i] = int64(engine.Options{Remat: within}.Bytes(u.b, outputs))
		nodes[i] = int64(u.Nodes()) * nodeBytes
		if i > 0 {
			continue
		}
		for _, l := range u.learners {
			need.Base += element * int64(l.layout.Total())
			var fast int64
			for j, plastic := range l.plastic {
				if plastic {
					fast += element * int64(size(l.geometry.weights[j])+l.stateSize(j))
				}
			}
			need.Checkpoint = max(need.Checkpoint, fast)
		}
	}
	row := element * int64(size(cfg.Network.Input)+cfg.Network.Outputs())
	graph := (nodes[1]-nodes[0])/(long-short) + row*int64(cfg.Batch)
	need.PerStep = (slab[1]-slab[0])/(long-short) + graph
	need.Kept = max((checkpointed[1]-checkpointed[0])/(long-short)-need.Checkpoint/within, 0) + graph
	need.Base += row*int64(cfg.Query) + slab[0] + short*(graph-need.PerStep)
	return need, nil
}

// Bytes is the memory of one graph with a distance K of checkpoints, 0 for none.
func (m Memory) Bytes(remat int) int64 {
	t, k := int64(m.Steps), int64(remat)
	if k <= 0 || k >= t {
		return m.Base + t*m.PerStep
	}
	return m.Base + t*m.Kept + (t+k-1)/k*m.Checkpoint + k*(m.PerStep-m.Kept)
}

// Remat returns the largest distance of checkpoints with which a graph fits into so many
// bytes: 0 if everything can be kept, which takes least time. The larger it is, the less is
// computed twice. If nothing fits it returns the distance that needs least, and false.
func (m Memory) Remat(bytes int64) (remat int, fits bool) {
	if m.Bytes(0) <= bytes {
		return 0, true
	}
	best := 1
	for k := m.Steps - 1; k >= 1; k-- {
		if m.Bytes(k) <= bytes {
			return k, true
		}
		if m.Bytes(k) < m.Bytes(best) {
			best = k
		}
	}
	if m.Bytes(0) < m.Bytes(best) {
		best = 0
	}
	return best, false
}

// Bytes is the size of the slab that holds all arrays but inputs, 0 if the machine is not
// the planned one.
func (u *Unrolled) Bytes() int {
	if p, ok := u.vm.(engine.Program); ok {
		return p.Bytes()
	}
	return 0
}
