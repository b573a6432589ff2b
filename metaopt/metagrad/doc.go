// Package metagrad computes loss, final weights and meta-gradients of one episode that is
// given as files, so that they can be compared with other implementations.
//
// A case is a folder:
//
//	case.json    network, learner and loss
//	inputs.npz   meta-parameters and one episode, float64
//
// and the result is an archive of loss [1], final_W{l} (and final_b{l} where biases are
// plastic), final_state.NAME.{l} of variables of the rules, and grad_<name> for every parameter array of the inputs; what is not learned has a gradient
// of zero. A field or array that takes no part is an error. Names, shapes and
// formulas are those of package graph; testdata/golden/README.md describes the format and
// holds cases whose results came from an independent implementation.
package metagrad
