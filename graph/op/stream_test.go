package op

import "testing"

// TestStream counts the bytes of three passes and looks at every element of a length that is
// no multiple of anything.
func TestStream(t *testing.T) {
	const n = 1<<19 + 5
	x, y := Alloc[float32](n), Alloc[float32](n)
	for i := range x {
		x[i], y[i] = float32(i%11), float32(i%5)
	}
	if have := Stream(x, y, 0.5); have != 12*n {
		t.Errorf("%v bytes, want %v", have, 12*n)
	}
	for i, v := range x {
		if want := float32(i%11) + 0.5*float32(i%5); v != want || y[i] != float32(i%5) {
			t.Fatalf("element %d: %v beside %v, want %v", i, v, y[i], want)
		}
	}
}
