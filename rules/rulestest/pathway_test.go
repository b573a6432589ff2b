package rulestest_test

import (
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// pathway is Direct under another name, with its feedback changed. What is registered stays so for
// the tests after it: therefore one pathway has all faults, one at a time, and none in the end.
type pathway struct {
	rules.Direct
	name   string
	change func(b *op.Builder, f []*G.Node) []*G.Node
}

func (p *pathway) Info() rules.Info { return rules.Info{Name: p.name} }

func (p *pathway) Feedback(b *op.Builder, t rules.TopDown) []*G.Node {
	f := p.Direct.Feedback(b, t)
	if p.change != nil {
		return p.change(b, f)
	}
	return f
}

// TestPathwayFaults shows that CheckPathway passes what is right and says what is wrong.
func TestPathwayFaults(t *testing.T) {
	quick := rulestest.Options{Elements: 2}
	tried := &pathway{name: "tried"}
	for range 2 { // the second time it is registered
		rulestest.CheckPathway(t, tried, quick)
	}
	rulestest.CheckPathway(t, rules.Layered{}, quick)
	defer func() { tried.change = nil }()
	for _, c := range []struct {
		want   string
		change func(b *op.Builder, f []*G.Node) []*G.Node
	}{
		{"feedback for 2 layers: want 3", func(_ *op.Builder, f []*G.Node) []*G.Node { return f[1:] }},
		{"feedback of shape [5] for layer 0: want [3 5]", func(b *op.Builder, f []*G.Node) []*G.Node { f[0] = b.SumBias(f[0]); return f }},
		{"derivative is 0, central differences tend to", func(b *op.Builder, f []*G.Node) []*G.Node { f[0] = b.StopGradient(f[0]); return f }},
		{"panic: ouch", func(*op.Builder, []*G.Node) []*G.Node { panic("ouch") }},
	} {
		tried.change = c.change
		rec := &recorder{}
		rulestest.CheckPathway(rec, tried, quick)
		if !rec.failed || !strings.Contains(strings.Join(rec.lines, "\n"), c.want) {
			t.Errorf("%v: want %q", rec.lines, c.want)
		}
	}
	for want, p := range map[string]rules.Pathway{
		"have nil":           nil,
		"one word":           &pathway{name: "Two Words"},
		"of another pathway": &pathway{name: "direct"},
	} {
		found := rulestest.PathwayFaults(p, quick)
		if len(found) != 1 || !strings.Contains(found[0].Message, want) {
			t.Errorf("%v: want one finding with %q", found, want)
		}
	}
}
