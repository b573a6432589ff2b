package op

import (
	"unsafe"

	"gorgonia.org/tensor"
)

// alignment of every array, in bytes: a cache line, and more than any vector register.
const alignment = 64

// Alloc returns an array of n zeros that starts at a multiple of 64 bytes. Every array that
// kernels read has to: gonum's inner products sum in an order that depends on the address,
// so that arrays from make, which are aligned to 8 bytes, give other bits from run to run.
func Alloc[F float32 | float64](n int) []F {
	var f F
	size := int(unsafe.Sizeof(f))
	a := make([]F, n+alignment/size)
	skip := 0
	if r := int(uintptr(unsafe.Pointer(unsafe.SliceData(a))) % alignment); r != 0 {
		skip = (alignment - r) / size
	}
	return a[skip : skip+n : skip+n]
}

// NewTensor returns a tensor of zeros whose array comes from Alloc.
func NewTensor(dt tensor.Dtype, shape tensor.Shape) *tensor.Dense {
	if dt == tensor.Float32 {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(Alloc[float32](shape.TotalSize())))
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(Alloc[float64](shape.TotalSize())))
}
