// Package graph builds a whole episode, every inner step of one or several learners, as one
// Gorgonia ExprGraph with its outer losses and meta-gradients, and runs it.
//
//	Network, Learner   what there is to build, with Validate
//	New, Model         a configuration that has been checked once: its layouts, the memory that
//	                   an episode needs (Estimate), and episodes
//	Role, Layout       the meta-parameters by role, name and group, and their initial values
//	Unroll             the episode: bind data and parameters, run, read losses,
//	                   final weights and meta-gradients; built once, bound again and again
//	Inner              the inner loop alone, one step at a time: meta-tests of any length
//	Outline            the nodes alone, for pictures and counts
//	Costs, Profile     what an episode consists of, and where its time goes
//
// Package engine differentiates and runs what is built here.
//
// The package does not know where data come from, and keeps no state between episodes but
// the arrays it reuses.
package graph
