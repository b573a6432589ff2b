package op

// The structs that kernels in assembly take. Strides are in bytes. Kernelgen reads this file
// alone, so that it names no types of others.

// tileProduct is a product of a few rows with a block that lies in a core's cache.
type tileProduct struct {
	a, b, c       *float32
	k             int
	lda, ldb, ldc int // from row to row of a tile of A, and of B and C
	cols          int
	step          int // from column to column of A
	keep          int // 0 overwrites C
	rows          int // of C that dotTile has still to do
}

// ojaTile is what a tile of the outer product D = pᵀ h and the update made from it need. All
// matrices but p and h are [rows,cols] with stride ld.
type ojaTile struct {
	p, h     *float32 // p[0] of the tile's first row, stride ldp from example to example; h[0], stride ldh
	n        int      // examples
	ldp, ldh int
	cols     int
	ld       int
	g        *float32 // gradient of W'; of the reverse pass, as are sum, oa, oh and r
	w, a     *float32
	sum, oa  *float32
	ow, oh   *float32
	s        *float32 // [rows] Σ p²
	r        *float32 // [rows,16], added to
	k        float32
}
