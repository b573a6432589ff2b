package npz

import (
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// MaxElements bounds the number of elements of one archive, all arrays together: 2²⁹, which
// is 4 GiB as float64.
const MaxElements = 1 << 29

// maxDims is NumPy's own bound on the number of dimensions.
const maxDims = 64

// Array is one array of an archive.
//
//	Shape  extents; empty for a scalar, which has one element. An extent of 0 is legal.
//	Data   the elements in C order (last index fastest); its length is the product of Shape
//
// Values are held in float64 whatever the file holds. Float32 says that the file holds, or
// that Write shall write, little-endian float32 ('<f4') rather than float64 ('<f8'); the way
// from float32 to float64 and back is exact, so an array that is read and written keeps its
// bits, NaN payloads included. The zero value is a scalar without its element: illegal.
type Array struct {
	Shape   []int
	Data    []float64
	Float32 bool
}

// Named is an array with its name in the archive, without the ".npy".
type Named struct {
	Name string
	Array
}

// elements returns the product of shape. It fails on negative extents, on more than maxDims
// of them, and where the product of the extents that are not zero exceeds MaxElements: an
// empty array of shape [0, 1<<60] would overflow its reader's arithmetic sooner or later.
func elements(shape []int) (int, error) {
	if len(shape) > maxDims {
		return 0, fmt.Errorf("%w: %d dimensions, want at most %d", ErrShape, len(shape), maxDims)
	}
	n, empty := 1, false
	for _, d := range shape {
		switch {
		case d < 0:
			return 0, fmt.Errorf("%w: %v has a negative extent", ErrShape, shape)
		case d == 0:
			empty = true
		case d > MaxElements/n:
			return 0, fmt.Errorf("%w: shape %v, want at most %d elements", ErrSize, shape, MaxElements)
		default:
			n *= d
		}
	}
	if empty {
		return 0, nil
	}
	return n, nil
}

// checkName refuses names that would be ambiguous as entries of a zip archive.
func checkName(name string) error {
	if name == "" || name == "." || !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00") ||
		strings.HasSuffix(name, ".npy") {
		return fmt.Errorf("%w: %q, want a clean relative path without .npy", ErrName, name)
	}
	if !utf8.ValidString(name) || len(name) > 1<<10 {
		return fmt.Errorf("%w: %q, want UTF-8 of at most 1024 bytes", ErrName, name)
	}
	return nil
}
