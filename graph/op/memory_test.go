package op

import (
	"testing"
	"unsafe"

	"gorgonia.org/tensor"
)

func TestAllocIsAligned(t *testing.T) {
	for n := 1; n < 200; n++ {
		f32, f64 := Alloc[float32](n), Alloc[float64](n)
		if len(f32) != n || cap(f32) != n || uintptr(unsafe.Pointer(&f32[0]))%alignment != 0 {
			t.Fatalf("float32, %d elements: %d at %p", n, len(f32), &f32[0])
		}
		if len(f64) != n || cap(f64) != n || uintptr(unsafe.Pointer(&f64[0]))%alignment != 0 {
			t.Fatalf("float64, %d elements: %d at %p", n, len(f64), &f64[0])
		}
	}
	d := NewTensor(tensor.Float32, tensor.Shape{3, 5}).Data().([]float32)
	if len(d) != 15 || uintptr(unsafe.Pointer(&d[0]))%alignment != 0 {
		t.Fatalf("tensor of %d elements at %p: want 15, aligned", len(d), &d[0])
	}
}
