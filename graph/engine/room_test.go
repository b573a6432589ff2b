package engine

import (
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
)

// TestRoom runs two programs in one room, one after the other, and refuses one that is too large for it.
func TestRoom(t *testing.T) {
	b := op.New(tensor.Float32)
	x := b.Input("x", 64)
	twice := b.Add(x, x)
	more := b.Add(b.Mul(twice, x), twice)
	in := op.NewTensor(tensor.Float32, x.Shape())
	for i := range in.Data().([]float32) {
		in.Data().([]float32)[i] = 3
	}
	if err := G.Let(x, in); err != nil {
		t.Fatal(err)
	}
	room := NewRoom(Options{}.Bytes(b, []*G.Node{more}))
	for range 2 {
		for n, want := range map[*G.Node]float32{twice: 6, more: 24} {
			vm, err := Planned(Options{Room: room})(b, []*G.Node{n})
			if err != nil {
				t.Fatal(err)
			}
			if err := vm.RunAll(); err != nil {
				t.Fatal(err)
			}
			if got := n.Value().Data().([]float32)[63]; got != want {
				t.Errorf("%v: want %v", got, want)
			}
		}
	}
	if _, err := Planned(Options{Room: NewRoom(64)})(b, []*G.Node{more}); err == nil || !strings.Contains(err.Error(), "room of 64 bytes") {
		t.Errorf("a program larger than its room: %v", err)
	}
}
