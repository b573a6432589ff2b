// Package optim improves vectors of meta-parameters by gradients: optimisers with a state that is
// exported, so that a run resumes exactly, schedules of their learning rates, and Clip, which bounds a
// gradient's norm.
//
// The meta-parameters of a learner are one flat vector θ in float64, whatever the dtype of its graph,
// laid out in Segments; gradients and states have the same layout.
//
// Products are rounded one by one: a compiler that fused them with additions would give other bits on
// other processors.
package optim
