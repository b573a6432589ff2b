package measure_test

import (
	"fmt"

	"metaplast/metaopt/measure"
)

// An update that follows the gradient in one weight and not in the other.
func ExampleDescentCosine() {
	gradient := []float64{2, 2}
	cos, err := measure.DescentCosine([]float64{-0.1, 0}, gradient)
	if err != nil {
		fmt.Println(err)
		return
	}
	ratio, _ := measure.NormRatio([]float64{-0.1, 0}, gradient)
	fmt.Printf("cosine %.4f, ratio %.4f\n", cos, ratio)

	cos, _ = measure.DescentCosine([]float64{0, 0}, gradient)
	fmt.Println("no update:", cos)
	// Output:
	// cosine 0.7071, ratio 0.0354
	// no update: NaN
}

// Updates of two classes, two examples each.
func ExampleGroupPairs() {
	overlap, err := measure.Overlap([][]float64{{1, 0, 0}, {1, 1, 0}, {0, 0, 3}, {0, -1, 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	g, _ := measure.GroupPairs(overlap, []int{0, 0, 1, 1})
	fmt.Printf("within a class  %6.3f over %d pairs\n", g.Within, g.WithinPairs)
	fmt.Printf("between classes %6.3f over %d pairs\n", g.Between, g.BetweenPairs)
	// Output:
	// within a class   0.707 over 4 pairs
	// between classes -0.125 over 8 pairs
}

// Gradient descent on three tasks: the first two agree, the third is against them.
func ExampleFirstOrderInterference() {
	gradients := [][]float64{{1, 0}, {1, 1}, {-2, 0}}
	updates := [][]float64{{-0.1, 0}, {-0.1, -0.1}, {0.2, 0}}
	m, err := measure.FirstOrderInterference(updates, gradients)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range m {
		fmt.Printf("%5.1f\n", row)
	}
	h, _ := measure.Harm(m)
	fmt.Printf("%.2f of the pairs are harmful, %.2f helpful\n", h.Harmful, h.Helpful)
	// Output:
	// [ -0.1  -0.1   0.2]
	// [ -0.1  -0.2   0.2]
	// [  0.2   0.2  -0.4]
	// 0.67 of the pairs are harmful, 0.33 helpful
}

// Accuracy on three tasks, after each of them; chance is 0.5.
func ExampleBackwardTransfer() {
	r := [][]float64{
		{0.9, 0.6, 0.5},
		{0.8, 0.9, 0.5},
		{0.7, 0.8, 0.9},
	}
	average, _ := measure.AverageFinal(r)
	backward, _ := measure.BackwardTransfer(r, measure.Accuracy)
	forward, _ := measure.ForwardTransfer(r, []float64{0.5, 0.5, 0.5}, measure.Accuracy)
	forgetting, _ := measure.Forgetting(r, measure.Accuracy)
	fmt.Printf("ACC %.2f, BWT %.2f, FWT %.2f, forgetting %.2f\n", average, backward, forward, forgetting)

	_, err := measure.BackwardTransfer([][]float64{{0.9}}, measure.Accuracy)
	fmt.Println(err)
	// Output:
	// ACC 0.80, BWT -0.15, FWT 0.05, forgetting 0.15
	// too few rows of results: 1, need at least 2
}

func ExampleRetain() {
	r, err := measure.Retain([][]float64{
		{0.1, 0, 0},
		{0.3, 0.1, 0},
		{0.4, 0.2, 0.1},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for j, c := range r.Change {
		fmt.Printf("task %d: learned to %.1f, then %+.1f\n", j, r.Learned[j], c)
	}
	fmt.Printf("mean by age: %.2f\n", r.ByAge)
	// Output:
	// task 0: learned to 0.1, then [+0.0 +0.2 +0.3]
	// task 1: learned to 0.1, then [+0.0 +0.1]
	// task 2: learned to 0.1, then [+0.0]
	// mean by age: [0.00 0.15 0.30]
}

func ExampleActivity() {
	a, err := measure.Activity(measure.Matrix{Rows: 2, Cols: 4, Data: []float64{
		0, 1, 0, 0,
		0, 2, 2, 0,
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("zeros %.3f, Hoyer %.3f, dead %v\n", a.Zeros, a.Hoyer, a.Dead)
	// Output: zeros 0.625, Hoyer 0.793, dead [0 3]
}

// Two layers above a layer of two units, and one output.
func ExampleFeedbackAngle() {
	weights := []measure.Matrix{
		{Rows: 2, Cols: 2, Data: []float64{1, 2, 3, 4}},
		{Rows: 1, Cols: 2, Data: []float64{1, -1}},
	}
	path, err := measure.ForwardPath(weights, nil) // [-2 -2]
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range [][]float64{{-1, -1}, {-1, 0}, {1, -1}} {
		angle, _ := measure.FeedbackAngle(measure.Matrix{Rows: 2, Cols: 1, Data: b}, path)
		fmt.Printf("%v: %.0f°\n", b, angle)
	}
	// The second unit of the layer in between is off.
	path, _ = measure.ForwardPath(weights, [][]float64{nil, {1, 0}})
	fmt.Println("gated path", path.Data)
	// Output:
	// [-1 -1]: 0°
	// [-1 0]: 45°
	// [1 -1]: 90°
	// gated path [1 2]
}

func ExampleMatrixRank() {
	r, err := measure.MatrixRank(measure.Matrix{Rows: 2, Cols: 3, Data: []float64{
		3, 0, 0,
		0, 0, 1,
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("effective %.3f, stable %.3f, singular values %.0f\n", r.Effective, r.Stable, r.Singular)
	// Output: effective 1.755, stable 1.111, singular values [3 1]
}

// Two learners, eight seeds: is the loss of the first lower?
func ExampleClaim() {
	flp := []float64{0.31, 0.42, 0.28, 0.50, 0.33, 0.45, 0.39, 0.30}
	oml := []float64{0.35, 0.47, 0.29, 0.58, 0.36, 0.46, 0.45, 0.37}
	b := measure.Bootstrap{Seed: 1, Purpose: "flp-oml"}
	effect, err := b.PairedMean(flp, oml)
	if err != nil {
		fmt.Println(err)
		return
	}
	verdict, _ := measure.Claim{Direction: measure.Less}.Judge(effect)
	fmt.Printf("%.4f, 95 %% [%.3f, %.3f], n = %d: %v\n", effect.Estimate, effect.Low, effect.High, effect.N, verdict)

	// By more than 0.05?
	verdict, _ = measure.Claim{Direction: measure.Less, Threshold: -0.05}.Judge(effect)
	fmt.Println(verdict)

	// A single seed decides nothing.
	single, _ := b.PairedMean(flp[:1], oml[:1])
	verdict, _ = measure.Claim{Direction: measure.Less}.Judge(single)
	fmt.Printf("%.2f [%v, %v]: %v\n", single.Estimate, single.Low, single.High, verdict)
	// Output:
	// -0.0437, 95 % [-0.060, -0.026], n = 8: supported
	// undecided
	// -0.04 [NaN, NaN]: undecided
}

// All faults are listed at once.
func ExampleBootstrap_Validate() {
	fmt.Println(measure.Bootstrap{Resamples: 10, Level: 95}.Validate())
	// Output:
	// bad setting: Bootstrap.Level is 95, want 0 < Level < 1, or 0 for 0.95
	// bad setting: Bootstrap.Resamples is 10, want at least 39 for level 0.95, or 0 for 10000
}

// Plasticities of two layers in the same bins.
func ExampleNewHistogram() {
	hidden, output := []float64{-0.01, 0.001, 0.002, 0.003}, []float64{0.01, 0.03}
	low, high, err := measure.HistogramRange(hidden, output)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, alpha := range [][]float64{hidden, output} {
		h, _ := measure.NewHistogram(alpha, low, high, 4)
		fmt.Println(h.Low, h.High, h.Counts)
	}
	// Output:
	// -0.01 0.03 [1 3 0 0]
	// -0.01 0.03 [0 0 1 1]
}
