// Package data makes the episodes that a network lives through: plain tensors, with no
// knowledge of graphs or of what learns from them.
//
// An Episode is one lifetime: a support stream of T inner steps, from which a learner learns
// step by step, then a query set, on which the outer loss is measured. A Sampler draws
// episodes by number:
//
//	Sample(seed, split, step, episode) → Episode
//
// The four arguments are the whole state. A sampler keeps no generator, so that any worker
// can draw any episode, in any order, and a resumed run draws what an uninterrupted one would
// have drawn.
//
// Training, held-out and validation episodes come from disjoint random streams: the split is part
// of the key (see Purpose), so that the functions of an evaluation are ones that training has
// never seen.
//
// Sine is regression. Classification draws few-shot episodes from a Bank of classes with drawings,
// each class in one split only, and Trajectory the long streams of the continual meta-test.
//
// Subpackages: data/glyphs, data/omniglot and data/miniimagenet make banks, data/fetch brings data
// sets onto the machine; data/stream makes the random streams, data/npz reads and writes NumPy
// archives, data/regular opens files that others may have prepared.
package data
