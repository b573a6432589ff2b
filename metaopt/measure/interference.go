package measure

import (
	"math"

	"metaplast/data/fault"
)

// Interference returns what each update does to each loss.
//
//	I[i][j] = L_j(W + ΔW_i) − L_j(W)
//
//	before  [M]    L_j(W): the loss of task, class or example j before any update
//	after   [K,M]  after[i][j] = L_j(W + ΔW_i): the same loss after update i alone
//	I       [K,M]  positive: update i harms j; negative: it helps
//
// Every update starts from the same W, so that updates are compared and not their order.
// With M = K and loss j the one that update j answers to, the diagonal is what each learns
// and the rest is interference (positive) or transfer (negative): see Harm.
//
// Errors: ErrTooFew, fault.ErrLength for a row of after that does not fit before, ErrNonFinite
// for a loss or a difference that is not finite. Cost: K·M subtractions, after K·M
// evaluations of a loss by the caller.
func Interference(before []float64, after [][]float64) ([][]float64, error) {
	if err := vector("losses before", before, 1); err != nil {
		return nil, err
	}
	if err := vectors("losses after update", after, len(before)); err != nil {
		return nil, err
	}
	m := table(len(after), len(before))
	for i, row := range after {
		for j, l := range row {
			m[i][j] = l - before[j]
		}
		if err := finite("interference", m[i], i); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// FirstOrderInterference returns what each update does to each loss, to first order in the
// update.
//
//	I[i][j] = ∇L_j · ΔW_i = L_j(W + ΔW_i) − L_j(W) + O(‖ΔW_i‖²)
//
//	ΔW_i  [P]    update i
//	∇L_j  [P]    gradient of loss j at the W that the updates start from
//	I     [K,M]  K updates, M gradients; signs as in Interference
//
// For gradient descent, ΔW_i = −η ∇L_i, it is −η ∇L_i·∇L_j: two tasks interfere where their
// gradients point apart, and transfer where they are aligned. A rule other than gradient
// descent can escape the sign of ∇L_i·∇L_j, which is why it is worth measuring.
//
// Errors: ErrTooFew, fault.ErrLength, ErrNonFinite also for a product beyond the largest float64;
// elements of any size are legal. Cost: 2·P·K·M FLOPs.
//
// Source: Riemer et al., Learning to Learn without Forgetting by Maximizing Transfer and
// Minimizing Interference (MER), ICLR 2019, equations 1 and 2, for ∇L_i·∇L_j as transfer.
func FirstOrderInterference(updates, gradients [][]float64) ([][]float64, error) {
	if err := vectors("updates", updates, 0); err != nil {
		return nil, err
	}
	if err := vectors("gradients", gradients, len(updates[0])); err != nil {
		return nil, err
	}
	exp := make([]int, len(gradients))
	for j, g := range gradients {
		exp[j] = exponent(g)
	}
	m := table(len(updates), len(gradients))
	for i, u := range updates {
		e := exponent(u)
		for j, g := range gradients {
			m[i][j] = math.Ldexp(dot(u, e, g, exp[j]), e+exp[j])
		}
		if err := finite("first-order interference", m[i], i); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Harmed is how often and how much updates harm what they do not answer to.
type Harmed struct {
	Pairs    int     // ordered pairs that are counted
	Harmful  float64 // share of them with I[i][j] > 0
	Helpful  float64 // share of them with I[i][j] < 0; the rest are exactly 0
	Mean     float64 // mean of I[i][j], harm and help balanced
	MeanHarm float64 // mean of max(0, I[i][j]), harm alone
	Own      float64 // mean of I[i][i]: what an update does to its own loss
}

// Harm summarises a square table of interference over the pairs i ≠ j.
//
//	Harmful = #{i ≠ j: I[i][j] > 0} / (K² − K)
//
//	I  [K,K]  K ≥ 2, from Interference or FirstOrderInterference
//
// For means by class, use GroupPairs. Errors: ErrTooFew, fault.ErrLength for a table that is not
// square, ErrNonFinite for an element or a sum. Cost: one pass over I.
func Harm(m [][]float64) (Harmed, error) {
	return harm(m, 2, func(i, j int) bool { return i != j })
}

// HarmBetween is Harm over the pairs of different groups: those within a group are not
// counted.
//
//	Harmful = #{label i ≠ label j, I[i][j] > 0} / #{label i ≠ label j}
//
//	I       [K,K]  K ≥ 1
//	labels  [K]    class or task of each item
//
// Where all labels are equal there is no pair: all but Pairs and Own is NaN. Errors as for Harm,
// and fault.ErrLength for labels that do not fit.
func HarmBetween(m [][]float64, labels []int) (Harmed, error) {
	if len(labels) != len(m) {
		return Harmed{}, &fault.Length{What: "labels", Got: len(labels), Want: len(m)}
	}
	return harm(m, 1, func(i, j int) bool { return labels[i] != labels[j] })
}

func harm(m [][]float64, least int, counts func(i, j int) bool) (Harmed, error) {
	const what = "interference"
	if err := square(what, m, least); err != nil {
		return Harmed{}, err
	}
	var h Harmed
	for i, row := range m {
		if err := finite(what, row, i); err != nil {
			return Harmed{}, err
		}
		h.Own += row[i]
		for j, v := range row {
			if !counts(i, j) {
				continue
			}
			h.Pairs++
			h.Mean += v
			switch {
			case v > 0:
				h.Harmful++
				h.MeanHarm += v
			case v < 0:
				h.Helpful++
			}
		}
	}
	for _, v := range []float64{h.Mean, h.MeanHarm, h.Own} {
		if !isFinite(v) {
			return Harmed{}, &NonFiniteError{What: "sum of interference", Value: v}
		}
	}
	pairs := float64(h.Pairs) // 0/0 is the promised NaN
	h.Harmful /= pairs
	h.Helpful /= pairs
	h.Mean /= pairs
	h.MeanHarm /= pairs
	h.Own /= float64(len(m))
	return h, nil
}
