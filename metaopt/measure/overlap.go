package measure

// Overlap returns the cosines of all pairs of updates.
//
//	O[i][j] = cos(ΔW_i, ΔW_j)
//
//	ΔW_i  [P]    update i, for example of one task, of one class or of one inner step
//	O     [K,K]  symmetric; its diagonal is exactly 1
//
// Row and column of a zero update are NaN, its diagonal element too: a zero update overlaps
// with nothing, and its cosine is not 0. GroupPairs leaves such pairs out and counts them.
//
// Errors: ErrTooFew for no update or empty ones, fault.ErrLength for updates of different
// lengths, ErrNonFinite with the index of update and element. Cost: 2·P·K² FLOPs.
//
// Updates that do not overlap cannot interfere to first order, but updates that do need not
// do harm: see Interference.
func Overlap(updates [][]float64) ([][]float64, error) {
	if err := vectors("updates", updates, 0); err != nil {
		return nil, err
	}
	d := make([]direction, len(updates))
	for i, u := range updates {
		d[i] = newDirection(u)
	}
	o := table(len(d), len(d))
	for i := range d {
		for j := range i + 1 {
			o[i][j] = d[i].cosine(d[j])
			o[j][i] = o[i][j]
		}
	}
	return o, nil
}

// Alignment compares the directions of updates with those of descent on losses.
//
//	A[i][j] = cos(ΔW_i, −∇L_j)
//
//	ΔW_i  [P]    update i
//	∇L_j  [P]    gradient of loss j at the W that the updates start from
//	A     [K,M]  K updates, M gradients; NaN where one of the two is zero
//
// It is FirstOrderInterference without the sizes, and with the other sign: positive helps. For
// gradient descent, ΔW_i = −η ∇L_i, it is the cosine of two gradients. Element by element it is
// DescentCosine. Errors: ErrTooFew, fault.ErrLength, ErrNonFinite. Cost: 2·P·(K·M + K + M) FLOPs.
func Alignment(updates, gradients [][]float64) ([][]float64, error) {
	if err := vectors("updates", updates, 0); err != nil {
		return nil, err
	}
	if err := vectors("gradients", gradients, len(updates[0])); err != nil {
		return nil, err
	}
	down := make([]direction, len(gradients))
	for j, g := range gradients {
		down[j] = newDirection(g)
	}
	a := table(len(updates), len(gradients))
	for i, u := range updates {
		d := newDirection(u)
		for j := range down {
			a[i][j] = 0 - d.cosine(down[j]) // 0 − x: no negative zero
		}
	}
	return a, nil
}
