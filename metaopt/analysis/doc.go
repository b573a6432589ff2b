// Package analysis measures how trained learners change their weights in held-out episodes,
// inner step by inner step, beside the gradient that they could have followed.
//
//	Options    how many episodes, and what of them
//	Analyse    all measures of all subjects on the same episodes
//	Analysis   what comes out, for one subject: curves, tables, numbers, all with JSON
//
// The formulas are those of package measure. What they are given comes from graph.Probe: at
// the fast weights W(t) of an inner step, and for the N examples of that step,
//
//	ΔW   what the learner's rule adds to its fast weights
//	∇W   the gradient of the mean loss on the same examples by the same weights
//	h    the activities of the forward pass
//
// Both ΔW and ∇W are taken over all plastic weights of a layer, biases included where they
// are plastic too, and over those alone. Everything is computed in double precision, whatever
// the run was trained in: an update is a small difference of large numbers.
//
// # Interference
//
// At some points of the stream, W(0), W(T) and ends of tasks between them, every task i is
// asked what one inner step on N of its support examples would do:
//
//	overlap      cos(ΔW_i, ΔW_j)
//	alignment    cos(ΔW_i, −∇W L_j)
//	exact        L_j(W + ΔW_i) − L_j(W)      positive: the update harms task j
//	first order  ∇W L_j · ΔW_i
//
// L_j is the mean loss on N support examples of task j, the same ones that update j answers to.
// For gradient descent, ΔW_i = −η ∇W L_i, the first order is −η ∇L_i·∇L_j, symmetric, and the
// alignment is the cosine of the two gradients, MER's gradient alignment (Riemer et al., ICLR
// 2019). Every task has several such batches, so that there are pairs within a task too. The
// weights are put back afterwards: measuring changes nothing of the episode.
//
// # What is left out
//
// An episode in which a loss, a weight, a gradient or an activity of a learner is not finite
// has diverged for that learner: it is counted, and left out of all its means and medians. A measure that
// is undefined in an episode, such as the cosine of a zero update, is left out of the mean
// over episodes for itself alone; it is NaN where no episode defines it.
package analysis
