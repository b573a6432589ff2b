package op

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// What a machine of its own has to know of a kernel, beside its node's shape.

// Group lists the nodes that are computed in one pass, this kernel's among them, or returns
// nil if it is alone. They have the same operands. Run writes the result of each to the
// element of out that its Member gives.
func (k *Kernel) Group() []*G.Node { return k.group }

// Member is the place of this kernel's result in the out of Run, which has Results places.
func (k *Kernel) Member() int { return k.member }

// Results is the length of Run's out.
func (k *Kernel) Results() int {
	n := k.member + 1
	for _, g := range k.group {
		n = max(n, g.Op().(*Kernel).member+1)
	}
	return n
}

// Pieces is the number of pieces that Run is divided in. It depends on shapes alone.
func (k *Kernel) Pieces() int {
	if k.work == nil {
		return 1
	}
	return k.work.pieces
}

// Scratch is the number of elements that Run needs for itself.
func (k *Kernel) Scratch() int {
	if k.work == nil {
		return 0
	}
	return k.work.scratch
}

// Over lists the operands in whose place the result may be written: out may then be the very
// array of that one operand.
func (k *Kernel) Over() []int { return k.over }

// View reports whether the result is nothing but a part of operand 0, from an element offset
// on, so that it need not be copied.
func (k *Kernel) View() (offset int, ok bool) { return k.offset, k.view }

// Places lists where in the result each operand is copied to, as element offsets, for a
// kernel that does nothing else, nil for all others. A machine may have every operand written
// there in the first place; then all of them have to be.
func (k *Kernel) Places() []int { return k.places }

// Cheap reports whether computing the result again costs no more than keeping it does.
func (k *Kernel) Cheap() bool { return k.cheap }

// Products lists the matrix products that one run of the kernel makes.
func (k *Kernel) Products() []Product { return k.products }

// Run32 runs one piece, in a graph of float32. It is what a machine that plans its own
// memory calls in place of Do. out[Member] has the size of the node's shape, and so for
// every node of the group; other places are nil. in[i] has that of operand i. No result
// overlaps another or an operand, but for Over. Arrays begin at multiples of 64 bytes, views
// excepted. Pieces may run side by side, with scratch memory of their own.
func (k *Kernel) Run32(out, in [][]float32, piece int, scratch []float32) {
	if k.work != nil {
		k.work.f32(out, in, piece, scratch)
		return
	}
	k.f32(out[0], in)
}

// Run64 is Run32 for a graph of float64.
func (k *Kernel) Run64(out, in [][]float64, piece int, scratch []float64) {
	if k.work != nil {
		k.work.f64(out, in, piece, scratch)
		return
	}
	k.f64(out[0], in)
}

// Do runs the whole kernel for this result alone. The value returned is the op's own array
// and is valid until Do is called again.
func (k *Kernel) Do(in ...G.Value) (G.Value, error) {
	if len(in) != len(k.operands) {
		return nil, fmt.Errorf("%v: %d operands: want %d", k, len(in), len(k.operands))
	}
	d := k.buffers
	if d == nil {
		d = &doBuffers{result: NewTensor(k.b.dt, k.shape)}
		switch out := d.result.Data().(type) {
		case []float32:
			d.out32, d.in32 = make([][]float32, k.Results()), make([][]float32, len(in))
			d.out32[k.member], d.scratch32 = out, Alloc[float32](k.Scratch())
		case []float64:
			d.out64, d.in64 = make([][]float64, k.Results()), make([][]float64, len(in))
			d.out64[k.member], d.scratch64 = out, Alloc[float64](k.Scratch())
		}
		k.buffers = d
	}
	if k.b.dt == tensor.Float32 {
		for i, v := range in {
			d.in32[i] = v.Data().([]float32)
		}
		for p := range k.Pieces() {
			k.Run32(d.out32, d.in32, p, d.scratch32)
		}
		Inspect(k, d.out32[k.member])
		return d.result, nil
	}
	for i, v := range in {
		d.in64[i] = v.Data().([]float64)
	}
	for p := range k.Pieces() {
		k.Run64(d.out64, d.in64, p, d.scratch64)
	}
	Inspect(k, d.out64[k.member])
	return d.result, nil
}
