// Package export turns what is known of a run's learners into arrays for numpy and tables for
// everyone else: pure functions, from parameters, traces and analyses to npz arrays and CSV.
//
//	Parameters  <learner>/W0 …, as in graph.Layout
//	Episode     the data of one episode, and what each learner made of it, step by step
//	Measures    the fields of analysis.Analysis, by their names in JSON
//	Tables      the same as CSV, one row a number or a few that belong together
//
// docs/export.md describes the files to their readers.
package export
