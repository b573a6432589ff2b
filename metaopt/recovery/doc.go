// Package recovery measures whether a learner has found the rule by which a teacher changes; see
// data.Planted.
//
//	Measure     takes a trained learner through held-out trajectories of the teacher
//	Result      coefficients, true and found; how near weights, activities and answers come
//	Criterion   what counts as found
//
// On a trajectory of T steps, with the teacher's weights W_t after step t, its activities h_t and
// answers y_t before it, and those of the learner with a hat,
//
//	R² of weights     1 − Σ_t |W_t − Ŵ_t|² / Σ_t |W_t − W̄|²         W̄ the mean over t, t = 1 … T
//	R² of activity    1 − Σ_t |h_t − ĥ_t|² / Σ_t |h_t − h̄|²         h̄ the mean over t and examples
//	deviance explained, percent   100 (D_0 − D) / D_0,   D = Σ |y_t − ŷ_t|²
//
// where D_0 is the D of a network that does not change, θ = 0. All synapses of the plastic layer count
// together, as do its units; R² is the mean over trajectories, D the sum over all.
//
// Source: Mehta et al., Model-based inference of synaptic plasticity rules, NeurIPS 2024, which takes
// R² synapse by synapse and the deviance of binary choices.
package recovery
