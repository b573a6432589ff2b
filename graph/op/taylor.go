package op

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Term is one term of a polynomial rule, h^Pre p^Post W^Weight x^Factor. Exponents are from 0 to 2.
type Term struct{ Pre, Post, Weight, Factor int }

// Taylor is the change by a polynomial of what a synapse sees, summed over examples.
//
//	Δ[i,j] = Σ_k θ_k Σ_n h[n,j]^a p[n,i]^b W[i,j]^c x[n,i]^d   [out,in],   (a, b, c, d) = terms[k]
//
//	W  [out,in]    weights at this inner step
//	p  [N,out]     postsynaptic activity
//	h  [N,in]      presynaptic activity
//	θ  [K], or [K,out] with coefficients for each neuron
//	x  [N,out]     a fourth factor; nil where no term has one
//
// 0⁰ is 1. Only what the terms need is computed: with A the number of powers of h that occur, from 1, and
// C that of powers of W,
//
//	Δ = Σ_c W^c ∘ Σ_a Q_caᵀ h^a,   Q_ca = Σ_k θ_k p^b x^d  over the terms with that a and c
//
// so that the cost is 2·A·C·N·in·out FLOPs and C passes over W; a term without h adds but a row to a
// product. For degree 2 these are six products in the place of Oja's one.
func (b *Builder) Taylor(w, p, h, x, theta *G.Node, terms []Term) *G.Node {
	return b.taylor("Taylor", true, w, p, h, x, theta, terms, Plasticity{Scale: 1})
}

// TaylorStep is the update of weights by such a change.
//
//	W' = W + κ α ∘ Δ   [out,in]
//
// With H = κ α ∘ g, H_c = H ∘ W^c and E_ca = h^a H_cᵀ [N,out]: W receives g + H ∘ ∂Δ/∂W, h receives
// Σ_ca a h^(a−1) ∘ (Q_ca H_c), p, x and θ receive what Q_ca is made of them by from E_ca, and α
// receives κ g ∘ Δ, summed to its shape, for which Δ is computed again. Cost: three times that of Taylor,
// in one pass over W.
func (b *Builder) TaylorStep(w, p, h, x, theta *G.Node, terms []Term, a Plasticity) *G.Node {
	return b.taylor("TaylorStep", false, w, p, h, x, theta, terms, a)
}

// taylor is what the kernels of a polynomial have in common. Powers of h, from 1, that occur are slots.
type taylor struct {
	update
	bare    bool // the change alone, without W
	terms   []Term
	perRow  bool // θ for each neuron
	factor  bool // there is an x
	pre     []int
	posts   [][2]int // powers of p and x that occur together
	weights []int    // powers of W that occur
	at      []place  // of each term
	sums    bool     // some term has no h
	has     [3][]bool
	chunk   int // examples at a time
}

// place is where a term is among weights, slots (the last for terms without h) and posts.
type place struct{ weight, slot, post int }

func (b *Builder) taylor(kind string, bare bool, w, p, h, x, theta *G.Node, terms []Term, a Plasticity) *G.Node {
	operands := []*G.Node{w, p, h, theta}
	if x != nil {
		operands = append(operands, x)
	}
	if a.Alpha != nil {
		operands = append(operands, a.Alpha)
	}
	if !b.usable(operands) {
		return nil
	}
	if err := checkTerms(terms, x != nil); err != nil {
		return b.fail(fmt.Errorf("%s (%v): %w", kind, b.label, err))
	}
	u, fits := newUpdate(w.Shape(), p.Shape(), h.Shape(), false, a)
	fits = fits && (x == nil || same(x.Shape(), p.Shape())) &&
		(same(theta.Shape(), tensor.Shape{len(terms)}) || same(theta.Shape(), tensor.Shape{len(terms), u.out}))
	if !fits {
		return b.misfit(kind, fmt.Sprintf("[out,in], [N,out], [N,in], θ of [%d] or [%[1]d,out], a factor of [N,out] and α of [out,in], [out] or [1]", len(terms)), operands...)
	}
	s := taylorPass{w: w, p: p, h: h, x: x, theta: theta, alpha: a.Alpha, detach: a.Detach, taylor: newTaylor(u, bare, terms, theta.Shape().Dims() == 2)}
	s.factor = x != nil
	if !b.fused {
		return s.reference(b)
	}
	sp := spec{
		kind:  kind,
		shape: w.Shape(),
		work: &work{
			pieces: s.pieces, scratch: s.scratch(false),
			f32: func(out, in [][]float32, piece int, scratch []float32) {
				taylorPiece(b, &s.taylor, out[0], in, piece, scratch)
			},
			f64: func(out, in [][]float64, piece int, scratch []float64) {
				taylorPiece(b, &s.taylor, out[0], in, piece, scratch)
			},
		},
		over:  []int{0},
		fixed: make([]bool, len(operands)),
		pull: func(_, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
			return s.pull(b, operands, g, want, acc)
		},
	}
	for c := range s.weights {
		sp.products = append(sp.products, Product{TA: true, M: s.out, N: s.in, K: s.length(c)})
	}
	var most Term
	for _, t := range terms {
		most = Term{max(most.Pre, t.Pre), max(most.Post, t.Post), max(most.Weight, t.Weight), max(most.Factor, t.Factor)}
	}
	sp.fixed[0] = bare && most.Weight == 0
	sp.fixed[1], sp.fixed[2], sp.fixed[3] = a.Detach || most.Post == 0, a.Detach || most.Pre == 0, a.Detach
	if x != nil {
		sp.fixed[4] = a.Detach || most.Factor == 0
	}
	return b.node(sp, operands...)
}

// checkTerms returns what is wrong with the terms of a polynomial.
func checkTerms(terms []Term, factor bool) error {
	if len(terms) == 0 {
		return fmt.Errorf("a polynomial without terms: want at least one")
	}
	for i, t := range terms {
		for _, e := range [...]int{t.Pre, t.Post, t.Weight, t.Factor} {
			if e < 0 || e > 2 {
				return fmt.Errorf("term %+v: want exponents from 0 to 2", t)
			}
		}
		if t.Factor > 0 && !factor {
			return fmt.Errorf("term %+v has a factor, and there is none", t)
		}
		for _, o := range terms[:i] {
			if o == t {
				return fmt.Errorf("term %+v is there twice", t)
			}
		}
	}
	return nil
}

func newTaylor(u update, bare bool, terms []Term, perRow bool) taylor {
	t := taylor{update: u, bare: bare, terms: terms, perRow: perRow}
	var pre, weights [3]bool
	var posts [3][3]bool
	for _, m := range terms {
		pre[m.Pre], weights[m.Weight], posts[m.Post][m.Factor] = true, true, true
	}
	t.sums = pre[0]
	var slot, weight [3]int
	var post [3][3]int
	for e := range 3 {
		if e > 0 && pre[e] {
			slot[e] = len(t.pre)
			t.pre = append(t.pre, e)
		}
		if weights[e] {
			weight[e] = len(t.weights)
			t.weights = append(t.weights, e)
		}
		for d := range 3 {
			if posts[e][d] {
				post[e][d] = len(t.posts)
				t.posts = append(t.posts, [2]int{e, d})
			}
		}
	}
	slot[0] = len(t.pre)
	for c := range t.weights {
		t.has[c] = make([]bool, len(t.pre)+1)
	}
	for _, m := range terms {
		at := place{weight[m.Weight], slot[m.Pre], post[m.Post][m.Factor]}
		t.has[at.weight][at.slot] = true
		t.at = append(t.at, at)
	}
	// Products of a chunk of examples have as many rows as tiles are made for.
	most := fewExamples
	if t.sums {
		most -= dotBlockRows
	}
	chunks := (t.n*max(len(t.pre), 1) + most - 1) / most
	t.chunk = (t.n + chunks - 1) / chunks
	t.divide(2 * stepElements / (1 + len(t.weights)))
	return t
}

// top is the highest power of W.
func (t *taylor) top() int { return t.weights[len(t.weights)-1] }

// length is how many rows the product for a power of W has.
func (t *taylor) length(c int) (k int) {
	for slot, has := range t.has[c] {
		switch {
		case !has:
		case slot == len(t.pre):
			k++
		default:
			k += t.n
		}
	}
	return k
}

// span is a range of rows of V and Q, or of slots.
type span struct{ from, to int }

// runs are the slots of terms with h, and with that power of W, as ranges.
func (t *taylor) runs(c int) (list [2]span, n int) {
	for slot := range t.pre {
		if !t.has[c][slot] {
			continue
		}
		if n > 0 && list[n-1].to == slot {
			list[n-1].to++
			continue
		}
		list[n] = span{slot, slot + 1}
		n++
	}
	return list, n
}

// powers multiplies a power of x to a node; nil stands for 1.
func (b *Builder) powers(x, to *G.Node, exponent int) *G.Node {
	for range exponent {
		if to == nil {
			to = x
		} else {
			to = b.Mul(to, x)
		}
	}
	return to
}

// reference is the step, or the change alone, as a composition of primitives.
func (s *taylorPass) reference(b *Builder) *G.Node {
	delta := s.composedDelta(b)
	if s.bare {
		return delta
	}
	return b.Change(s.w, delta, Plasticity{Alpha: s.alpha, Scale: s.scale, Detach: s.detach})
}

func (s *taylorPass) composedDelta(b *Builder) (delta *G.Node) {
	products := map[Term]*G.Node{}
	for k, t := range s.terms {
		outer := Term{Pre: t.Pre, Post: t.Post, Factor: t.Factor}
		if products[outer] == nil {
			post, pre := b.powers(s.x, b.powers(s.p, nil, t.Post), t.Factor), b.powers(s.h, nil, t.Pre)
			if post == nil {
				post = b.OnesLike(s.p)
			}
			if pre == nil {
				pre = b.OnesLike(s.h)
			}
			products[outer] = b.MatMul(post, pre, T, N)
		}
		term := b.powers(s.w, products[outer], t.Weight)
		if theta := b.Rows(s.theta, k, k+1); s.perRow {
			term = b.RowScale(b.Reshape(theta, s.out), term)
		} else {
			term = b.ScaleBy(term, theta)
		}
		if delta == nil {
			delta = term
		} else {
			delta = b.Add(delta, term)
		}
	}
	return delta
}
