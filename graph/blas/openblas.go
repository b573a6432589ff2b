//go:build (amd64 || arm64) && ((linux && !android) || darwin || (freebsd && cgo))

package blas

import (
	"runtime"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// openBLAS is a loaded OpenBLAS, called through its Fortran interface: every argument is a
// pointer, so that a call needs no float registers and no cgo.
//
// Fortran is column-major, and a row-major matrix is the transpose of the column-major one
// in the same memory. So the call computes
//
//	Cᵀ [n,m] = alpha op(B)ᵀ op(A)ᵀ + beta Cᵀ
//
// which is the same flags and leading dimensions with the operands exchanged.
type openBLAS struct {
	sgemmFunc, dgemmFunc uintptr
	about                string

	// A build without threads has no locks around its buffers either.
	serial bool
	lock   sync.Mutex

	// An OpenMP build keeps its number of threads per system thread, and the thread a
	// goroutine runs on is not the one that loaded the library. Zero for other builds.
	ompSetThreads uintptr

	free arguments
}

// argument is what one call points to. It lives on the heap and is used again, since every
// SyscallN with arguments written out allocates them: one slice for the arguments, and
// whatever they point to.
type argument struct {
	next *argument

	m, n, k        int32
	lda, ldb, ldc  int32
	transA, transB byte
	alpha32        float32
	beta32         float32
	alpha64        float64
	beta64         float64

	// The matrices. As pointers, stored on the heap, they keep their arrays alive and off
	// the stack, which could move under a uintptr.
	a, b, c unsafe.Pointer

	words [13]uintptr // the arguments in Fortran's order
}

// arguments is a stack of free argument blocks. It grows to the largest number of products
// that ever ran at once; unlike a sync.Pool it is not emptied by garbage collection.
type arguments struct {
	mu  sync.Mutex
	top *argument
}

func (s *arguments) get() *argument {
	s.mu.Lock()
	x := s.top
	if x == nil {
		s.mu.Unlock()
		return new(argument)
	}
	s.top = x.next
	s.mu.Unlock()
	return x
}

func (s *arguments) put(x *argument) {
	s.mu.Lock()
	x.next = s.top
	s.top = x
	s.mu.Unlock()
}

func (o *openBLAS) sgemm(ta, tb bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	x := o.free.get()
	x.a, x.b, x.c = unsafe.Pointer(&a[0]), unsafe.Pointer(&b[0]), unsafe.Pointer(&c[0])
	x.sizes(ta, tb, m, n, k, lda, ldb, ldc)
	x.alpha32, x.beta32 = alpha, beta
	o.call(o.sgemmFunc, x, unsafe.Pointer(&x.alpha32), unsafe.Pointer(&x.beta32))
}

func (o *openBLAS) dgemm(ta, tb bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	x := o.free.get()
	x.a, x.b, x.c = unsafe.Pointer(&a[0]), unsafe.Pointer(&b[0]), unsafe.Pointer(&c[0])
	x.sizes(ta, tb, m, n, k, lda, ldb, ldc)
	x.alpha64, x.beta64 = alpha, beta
	o.call(o.dgemmFunc, x, unsafe.Pointer(&x.alpha64), unsafe.Pointer(&x.beta64))
}

// sizes sets everything that has no type of its own, as Go's rows have it.
func (x *argument) sizes(ta, tb bool, m, n, k, lda, ldb, ldc int) {
	x.m, x.n, x.k = int32(m), int32(n), int32(k)
	x.lda, x.ldb, x.ldc = int32(lda), int32(ldb), int32(ldc)
	x.transA, x.transB = letter(ta)[0], letter(tb)[0]
}

// call does the product of x and gives x back.
func (o *openBLAS) call(function uintptr, x *argument, alpha, beta unsafe.Pointer) {
	x.words = [...]uintptr{
		uintptr(unsafe.Pointer(&x.transB)), uintptr(unsafe.Pointer(&x.transA)),
		uintptr(unsafe.Pointer(&x.n)), uintptr(unsafe.Pointer(&x.m)), uintptr(unsafe.Pointer(&x.k)),
		uintptr(alpha),
		uintptr(x.b), uintptr(unsafe.Pointer(&x.ldb)),
		uintptr(x.a), uintptr(unsafe.Pointer(&x.lda)),
		uintptr(beta),
		uintptr(x.c), uintptr(unsafe.Pointer(&x.ldc)),
	}
	o.enter()
	purego.SyscallN(function, x.words[:]...)
	o.leave()
	x.a, x.b, x.c = nil, nil, nil // also keeps them until here
	o.free.put(x)
}

func (o *openBLAS) describe() string { return o.about }

// oneThread is the argument of omp_set_num_threads, once for all calls.
var oneThread = [1]uintptr{1}

// enter makes the next call one thread's work, and a build without locks one product at a
// time; leave undoes it.
func (o *openBLAS) enter() {
	if o.serial {
		o.lock.Lock()
	}
	if o.ompSetThreads != 0 {
		runtime.LockOSThread()
		purego.SyscallN(o.ompSetThreads, oneThread[:]...)
	}
}

func (o *openBLAS) leave() {
	if o.ompSetThreads != 0 {
		runtime.UnlockOSThread()
	}
	if o.serial {
		o.lock.Unlock()
	}
}
