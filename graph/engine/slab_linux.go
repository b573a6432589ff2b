package engine

import (
	"syscall"
	"unsafe"
)

// hugePage is the size of the pages that a slab is asked to be made of.
const hugePage = 2 << 20

// advise asks for huge pages. Gigabytes of pages of 4 KiB are touched for the first time in
// seconds, which would be the better part of the first meta-step. Where the system does not
// know or allow it, nothing is lost.
func advise[F float32 | float64](slab []F) {
	var f F
	size := uintptr(len(slab)) * unsafe.Sizeof(f)
	if size < 2*hugePage {
		return
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(slab)))
	skip := -start & (hugePage - 1)
	length := (size - skip) &^ (hugePage - 1)
	p := unsafe.Add(unsafe.Pointer(unsafe.SliceData(slab)), skip)
	_ = syscall.Madvise(unsafe.Slice((*byte)(p), length), 14) // MADV_HUGEPAGE
}
