// Package report makes the report of a run or a study: one self-contained page, its figures as
// files, and its key figures as JSON.
//
//	Run, Study   what a report is made from
//	Document     its text, key figures, figures and tables, still as data
//	Files        report.html, report.json and figures/*.svg, *.png, by name
//
// Everything is a pure function of its arguments, and the same arguments give the same bytes.
// Nothing here reads a run folder or measures a learner.
//
// # Key figures
//
// A number that the text relies on is a Key of the document. Text refers to it by its name in
// braces, "{flp.loss}", never by its digits, so that page, JSON and text cannot disagree. In the
// page it is a data element:
//
//	<data data-key="flp.loss" value="0.09215…">0.0922 [0.0824, 0.102]</data>
//
// # The page
//
// It loads nothing, runs no script, follows the reader's colour scheme, and is as wide as the
// window allows: what is wider than a telephone, tables and commands, scrolls by itself. Every
// figure has a caption and its numbers as a table.
package report
