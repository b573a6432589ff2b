package rulestest_test

import (
	"errors"
	"fmt"
	"hash"
	"math"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// rule is a rule given by a function.
type rule struct {
	name  string
	delta func(b *op.Builder, s rules.Synapses) *G.Node
}

func (r rule) Info() rules.Info                              { return rules.Info{Name: r.name, Formula: "as in the test"} }
func (r rule) Delta(b *op.Builder, s rules.Synapses) *G.Node { return r.delta(b, s) }

// square is a user's own Gorgonia op without a derivative: c = a ∘ a.
type square struct {
	shape   tensor.Shape
	id      uint32
	inPlace bool                    // doubles its operand before it is done
	value   func(x float64) float64 // in place of the square
}

var ids atomic.Uint32

func newSquare(x *G.Node) square {
	return square{shape: x.Shape().Clone(), id: ids.Add(1), value: func(x float64) float64 { return x * x }}
}

func (o square) Arity() int { return 1 }

func (o square) Type() hm.Type {
	a := hm.TypeVariable('a')
	t := G.TensorType{Dims: o.shape.Dims(), Of: a}
	return hm.NewFnType(t, t)
}

func (o square) InferShape(...G.DimSizer) (tensor.Shape, error) { return o.shape.Clone(), nil }

func (o square) Do(in ...G.Value) (G.Value, error) {
	if len(in) != 1 {
		return nil, errors.New("square wants one operand")
	}
	switch x := in[0].Data().(type) {
	case []float64:
		return tensor.New(tensor.WithShape(o.shape...), tensor.WithBacking(apply(x, o))), nil
	case []float32:
		return tensor.New(tensor.WithShape(o.shape...), tensor.WithBacking(apply(x, o))), nil
	}
	return nil, fmt.Errorf("square of a %v", in[0].Dtype())
}

func apply[F float32 | float64](x []F, o square) []F {
	out := make([]F, len(x))
	for i, v := range x {
		out[i] = F(o.value(float64(v)))
		if o.inPlace {
			x[i] = 2 * v
		}
	}
	return out
}

func (o square) ReturnsPtr() bool      { return false }
func (o square) CallsExtern() bool     { return false }
func (o square) OverwritesInput() int  { return -1 }
func (o square) WriteHash(h hash.Hash) { fmt.Fprintf(h, "square %d", o.id) }
func (o square) Hashcode() uint32      { return o.id }
func (o square) String() string        { return fmt.Sprintf("square#%d", o.id) }

// differentiable is square with a derivative: the operand receives factor·2·a∘g.
type differentiable struct {
	square
	b      *op.Builder
	factor float64
	extra  float64 // factor of another term, a∘a∘g, that does not belong there
}

func (o differentiable) DiffWRT(n int) []bool { return []bool{true} }

func (o differentiable) SymDiff(in G.Nodes, out, g *G.Node) (G.Nodes, error) {
	d := o.b.Scale(o.b.Mul(in[0], g), 2*o.factor)
	if o.extra != 0 {
		d = o.b.AddScaled(d, o.b.Mul(o.b.Mul(in[0], in[0]), g), o.extra)
	}
	return G.Nodes{d}, o.b.Err()
}

// squared is the rule Δ = (p∘p)ᵀ h with a square of the test's own.
func squared(name string, change func(o *differentiable)) rule {
	return rule{name, func(b *op.Builder, s rules.Synapses) *G.Node {
		o := differentiable{square: newSquare(s.Post), b: b, factor: 1}
		change(&o)
		return b.Hebb(b.Apply(o, s.Post), s.Pre)
	}}
}

// recorder is a testing.TB that takes down what is reported.
type recorder struct {
	testing.TB
	mu     sync.Mutex
	lines  []string
	failed bool
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, a ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = true
	r.lines = append(r.lines, fmt.Sprintf(format, a...))
}

func (r *recorder) FailNow() {
	r.failed = true
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, a ...any) {
	r.Errorf(format, a...)
	r.FailNow()
}

// check runs Check on a goroutine of its own, which FailNow may end.
func check(r rules.Rule, o rulestest.Options) *recorder {
	rec := &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		rulestest.Check(rec, r, o)
	}()
	<-done
	return rec
}

// TestFaulty shows that Check fails on what is wrong, by the check that is meant for it.
func TestFaulty(t *testing.T) {
	hebb := func(b *op.Builder, s rules.Synapses) *G.Node { return b.Hebb(s.Post, s.Pre) }
	builds, graphs := 0.0, map[*op.Builder]int{}
	cases := []struct {
		rule  rule
		wants []string // each in some message
	}{
		{squared("wrong-sign", func(o *differentiable) { o.factor = -1 }), []string{"derivative: ", "unrolled: ", "by post[0,0]"}},
		{squared("no-derivative-where-there-is-one", func(o *differentiable) { o.factor = 0 }), []string{"derivative: ", "unrolled: "}},
		{squared("one-percent", func(o *differentiable) { o.factor = 1.01 }), []string{"derivative: ", "unrolled: ", "fall fourfold"}},
		{squared("one-millionth", func(o *differentiable) { o.factor = 1 + 1e-6 }), []string{"derivative: "}},
		{squared("small-extra-term", func(o *differentiable) { o.extra = 1e-5 }), []string{"derivative: "}},
		{rule{"stopped", func(b *op.Builder, s rules.Synapses) *G.Node { return b.StopGradient(hebb(b, s)) }}, []string{"derivative: ", "unrolled: "}},
		{rule{"stopped-growth", func(b *op.Builder, s rules.Synapses) *G.Node { return b.StopGradient(s.W) }}, []string{"derivative: ", "by W[0,0]: derivative is 0, central"}},
		{rule{"wrong-without-feedback", func(b *op.Builder, s rules.Synapses) *G.Node {
			if s.Feedback == nil {
				return b.StopGradient(hebb(b, s))
			}
			return hebb(b, s)
		}}, []string{"derivative: N=4 in=3 out=2, without feedback", "unrolled: 3 inner steps, N=4, network 3-5-2, without feedback"}},
		{rule{"not-local-without-feedback", func(b *op.Builder, s rules.Synapses) *G.Node {
			if s.Feedback == nil {
				s.Post = b.Softmax(s.Post)
			}
			return hebb(b, s)
		}}, []string{"locality: N=4 in=3 out=2, without feedback"}},
		{rule{"misfit-without-feedback", func(b *op.Builder, s rules.Synapses) *G.Node {
			if s.Feedback == nil {
				return b.Hebb(s.Pre, s.Post)
			}
			return hebb(b, s)
		}}, []string{"shapes: N=4 in=3 out=2, without feedback: the change Δ has shape [3 2]"}},
		{rule{"refuses-with-feedback", func(b *op.Builder, s rules.Synapses) *G.Node { return b.Fail(rules.ErrNoFeedback) }}, []string{"shapes: N=4 in=3 out=2: the rule needs feedback"}},
		{rule{"needs-feedback-in-silence", func(b *op.Builder, s rules.Synapses) *G.Node {
			return b.Hebb(b.Mul(s.Post, s.Feedback), s.Pre)
		}}, []string{"shapes: ", "without feedback", "ErrNoFeedback"}},
		{rule{"first-example-only", func(b *op.Builder, s rules.Synapses) *G.Node {
			return b.Hebb(b.Rows(s.Post, 0, 1), b.Rows(s.Pre, 0, 1))
		}}, []string{"examples: N=4 in=3 out=2"}},
		{rule{"another-example", func(b *op.Builder, s rules.Synapses) *G.Node {
			n := s.Pre.Shape()[0]
			if n == 1 {
				return hebb(b, s)
			}
			return b.Hebb(b.Rows(s.Post, 0, n-1), b.Rows(s.Pre, 1, n))
		}}, []string{"examples: N=4 in=3 out=2"}},
		{rule{"half-stopped", func(b *op.Builder, s rules.Synapses) *G.Node {
			return b.Oja(b.StopGradient(s.Post), s.Pre, s.W)
		}}, []string{"derivative: ", "by post["}},
		{rule{"no-symdiff", func(b *op.Builder, s rules.Synapses) *G.Node {
			return b.Hebb(b.Apply(newSquare(s.Post), s.Post), s.Pre)
		}},
			[]string{"derivative: ", "cannot run", "unrolled: ", "SymDiff"}},
		{rule{"subspace", func(b *op.Builder, s rules.Synapses) *G.Node {
			return b.Sub(b.Hebb(s.Post, s.Pre), b.MatMul(b.Hebb(s.Post, s.Post), s.W, op.N, op.N))
		}}, []string{"locality: ", "Δ[1,0] changes", "with post[0,0]: of post it may see post[:,1] only", "with W[0,0]: of W it may see W[1,:] only"}},
		{rule{"sees-other-inputs", func(b *op.Builder, s rules.Synapses) *G.Node {
			return b.Hebb(s.Post, b.RowScale(b.RowDot(s.Pre, s.Pre), s.Pre))
		}}, []string{"locality: ", "with pre[0,0]: of pre it may see pre[:,1] only"}},
		{rule{"sees-other-feedback", func(b *op.Builder, s rules.Synapses) *G.Node {
			if s.Feedback == nil {
				return b.Fail(rules.ErrNoFeedback)
			}
			return b.Hebb(b.Add(s.Post, b.Softmax(s.Feedback)), s.Pre)
		}}, []string{"locality: ", "with feedback[0,0]: of feedback it may see feedback[:,1] only"}},
		{squared("writes-to-input", func(o *differentiable) { o.inPlace = true }), []string{"inputs: ", "want operands not to be written to"}},
		{rule{"writes-to-intermediate", func(b *op.Builder, s rules.Synapses) *G.Node {
			p := b.Scale(s.Post, 0.5)
			o := differentiable{square: newSquare(p), b: b, factor: 1}
			o.inPlace = true
			return b.Hebb(b.Apply(o, p), s.Pre)
		}}, []string{"inputs: ", "writes to its operand 0"}},
		{rule{"transposed", func(b *op.Builder, s rules.Synapses) *G.Node { return b.Hebb(s.Pre, s.Post) }}, []string{"shapes: ", "want [out,in]"}},
		{rule{"vector", func(b *op.Builder, s rules.Synapses) *G.Node { return b.SumBias(s.Post) }}, []string{"shapes: "}},
		{rule{"misfit", func(b *op.Builder, s rules.Synapses) *G.Node { return b.Add(s.Pre, s.Post) }}, []string{"shapes: ", "Add"}},
		{rule{"nil", func(*op.Builder, rules.Synapses) *G.Node { return nil }}, []string{"shapes: ", "without an error"}},
		{rule{"panics", func(*op.Builder, rules.Synapses) *G.Node { panic("oh") }}, []string{"shapes: ", "panic: oh"}},
		{rule{"panics-without-feedback", func(b *op.Builder, s rules.Synapses) *G.Node {
			_ = s.Feedback.Shape()
			return hebb(b, s)
		}}, []string{"shapes: ", "panic: "}},
		{rule{"foreign", func(b *op.Builder, s rules.Synapses) *G.Node { return op.New(b.Dtype()).Input("other", 2, 3) }}, []string{"shapes: ", "another graph"}},
		{rule{"Two Words", hebb}, []string{"shapes: ", "lower case"}},
		{squared("nan", func(o *differentiable) { o.value = func(float64) float64 { return math.NaN() } }), []string{"finite: ", "NaN"}},
		{squared("inf-at-zero", func(o *differentiable) { o.value = func(x float64) float64 { return 1 / x } }), []string{"finite: ", "activity zero"}},
		{rule{"new-each-time", func(b *op.Builder, s rules.Synapses) *G.Node {
			builds++
			return b.Scale(hebb(b, s), 1+builds*1e-9)
		}}, []string{"determinism: ", "built again"}},
		{rule{"new-each-call", func(b *op.Builder, s rules.Synapses) *G.Node {
			if graphs[b]++; graphs[b] > 1 {
				return b.Scale(hebb(b, s), 0.5)
			}
			return hebb(b, s)
		}}, []string{"determinism: ", "called again in one graph"}},
		{squared("new-each-run", func(o *differentiable) {
			runs := 0.0
			o.value = func(x float64) float64 { runs++; return x*x + runs }
		}), []string{"determinism: ", "second run"}},
		{rule{"double-only", func(b *op.Builder, s rules.Synapses) *G.Node {
			if b.Dtype() == tensor.Float32 {
				return b.Fail(errors.New("double precision only"))
			}
			return hebb(b, s)
		}}, []string{"float32: ", "double precision only"}},
		{rule{"other-in-float32", func(b *op.Builder, s rules.Synapses) *G.Node {
			if b.Dtype() == tensor.Float32 {
				return b.Scale(hebb(b, s), 1.01)
			}
			return hebb(b, s)
		}}, []string{"float32: "}},
		{rule{"other-in-float32-though-small", func(b *op.Builder, s rules.Synapses) *G.Node {
			if b.Dtype() == tensor.Float32 {
				return b.Scale(hebb(b, s), 2e-5)
			}
			return b.Scale(hebb(b, s), 1e-5)
		}}, []string{"float32: "}},
		{squared("other-derivative-in-float32", func(o *differentiable) {
			if o.b.Dtype() == tensor.Float32 {
				o.factor = 1.01
			}
		}), []string{"float32: ", "the derivative by post"}},
	}
	for _, c := range cases {
		rec := check(c.rule, rulestest.Options{})
		all := strings.Join(rec.lines, "\n")
		if !rec.failed {
			t.Errorf("%s: passes", c.rule.name)
			continue
		}
		for _, want := range c.wants {
			if !strings.Contains(all, want) {
				t.Errorf("%s: messages do not say %q:\n%s", c.rule.name, want, all)
			}
		}
		if strings.Contains(all, "kink") && strings.Contains(c.rule.name, "stopped") {
			t.Errorf("%s: blamed on a kink:\n%s", c.rule.name, all)
		}
	}
}

// TestSound shows that Check passes what is right, also with ops of a user's own, kinks and
// operands that are returned as they are.
func TestSound(t *testing.T) {
	sound := []rules.Rule{
		rules.Hebb{}, rules.Oja{},
		squared("own-op", func(*differentiable) {}),
		// Bienenstock, Cooper & Munro, J. Neurosci. 2 (1982) 32-48, its threshold the mean
		// of p² over the examples of the step.
		rule{"bcm", func(b *op.Builder, s rules.Synapses) *G.Node {
			n := float64(s.Post.Shape()[0])
			threshold := b.Scale(b.ColDot(s.Post, s.Post), 1/n)
			return b.Hebb(b.Sub(b.Mul(s.Post, s.Post), b.ColScale(s.Post, threshold)), s.Pre)
		}},
		rule{"rectified", func(b *op.Builder, s rules.Synapses) *G.Node { return b.Hebb(b.Relu(s.Post), b.Relu(s.Pre)) }},
		rule{"by-feedback", func(b *op.Builder, s rules.Synapses) *G.Node {
			if s.Feedback == nil {
				return b.Fail(rules.ErrNoFeedback)
			}
			return b.Hebb(b.Mul(s.Post, s.Feedback), s.Pre)
		}},
		rule{"by-feedback-or-activity", func(b *op.Builder, s rules.Synapses) *G.Node {
			if s.Feedback == nil {
				return b.Hebb(s.Post, s.Pre)
			}
			return b.Hebb(b.Mul(s.Post, s.Feedback), s.Pre)
		}},
		rule{"tanh", func(b *op.Builder, s rules.Synapses) *G.Node { return b.Hebb(b.Lift(G.Tanh(s.Post)), s.Pre) }},
		rule{"growth", func(b *op.Builder, s rules.Synapses) *G.Node { return s.W }},
	}
	for _, r := range sound {
		for seed := range uint64(3) {
			if rec := check(r, rulestest.Options{Seed: seed}); rec.failed {
				t.Errorf("%s, seed %d:\n%s", r.Info().Name, seed, strings.Join(rec.lines, "\n"))
			}
		}
	}
	rulestest.Check(t, rules.Oja{}, rulestest.Options{N: 7, In: 5, Out: 4, Steps: 5})
}

// TestKink shows what is said of a rule that is smooth at no step: a staircase finer than
// all of them.
func TestKink(t *testing.T) {
	steps := rule{"steps", func(b *op.Builder, s rules.Synapses) *G.Node {
		o := differentiable{square: newSquare(s.Post), b: b, factor: 1}
		o.value = func(x float64) float64 { return math.Floor(x * 1e7) }
		return b.Hebb(b.Apply(o, s.Post), s.Pre)
	}}
	rec := check(steps, rulestest.Options{})
	if !rec.failed || !strings.Contains(strings.Join(rec.lines, "\n"), "kink") {
		t.Errorf("a staircase: want a failure that speaks of kinks:\n%s", strings.Join(rec.lines, "\n"))
	}
}

// TestNil gives Check nothing to check.
func TestNil(t *testing.T) {
	for _, r := range []rules.Rule{nil, (*rules.Oja)(nil)} {
		rec := check(r, rulestest.Options{})
		if !rec.failed || !strings.Contains(strings.Join(rec.lines, "\n"), "nil") {
			t.Errorf("%T: %v: want a failure that says nil", r, rec.lines)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []rulestest.Options{{N: -1}, {Halvings: 1}, {Step: 2}, {Tolerance: math.NaN()}, {Steps: -3}, {Elements: -1}} {
		if rec := check(rules.Hebb{}, o); !rec.failed || !strings.Contains(rec.lines[0], "option") {
			t.Errorf("%+v: %v: want a failure that names the option", o, rec.lines)
		}
	}
}
