// Package run keeps a run of meta-training in a folder: created, trained, interrupted, resumed,
// extended, measured, and compared with others.
//
//	Create     a new run of a configuration, in a folder of its own
//	Reopen     a run that is there, to go on with it, or to make it longer
//	Run        Train it to the end, then Result
//	Open       a run that is there, to measure its learners as they are now
//	Folder     what is where in a run folder
//
// One seed gives the same bytes in all files but those that tell of the machine and the time; see
// Folder. All that can be wrong with what was given is found before anything is written, and is a
// fault.Input. Whatever stops Train, the folder then holds a run that Reopen goes on with.
//
// The package never reads the clock and prints nothing: see Options.
package run
