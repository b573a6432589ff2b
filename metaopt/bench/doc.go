// Package bench measures how fast a run's meta-steps are, and how fast the machine could be
// at them.
//
//	Run       builds a run's episodes, takes meta-steps and reports
//	Limit     what the processor and its memory can do at most
//	Machine   what the library of matrix products does, by shape, and copies through memory
//	Roofline  the least work of an episode, and the time of each kernel at the library's rates
//
// # The limit
//
// The limit of a meta-step follows from the machine, not from any library:
//
//	limit          = max( FLOPs / peak,  bytes / bandwidth )
//	limit_fraction = limit / measured
//
//	FLOPs      2·m·n·k of every matrix product and convolution of its episodes
//	bytes      of every array that a kernel reads or writes, once for each kernel and operand;
//	           arrays below 256 KiB are taken to stay in a core's cache and are not counted
//	peak       FLOPs per second of a kernel that stays in registers: multiply-adds (op.PeakFMA) of
//	           the instruction set and the element type in use, on all threads at once
//	bandwidth  bytes per second of x = x + s y (op.Stream) on all threads at once: two streams read
//	           and one written, in arrays of 128 MiB a thread or twice the last caches
//	measured   the median meta-step
//
// Both rates are the best of many short runs, after the first meta-steps and after the last: a limit is what the machine
// can do, and whatever comes between only takes away from it. Arithmetic and memory are taken to
// overlap from the beginning of a meta-step to its end, so that only the longer one counts.
//
// It leaves out: arithmetic that is not a matrix product; what --remat computes a second time; the
// waiting of one kernel for another; and that a kernel that is limited by memory cannot borrow time
// from one that is limited by arithmetic. So nothing reaches it. What can be faster than its term
// for memory: arrays that stay in a cache which all cores share, between one kernel and the next.
// Kernels that are fused read and write less, and lower it. Where no kernels are in use the peak is
// of scalar multiply-adds in Go, which a library that uses vector registers may exceed.
//
// # The roofline
//
// The roofline compares with the library. It is the sum over kernels of
//
//	max( Σ FLOPs of its products / the library's rate at their shapes,  bytes / copying )
//
// Rates are those of all threads together, each multiplying matrices of its own that lie in
// its cache, or copying arrays of 64 MiB, medians of a few trials. Kernels of package op may be
// faster than a library, and do better than the roofline.
//
// Source: Williams, Waterman & Patterson, Roofline: an insightful visual performance model
// for multicore architectures, Communications of the ACM 52 (2009) 65-76; the streams are after
// McCalpin, Memory bandwidth and machine balance in current high performance computers, IEEE TCCA
// Newsletter (1995) 19-25.
package bench
