package op

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SynapseNet is what a small network says for every synapse, the same network for all, summed over the
// examples.
//
//	c[i,j] = Σ_n Σ_k v_k tanh(A_k0 h[n,j] + A_k1 p[n,i] + A_k2 W[i,j] + A_k3 f[n,i] + d_k)   [out,in]
//
//	h  [N,in]    presynaptic activity
//	p  [N,out]   postsynaptic activity
//	f  [N,out]   a second number of the postsynaptic unit; nil for none, and A [K,3]
//	W  [out,in]  weights
//	A  [K,4]     weights of K ≤ MaxHidden hidden units
//	d  [K]       their biases
//	v  [K]       the output's weights
//
// Hidden activities are computed again in the reverse pass, which makes all derivatives in one run over
// the synapses; none of an array of [N,out,in] is stored. Second derivatives are those of the
// composition out of other ops, which does store them. Sums over synapses accumulate in float64. Cost: N·out·in·K hyperbolic
// tangents, and as many in the reverse pass.
func (b *Builder) SynapseNet(h, p, f, w, a, d, v *G.Node) *G.Node {
	operands := []*G.Node{h, p, w, a, d, v}
	if f != nil {
		operands = append(operands, f)
	}
	if !b.usable(operands) {
		return nil
	}
	s, fits := newSynapseNet(operands)
	if !fits {
		return b.misfit("SynapseNet", fmt.Sprintf("[N,in], [N,out], [out,in], [K,3] or with f [N,out] [K,4], [K], [K], K at most %d", MaxHidden), operands...)
	}
	if !b.fused {
		return s.composed(b, operands)
	}
	return b.node(spec{
		kind:  "SynapseNet",
		shape: w.Shape(),
		work: &work{
			pieces: s.out,
			f32:    func(out, in [][]float32, i int, _ []float32) { synapseNetRow(s, out[0], in, i) },
			f64:    func(out, in [][]float64, i int, _ []float64) { synapseNetRow(s, out[0], in, i) },
		},
		pull: func(_, g *G.Node, want []bool, acc []*G.Node) []*G.Node { return s.back(b, operands, g, want, acc) },
	}, operands...)
}

// MaxHidden is the largest number of hidden units of SynapseNet.
const MaxHidden = 64

// synapseNet is the sizes, and how many inputs the network has.
type synapseNet struct{ n, out, in, hidden, inputs int }

// The operands of SynapseNet; f may be absent.
const (
	netPre = iota
	netPost
	netW
	netA
	netD
	netV
	netF
)

func newSynapseNet(o []*G.Node) (synapseNet, bool) {
	for i, n := range o {
		dims := 2
		if i == netD || i == netV {
			dims = 1
		}
		if n.Dims() != dims {
			return synapseNet{}, false
		}
	}
	h, p, w, a := o[netPre].Shape(), o[netPost].Shape(), o[netW].Shape(), o[netA].Shape()
	s := synapseNet{n: h[0], out: w[0], in: w[1], hidden: a[0], inputs: len(o) - 3}
	units := tensor.Shape{s.hidden}
	fits := h[1] == s.in && same(p, tensor.Shape{s.n, s.out}) && a[1] == s.inputs && same(o[netD].Shape(), units) && same(o[netV].Shape(), units) && s.hidden <= MaxHidden
	if len(o) > netF {
		fits = fits && same(o[netF].Shape(), p)
	}
	return s, fits
}

// base is what the inputs of the hidden units have of unit i in example n: all but h and W.
func base[F float](s synapseNet, z *[MaxHidden]F, in [][]F, n, i int) {
	p, a, d := in[netPost][n*s.out+i], in[netA], in[netD]
	for k := range s.hidden {
		z[k] = d[k] + a[k*s.inputs+1]*p
		if s.inputs == 4 {
			z[k] += a[k*4+3] * in[netF][n*s.out+i]
		}
	}
}

func synapseNetRow[F float](s synapseNet, out []F, in [][]F, i int) {
	a, v, w := in[netA], in[netV], in[netW][i*s.in:][:s.in]
	out = out[i*s.in:][:s.in]
	clear(out)
	var z [MaxHidden]F
	for n := range s.n {
		base(s, &z, in, n, i)
		for j, h := range in[netPre][n*s.in:][:s.in] {
			sum := F(0)
			for k := range s.hidden {
				sum += v[k] * F(math.Tanh(float64(z[k]+a[k*s.inputs]*h+a[k*s.inputs+2]*w[j])))
			}
			out[j] += sum
		}
	}
}

// back makes what the operands receive.
func (s synapseNet) back(b *Builder, operands []*G.Node, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
	pass := &work{
		pieces: 1,
		f32:    func(out, in [][]float32, _ int, _ []float32) { synapseNetBack(s, out, in[0], in[1:]) },
		f64:    func(out, in [][]float64, _ int, _ []float64) { synapseNetBack(s, out, in[0], in[1:]) },
	}
	return b.onePass("SynapseNetBack", pass, func() *G.Node { return s.composed(b, operands) }, operands, g, want, acc)
}

func synapseNetBack[F float](s synapseNet, out [][]F, g []F, in [][]F) {
	for _, o := range out {
		clear(o)
	}
	add := func(operand, at int, x F) {
		if operand < len(out) && out[operand] != nil {
			out[operand][at] += x
		}
	}
	a, v := in[netA], in[netV]
	var z [MaxHidden]F
	var da [4 * MaxHidden]float64
	var dd, dv [MaxHidden]float64
	for i := range s.out {
		w, g := in[netW][i*s.in:][:s.in], g[i*s.in:][:s.in]
		for n := range s.n {
			base(s, &z, in, n, i)
			var row [MaxHidden]float64 // Σ_j of what the hidden units receive
			for j, h := range in[netPre][n*s.in:][:s.in] {
				var ofPre, ofW F
				for k := range s.hidden {
					t := F(math.Tanh(float64(z[k] + a[k*s.inputs]*h + a[k*s.inputs+2]*w[j])))
					d := g[j] * v[k] * (1 - t*t)
					ofPre += d * a[k*s.inputs]
					ofW += d * a[k*s.inputs+2]
					row[k] += float64(d)
					da[k*s.inputs] += float64(d * h)
					da[k*s.inputs+2] += float64(d * w[j])
					dv[k] += float64(g[j] * t)
				}
				add(netPre, n*s.in+j, ofPre)
				add(netW, i*s.in+j, ofW)
			}
			for k := range s.hidden {
				at := n*s.out + i
				add(netPost, at, F(row[k])*a[k*s.inputs+1])
				da[k*s.inputs+1] += row[k] * float64(in[netPost][at])
				dd[k] += row[k]
				if s.inputs == 4 {
					add(netF, at, F(row[k])*a[k*4+3])
					da[k*4+3] += row[k] * float64(in[netF][at])
				}
			}
		}
	}
	for k := range s.hidden * s.inputs {
		add(netA, k, F(da[k]))
	}
	for k := range s.hidden {
		add(netD, k, F(dd[k]))
		add(netV, k, F(dv[k]))
	}
}

// composed is the same out of other ops, with arrays of [N·out,in].
func (s synapseNet) composed(b *Builder, o []*G.Node) *G.Node {
	x := []*G.Node{b.EachPost(o[netPre], s.out), b.EachPre(o[netPost], s.in), b.EachExample(o[netW], s.n)}
	if s.inputs == 4 {
		x = append(x, b.EachPre(o[netF], s.in))
	}
	weights := b.Reshape(o[netA], s.hidden*s.inputs)
	at := func(v *G.Node, i int) *G.Node { return b.Rows(v, i, i+1) }
	var sum *G.Node
	for k := range s.hidden {
		z := b.ScaleBy(b.Ones(o[netW], s.n*s.out, s.in), at(o[netD], k))
		for m, v := range x {
			z = b.Add(z, b.ScaleBy(v, at(weights, k*s.inputs+m)))
		}
		t := b.ScaleBy(b.Tanh(z), at(o[netV], k))
		if sum == nil {
			sum = t
		} else {
			sum = b.Add(sum, t)
		}
	}
	return b.OverExamples(sum, s.n)
}
