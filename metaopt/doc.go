// Package metaopt is the outer loop: it improves the meta-parameters of one or several
// learners with the meta-gradients that package graph computes.
//
// It owns
//
//   - the optimiser, Adam, with its state exported so that a run resumes exactly, the
//     schedule of its learning rate, MultiStep, and Clip, which bounds the gradient's norm;
//   - the workers' common sum, Reducer;
//   - the metrics: one stream of Records, for Console, JSONL and TensorBoard;
//   - the checkpoints and the lock on a run folder.
//
// It never builds nodes. The meta-parameters of a learner are one flat vector θ in float64,
// whatever the dtype of its graph, laid out in Segments; gradients and moments have the same
// layout. Everything here works on such vectors.
//
// The order of one meta-step s, counted from 0, for each learner:
//
//	Sum     the rows of all episodes over all ranks (Reducer)
//	g       mean of the rows that are finite, added in episode order
//	Clip    g ← g·min(1, c/‖g‖)
//	Step    θ ← θ − rate·factor(s)·Adam(g)
//	Record  all records of step s+1, the number of steps completed
//	Flush   where a checkpoint is due, then SaveCheckpoint
//
// The same seed gives the same bytes, in θ, in the checkpoint and in the JSONL log, however
// often a run is killed and resumed. So nothing here reads the clock or a global source of
// randomness, and sums have one order. The products in Adam and Clip are rounded one by one:
// a compiler that fused them with the additions would give other bits on other processors.
package metaopt
