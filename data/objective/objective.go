// Package objective names what learners of a task are measured by: the loss that a data.Spec asks
// for, that rules.Loss builds, and that a graph.Network has for its outer loop.
package objective

// The losses, as settings name them.
const (
	MSE          = "mse"           // mean squared error, of regression
	CrossEntropy = "cross_entropy" // of a softmax over the outputs, of classification
)

// Names lists the losses.
func Names() []string { return []string{MSE, CrossEntropy} }
