// Package glyphs makes an alphabet of characters out of strokes, so that classification works with
// no data set at hand.
//
// A class is a prototype: a few strokes, each a line or a quadratic curve between points of a
// lattice. A drawing is the prototype written by an unsteady hand: every point moved a little, the
// whole slanted, stretched and shifted, with a pen of another thickness. See Config for the sizes.
//
// All geometry is integer arithmetic on random numbers from data/stream, so that the same seed
// gives the same bytes on every 64-bit machine. The idea is that of Omniglot (Lake et al., Science 350,
// 2015), which is drawn by people and should be preferred for results.
package glyphs
