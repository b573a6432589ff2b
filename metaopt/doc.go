// Package metaopt is the outer loop: it improves the meta-parameters of one or several
// learners with the meta-gradients that package graph computes.
//
// It owns the Trainer, which draws episodes, adds up their gradients, steps the optimiser of package
// optim, tells package record and saves by package checkpoint; and the Reducer, by which processes share
// a meta-step. It never builds nodes.
//
// The order of one meta-step s, counted from 0, for each learner:
//
//	Sum     the rows of all episodes over all ranks (Reducer)
//	g       mean of the rows that are finite, added in episode order
//	Clip    g ← g·min(1, c/‖g‖)
//	Step    θ ← θ − rate·factor(s)·step(g), by the optimiser, such as Adam
//	Record  all records of step s+1, the number of steps completed
//	Flush   where a checkpoint is due, then checkpoint.Save
//
// The same seed gives the same bytes, in θ, in the checkpoint and in the JSONL log, however
// often a run is killed and resumed. So nothing here reads the clock or a global source of
// randomness, and sums have one order.
package metaopt
