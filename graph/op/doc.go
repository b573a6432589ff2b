// Package op makes every node of an episode's graph.
//
// A [Builder] owns one Gorgonia ExprGraph. Its methods are the vocabulary in which rules,
// pathways and networks are written: first the primitives, one per file, each a Gorgonia Op
// with its kernel and its symbolic derivative, then what networks and rules are made of: a
// layer (Dense, DenseBack), the mixture of feedback and activity (Post), the update of
// weights (HebbStep, OjaStep, TaylorStep), losses (MSE, CrossEntropy). These are fused kernels, each
// with the passes over memory that it needs and no more. What each of them stands for can be
// written in primitives, which [Builder.Compose] asks for; these compositions are the
// reference that tests compare the kernels with, and what a fused derivative is
// differentiated by once more.
//
// Why the primitives are not Gorgonia's own. Gorgonia merges nodes by a 32-bit hash and the
// equality behind it ignores children, so that in a graph of 20,000 of its Add nodes one in
// twenty graphs computes something else, without an error. Every op made here carries an
// identity of its own in its hash, and the Builder asserts that no node was merged. Tests
// compare each primitive with Gorgonia's op of the same meaning.
//
// # Errors
//
// A Builder remembers the first error, and methods return nil from then on; nil operands are
// passed through. So a rule is written as one expression, and [Builder.Err] is looked at
// once, after building. A shape that does not fit gives a [ShapeError] that names the op and
// the shapes.
//
// # Derivatives
//
// A primitive of one's own is a [Primitive], put into the graph by [Builder.Define].
//
// The set of primitives is closed under differentiation: the derivative of each is made of
// primitives, so that gradients of any order exist. [Builder.Pullback] is the reverse pass.
// A contribution is added to the sum so far by the kernel that computes it, where a machine
// can do so in place.
//
// # Numbers
//
// Arrays are row-major float32 or float64. Sums and inner products accumulate in float64 for
// both, matrix products and convolutions in the array's own type. No kernel turns NaN into
// a number: relu(NaN) is NaN.
//
// Matrix products are those of package blas, but for float32 products of at most 64 examples
// and Oja's passes over the weights: these are computed in tiles that stay in registers, since a
// library copies its operands first, which for so few rows costs as much as the product.
//
// Which kernel a product goes to, and with it the order of a sum, depends on its shape. So a
// row of a product may differ in its last digits from the same row computed among others.
//
// # Assembly
//
// What an episode spends its time with has kernels in assembly, for float32 on amd64:
//
//	bias_relu, gate, add_scaled, scale, mix, dot_difference   loops over activities
//	multiply, multiply_add                                    loops over activities and weights
//	product_tile, dot_tile                                    products of few examples
//	oja_step_tile, oja_back_tile                              passes over W
//	peak                                                      nothing but arithmetic, float64 too, to measure the processor
//
// Each is described once, in the folder kernelgen, and generated (…_amd64.s, never edited by
// hand): tiles and passes for AVX2 with FMA3 and for AVX-512, loops, which wait for memory, for
// AVX2 alone:
//
//	go generate ./graph/op
//
// A set of instructions is chosen when the process starts, the best that the processor has or
// what [KernelsVariable] asks for, and never changes ([Tiles] tells). Which of an operation's
// kernels is called depends on that and on shapes alone; everything else is done by loops in Go
// and by the library, and all of it is with the set none.
//
// Kernels of the two sets give the same bits: every element is made by the same operations in
// the same order, in wide registers or in narrow ones. (Inner products with AVX2 are OpenBLAS's
// where that is in use, since it is faster.) Loops over activities give the bits of the loops in
// Go too. Tiles round once in a multiplication and addition, loops in Go twice: like the
// choice of a library, doing without kernels shows in the last digits. Tests and fuzz targets
// compare each kernel with its plain loop, bit for bit.
package op

//go:generate go run ./kernelgen
