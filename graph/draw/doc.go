// Package draw shows the graph of an episode to people.
//
//	New        a Picture of what graph.NewOutline built: a box for each pass of a kernel,
//	           with its place in the episode
//	DOT        the picture as text for Graphviz, with every edge
//	SVG        the picture itself, laid out here
//	Counts     how many nodes of each kind there are, by learner and direction
//
// Boxes are in groups: by learner, by inner step, and by direction, forward or the outer
// gradient (op.Label). Output depends on the picture alone, byte for byte.
//
// # Why the SVG is laid out here
//
// A layered layout, which is what Graphviz does, knows nothing of the two axes that an
// episode has, and reading a picture is knowing them: time runs from left to right, layers
// lie on top of each other, and the gradient runs back underneath. So places are known
// beforehand, and all that is left to do is to put boxes into cells. Besides, an SVG should
// need no program that is not there: Graphviz as WebAssembly (goccy/go-graphviz v0.2.10) was
// measured to add 0.05 to 0.2 s to the start of every command, because it is compiled when
// the program starts, and to leave a cache behind.
package draw
