package graph

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// Array is a named array in double precision, whatever the type of the graph.
type Array struct {
	Name  string
	Shape []int
	Data  []float64
}

// allocate gives an input node an array of its own, which later bindings are copied into.
func allocate(n *G.Node) {
	if n.Value() == nil {
		// Let fails only for nodes that are not inputs.
		_ = G.Let(n, op.NewTensor(n.Dtype(), n.Shape()))
	}
}

// set copies src into the array of an input node from an offset on, rounding to its type.
func set(n *G.Node, offset int, src []float64) {
	switch d := n.Value().Data().(type) {
	case []float64:
		copy(d[offset:], src)
	case []float32:
		d = d[offset:]
		for i, v := range src {
			d[i] = float32(v)
		}
	}
}

// fill sets all elements of an input node.
func fill(n *G.Node, x float64) {
	switch d := n.Value().Data().(type) {
	case []float64:
		for i := range d {
			d[i] = x
		}
	case []float32:
		for i := range d {
			d[i] = float32(x)
		}
	}
}

// get copies the value of a node into dst.
func get(n *G.Node, dst []float64) {
	switch d := n.Value().Data().(type) {
	case []float64:
		copy(dst, d)
	case []float32:
		for i, v := range d {
			dst[i] = float64(v)
		}
	}
}

// at is one element of a node's value.
func at(n *G.Node, i int) float64 {
	switch d := n.Value().Data().(type) {
	case []float64:
		return d[i]
	case []float32:
		return float64(d[i])
	}
	return math.NaN()
}

func arrayOf(name string, n *G.Node) Array {
	a := Array{Name: name, Shape: append([]int(nil), n.Shape()...), Data: make([]float64, size(n.Shape()))}
	get(n, a.Data)
	return a
}

// finite returns a DataError at the first NaN or Inf.
func finite(name string, data []float64) error {
	for i, v := range data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &DataError{Array: name, Value: fmt.Errorf("%v at index %d: want finite numbers", v, i)}
		}
	}
	return nil
}

// checkData returns a DataError unless data fill an array of the wanted shape with finite numbers.
func checkData(name string, data []float64, want []int) error {
	if len(data) != size(want) {
		return &DataError{Array: name, Have: []int{len(data)}, Want: append([]int(nil), want...)}
	}
	return finite(name, data)
}
