// Package continual tests what learners keep of long streams in which one class after the other
// is taught, once and for good.
//
//	Plan          the learners of a run, their meta-parameters, and how many workers
//	Trajectories  accuracy after streams of many classes, 15 drawings of each one at a time, on the
//	              drawings that were taught and on others of the same classes: the meta-test of OML
//	              and ANML
//	Tune          the rates of learners for such streams, on validation classes
//	Matrices      accuracy on every class of an episode after every class of it, and what follows:
//	              average accuracy, backward and forward transfer, forgetting
//
// Streams are shown from a data.Plan, one step at a time, and queries are put in portions: memory
// does not depend on the number of classes. All learners of a plan see the same drawings in the
// same order with the same output units, so that they are paired. The same plan gives the same
// bits for any number of workers.
package continual
