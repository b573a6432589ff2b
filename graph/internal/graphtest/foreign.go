package graphtest

import (
	"hash"
	"math"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
)

// foreign is an op that is not of package op: c = sin(a), with a derivative of its own.
type foreign struct {
	b      *op.Builder
	name   string
	shape  tensor.Shape
	before func() error // what Do does first; nil means nothing
}

var _ G.SDOp = foreign{}

func (o foreign) Arity() int { return 1 }

func (o foreign) Type() hm.Type {
	t := G.TensorType{Dims: o.shape.Dims(), Of: hm.TypeVariable('a')}
	return hm.NewFnType(t, t)
}

func (o foreign) InferShape(...G.DimSizer) (tensor.Shape, error) { return o.shape.Clone(), nil }

func (o foreign) Do(in ...G.Value) (G.Value, error) {
	if o.before != nil {
		if err := o.before(); err != nil {
			return nil, err
		}
	}
	c := op.NewTensor(in[0].Dtype(), o.shape)
	switch x := in[0].Data().(type) {
	case []float64:
		for i, v := range x {
			c.Data().([]float64)[i] = math.Sin(v)
		}
	case []float32:
		for i, v := range x {
			c.Data().([]float32)[i] = float32(math.Sin(float64(v)))
		}
	}
	return c, nil
}

func (o foreign) ReturnsPtr() bool      { return true }
func (o foreign) CallsExtern() bool     { return false }
func (o foreign) OverwritesInput() int  { return -1 }
func (o foreign) WriteHash(h hash.Hash) { h.Write([]byte(o.name)) }
func (o foreign) String() string        { return o.name }

func (o foreign) Hashcode() uint32 {
	h := uint32(2166136261)
	for _, c := range []byte(o.name) {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

func (o foreign) DiffWRT(int) []bool { return []bool{true} }

// SymDiff: cos(a) = sin(a + π/2).
func (o foreign) SymDiff(in G.Nodes, _, g *G.Node) (G.Nodes, error) {
	quarter := o.b.Scale(o.b.OnesLike(in[0]), math.Pi/2)
	d := foreign{b: o.b, name: o.name + "′", shape: o.shape}
	return G.Nodes{o.b.Mul(o.b.Apply(d, o.b.Add(in[0], quarter)), g)}, o.b.Err()
}

// Sine applies a foreign op.
func Sine(b *op.Builder, name string, x *G.Node, before func() error) *G.Node {
	return b.Apply(foreign{b, name, x.Shape().Clone(), before}, x)
}
