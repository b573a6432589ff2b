// Package bench measures how fast a run's meta-steps are, and how fast the machine could be
// at them.
//
//	Run       builds a run's episodes, takes meta-steps and reports
//	Machine   the rates of this machine: matrix products by shape, and memory
//	Roofline  the time that an episode would take at those rates
//
// The roofline of an episode is the sum over its kernels of
//
//	max( Σ FLOPs of its products / rate at their shapes,  bytes / bandwidth )
//
// Rates are those of all threads together, each multiplying matrices of its own that lie in
// its cache. The bytes of a kernel are those of every array that it reads or writes, once
// each; arrays below 256 KiB are taken to stay in a core's cache and are not counted.
// Arithmetic that is not a matrix product is not counted, nor is what --remat computes a
// second time. A kernel cannot be faster than its term but by arrays that stay in a cache
// which all cores share; so the fraction, roofline over measured time, tells what is left to
// gain.
//
// Source: Williams, Waterman & Patterson, Roofline: an insightful visual performance model
// for multicore architectures, Communications of the ACM 52 (2009) 65-76.
package bench
