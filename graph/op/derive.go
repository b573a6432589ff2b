package op

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// DiffWRT tells Gorgonia which operands have a derivative.
func (k *Kernel) DiffWRT(n int) []bool {
	d := make([]bool, n)
	for i := range d {
		d[i] = k.differentiable(i)
	}
	return d
}

func (k *Kernel) differentiable(i int) bool {
	return (k.grad != nil || k.pull != nil) && (k.fixed == nil || !k.fixed[i])
}

// Differentiable reports whether the result of node n depends smoothly on operand i. An op
// without a symbolic derivative counts as dependent, so that asking for it is an error.
func Differentiable(n *G.Node, i int) bool {
	switch o := n.Op().(type) {
	case *Kernel:
		return o.differentiable(i)
	case G.SDOp:
		d := o.DiffWRT(len(Children(n)))
		return i < len(d) && d[i]
	}
	return true
}

// SymDiff is the derivative in the form that Gorgonia's own Grad asks for: a node for every
// operand that DiffWRT names.
func (k *Kernel) SymDiff(_ G.Nodes, out, g *G.Node) (G.Nodes, error) {
	n := len(k.operands)
	return k.pullback(out, g, k.DiffWRT(n), make([]*G.Node, n)), k.b.err
}

func (k *Kernel) pullback(out, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
	if k.pull != nil {
		return k.pull(out, g, want, acc)
	}
	r := make([]*G.Node, len(want))
	for i := range r {
		if want[i] {
			r[i] = k.grad(i, out, g, acc[i])
		}
	}
	return r
}

// sum is a + b where there is an a already.
func (b *Builder) sum(acc, d *G.Node) *G.Node {
	if acc == nil {
		return d
	}
	return b.Add(acc, d)
}

// derivatives returns what the operands of node out receive when out receives g, added to
// acc where that is not nil: one node for each operand that want names and that the op is
// not constant in, nil elsewhere. For ops of this package only those contributions are
// built; of others SymDiff is called.
func (b *Builder) derivatives(out, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
	if b.err != nil {
		return nil
	}
	children := Children(out)
	// An operand that is there twice receives twice: the second time on top of the first.
	first := slices.Clone(acc)
	twice := false
	for i, c := range children {
		if slices.Contains(children[:i], c) {
			first[i], twice = nil, true
		}
	}
	var r []*G.Node
	if k, ok := out.Op().(*Kernel); ok {
		asked := make([]bool, len(want))
		for i := range want {
			asked[i] = want[i] && k.differentiable(i)
		}
		r = k.pullback(out, g, asked, first)
	} else {
		r = b.foreign(out, g, want, children)
		for i := range r {
			if r[i] != nil {
				r[i] = b.sum(first[i], r[i])
			}
		}
	}
	if twice && b.err == nil {
		for i, c := range children {
			if j := slices.Index(children[:i], c); j >= 0 && r[i] != nil {
				if r[j] == nil {
					r[j] = first[j]
				}
				r[j], r[i] = b.sum(r[j], r[i]), nil
			}
		}
	}
	return r
}

// foreign asks the SymDiff of an op that is not ours, and checks what it says.
func (b *Builder) foreign(out, g *G.Node, want []bool, children []*G.Node) []*G.Node {
	r := make([]*G.Node, len(want))
	sd, ok := out.Op().(G.SDOp)
	if !ok {
		b.fail(fmt.Errorf("%v (%v): the op has no symbolic derivative (gorgonia.SDOp): implement SymDiff or stop the gradient before it", out.Op(), b.label))
		return nil
	}
	diff := sd.DiffWRT(len(children))
	d, err := sd.SymDiff(children, out, g)
	if err != nil {
		b.fail(fmt.Errorf("derivative of %v: %w", out.Op(), err))
		return nil
	}
	for i, c := range children {
		switch {
		case !want[i] || !diff[i]:
		case i >= len(d) || d[i] == nil:
			b.fail(fmt.Errorf("derivative of %v: no node for operand %d, which DiffWRT calls differentiable", out.Op(), i))
		case !same(d[i].Shape(), c.Shape()):
			b.fail(&ShapeError{Op: fmt.Sprintf("derivative of %v by operand %d", out.Op(), i), Shapes: []tensor.Shape{d[i].Shape()}, Want: fmt.Sprint([]int(c.Shape())), At: b.label})
		default:
			r[i] = d[i]
		}
	}
	return r
}

// Pullback returns what the nodes wrt receive when node out receives g: the transposed
// Jacobian of out by each of them times g. An entry is nil where no differentiable path
// leads there.
//
// Nodes of wrt may depend on each other: paths are followed through them. Contributions are
// added as they appear, in the order of making turned around, each on top of the sum so far,
// which a machine can do in place. Nothing is stored in the nodes, so that it can be called
// again on the same graph, and for what it returned. Cost: about two nodes for each node on
// a path.
func (b *Builder) Pullback(out, g *G.Node, wrt ...*G.Node) []*G.Node {
	return b.PullbackFrom([]Received{{out, g}}, nil, wrt...)
}

// Received is a node with what it has received from nodes that are not of its graph.
type Received struct{ Node, Sum *G.Node }

// PullbackFrom is Pullback from several nodes at once, on top of sums that begin elsewhere: a graph that
// was divided is differentiated part by part, the last one first, and each goes on where the one after it
// has ended. What is found is added in the order in which Pullback adds it in the whole graph, where the
// Received of a node comes from nodes made later than any that reads it here.
//
// Ways end at leaves, which keep what they receive. A Received of a node without a way to wrt is left out.
func (b *Builder) PullbackFrom(from []Received, leaves []*G.Node, wrt ...*G.Node) []*G.Node {
	return b.backward(from, wrt, leaves, true)
}

// reverse is Pullback that takes the nodes of leaves for constants but for wrt, and labels nothing.
func (b *Builder) reverse(out, g *G.Node, wrt, leaves []*G.Node) []*G.Node {
	return b.backward([]Received{{out, g}}, wrt, leaves, false)
}

// backward is PullbackFrom. The nodes that it makes are labelled after those that they are derivatives of,
// if it is asked to.
func (b *Builder) backward(from []Received, wrt, leaves []*G.Node, labelled bool) []*G.Node {
	grads := make([]*G.Node, len(wrt))
	if b.err != nil {
		return grads
	}
	former := b.label
	defer func() { b.label = former }()

	order := between(from, wrt, leaves)
	on := make(map[*G.Node]bool, len(order))
	for _, n := range order {
		on[n] = true
	}
	sums := make(map[*G.Node]*G.Node, len(order))
	for _, r := range from {
		sums[r.Node] = b.sum(sums[r.Node], r.Sum)
	}
	// Contributions to ranges of rows wait for each other: the array that they are parts of
	// is made when it is needed, at the end of the way back through time.
	ranges := map[*G.Node][]rowRange{}
	join := func(n *G.Node) {
		if r := ranges[n]; r != nil {
			sums[n] = b.joinRows(sums[n], n.Shape(), r)
			delete(ranges, n)
		}
	}
	for _, n := range slices.Backward(order) {
		join(n)
		g := sums[n]
		if g == nil || slices.Contains(leaves, n) {
			continue
		}
		children := Children(n)
		if from, ok := rowsFrom(n); ok && on[children[0]] {
			ranges[children[0]] = append(ranges[children[0]], rowRange{from, g})
			continue
		}
		want, acc := make([]bool, len(children)), make([]*G.Node, len(children))
		some := false
		for i, c := range children {
			want[i] = on[c] && Differentiable(n, i)
			acc[i] = sums[c]
			some = some || want[i]
		}
		if !some {
			continue
		}
		if l, ok := LabelOf(n); ok && labelled {
			l.Backward = true
			b.label = l
		}
		for i, d := range b.derivatives(n, g, want, acc) {
			if d != nil {
				sums[children[i]] = d
			}
		}
		if b.err != nil {
			return make([]*G.Node, len(wrt))
		}
	}
	for i, n := range wrt {
		join(n)
		grads[i] = sums[n]
	}
	return grads
}

// between returns the nodes that lie on a differentiable path from one of wrt to one of those that have
// received something, both ends included, in the order of their making. Paths end at leaves.
func between(from []Received, wrt, leaves []*G.Node) []*G.Node {
	seen := map[*G.Node]bool{}
	var nodes []*G.Node
	for _, r := range from {
		if !seen[r.Node] {
			seen[r.Node] = true
			nodes = append(nodes, r.Node)
		}
	}
	for i := 0; i < len(nodes); i++ {
		if slices.Contains(leaves, nodes[i]) {
			continue
		}
		for _, c := range Children(nodes[i]) {
			if !seen[c] {
				seen[c] = true
				nodes = append(nodes, c)
			}
		}
	}
	slices.SortFunc(nodes, func(a, b *G.Node) int { return int(a.ID() - b.ID()) })
	on := make(map[*G.Node]bool, len(nodes))
	for _, n := range wrt {
		on[n] = true
	}
	kept := nodes[:0]
	for _, n := range nodes {
		if !slices.Contains(leaves, n) {
			for i, c := range Children(n) {
				if on[c] && Differentiable(n, i) {
					on[n] = true
					break
				}
			}
		}
		if on[n] {
			kept = append(kept, n)
		}
	}
	return kept
}

// expanded differentiates a kernel by way of a composition that computes the same: what a
// fused derivative is differentiated by once more.
func (b *Builder) expanded(operands []*G.Node, compose func() *G.Node) func(_, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
	return func(_, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
		former := b.fused
		b.fused = false
		defer func() { b.fused = former }()
		ref := compose()
		if b.err != nil {
			return nil
		}
		var wrt []*G.Node
		var which []int
		for i := range operands {
			if want[i] && !slices.Contains(wrt, operands[i]) {
				wrt, which = append(wrt, operands[i]), append(which, i)
			}
		}
		r := make([]*G.Node, len(operands))
		for j, d := range b.reverse(ref, g, wrt, operands) {
			if d != nil {
				r[which[j]] = b.sum(acc[which[j]], d)
			}
		}
		return r
	}
}
