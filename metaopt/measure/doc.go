// Package measure quantifies how learned local updates differ from gradient descent, and
// says how sure one can be of a difference.
//
// Of one update ΔW, an array of the shape of W, and the gradient ∇W of the loss it answers to:
//
//   - direction and size against gradient descent: Cosine, DescentCosine, NormRatio;
//   - how many directions it uses: MatrixRank;
//   - how well the feedback weights mirror the forward path: ForwardPath, FeedbackAngle.
//
// Of several updates or tasks:
//
//   - whether updates share directions, with each other and with descent: Overlap, Alignment;
//   - whether they hurt each other's losses: Interference, FirstOrderInterference, Harm,
//     HarmBetween;
//   - means of either within and between classes: GroupPairs;
//   - what a sequence of tasks leaves behind: AverageFinal, BackwardTransfer,
//     ForwardTransfer, Forgetting, Retain.
//
// Of outputs and targets: SquaredError, CrossEntropy, Correct.
// Of activities and of the meta-parameters: ZeroFraction, Hoyer, DeadUnits, Activity,
// NewHistogram. Of the numbers that come out: StudentT and Bootstrap for an interval, Claim for a
// verdict, Number, Numbers and Table for JSON.
//
// Everything is a pure function of float64 slices. Nothing here builds nodes, reads a clock
// or writes a file; inputs are never modified, and results share no memory with them.
// Sums have one order and products are rounded before they are added, so that the same input
// gives the same bits; where logarithms, angles or singular values are involved, on one kind
// of processor.
//
// # Conventions
//
// Vectors are flat: where a network's update has several arrays, put them end to end, in
// the same order for update and gradient. A Matrix is row-major. Tables by task are
// [][]float64, the first index the earlier one in the formula. Indices count from 0, also
// where a formula of a paper counts from 1.
//
// Input that is not finite, ragged, or of the wrong length is refused with a typed error
// that says where: what to do about a diverged episode is the caller's decision. A
// measure that legal input leaves undefined, such as the cosine of a zero update, is NaN,
// and each function says when; it is never 0 in its place.
package measure
