package op

import "math"

// Fault is a result that holds NaN or Inf.
type Fault struct {
	At    Label
	Kind  string  // the primitive
	Made  uint64  // order of making: of all faults of a run the one made first is the origin
	Value float64 // NaN, +Inf or -Inf
	Index int     // of the first such element
}

// Watch calls f during runs for every result of this graph's primitives that holds NaN or
// Inf, until Watch(nil). A machine with several threads calls f from any of them. Cost: one
// pass over every result.
func (b *Builder) Watch(f func(Fault)) { b.watch = f }

// Inspect reports the result of a kernel to the function that watches its graph, if there is
// one and the result holds NaN or Inf. A machine calls it after each kernel that it ran.
func Inspect[T float](k *Kernel, out []T) {
	if k.b.watch == nil {
		return
	}
	for i, v := range out {
		if x := float64(v); math.IsNaN(x) || math.IsInf(x, 0) {
			k.b.watch(Fault{At: k.label, Kind: k.kind, Made: k.id, Value: x, Index: i})
			return
		}
	}
}
