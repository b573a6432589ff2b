// Package record takes the metrics of a run to where they are wanted: one stream of Records, for JSONL,
// a file that other programs read and a run goes on from, TensorBoard, and Console.
//
// A Record is a function of seed and meta-step. So a run that was killed and resumed leaves the bytes
// of one that was not, but for the times in TensorBoard's events, which come from a clock that is given.
// A file is cut back to the last checkpoint where it is opened again; see Recorder.
package record
