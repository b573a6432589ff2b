package op

import G "gorgonia.org/gorgonia"

// SumParts is sumParts for tests.
func (b *Builder) SumParts(acc, x *G.Node, parts int) *G.Node { return b.sumParts(acc, x, parts) }

// SmallPieces divides steps into pieces and parts of 16 rows until the function that it
// returns is called.
func SmallPieces() (restore func()) {
	elements, part := stepElements, partElements
	stepElements, partElements = 1, 1
	return func() { stepElements, partElements = elements, part }
}

// Fuse undoes Compose.
func (b *Builder) Fuse() { b.fused = true }
