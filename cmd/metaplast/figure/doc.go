// Package figure draws the pictures of run folders and reports.
//
//	Figure   a caption, a key and one or several panels, as data
//	Inline   a panel as SVG for a page, in the colours of the reader's scheme
//	Files    the whole figure as SVG and PNG, on white
//	Table    the numbers of a panel, for readers who do not see it
//
// All of them are made from the same data by one drawing code, gonum's plot, so that page,
// files and table cannot disagree. In SVG for a page the fixed colours are replaced by the CSS
// variables that Variables lists; those of heat maps stay as they are, with text that is legible
// on them, in either scheme.
//
// Everything is a pure function of its arguments: the same figure gives the same bytes.
//
// # Values that are not finite
//
// A line is broken where its value is NaN or infinite. Where that is a result, as for a diverged
// episode, and not a place without data, the line says so by Diverged, and a cross on the upper
// edge marks it. A cell of a heat map without a value is grey with a dash in it.
package figure
