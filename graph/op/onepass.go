package op

import G "gorgonia.org/gorgonia"

// onePass makes what the operands of a kernel receive from g by one pass over them, of which back writes
// those results that are asked for. The pass itself is differentiated by way of composed, what the kernel stands for.
func (b *Builder) onePass(kind string, back *work, composed func() *G.Node, operands []*G.Node, g *G.Node, want []bool, acc []*G.Node) []*G.Node {
	all := append([]*G.Node{g}, operands...)
	var specs []spec
	var members []int
	for i := range operands {
		if !want[i] {
			continue
		}
		specs = append(specs, spec{kind: kind, shape: operands[i].Shape(), work: back, pull: b.expanded(all, func() *G.Node {
			if d := b.reverse(composed(), g, []*G.Node{operands[i]}, operands); b.err == nil {
				return d[0]
			}
			return nil
		})})
		members = append(members, i)
	}
	r := make([]*G.Node, len(operands))
	for j, n := range b.nodes(specs, members, all...) {
		r[members[j]] = b.sum(acc[members[j]], n)
	}
	return r
}
