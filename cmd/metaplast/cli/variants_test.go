package cli

import (
	"os"
	"strings"

	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
	"metaplast/rules"
)

// variants are the program with something wrong in it, or a rule more, under names of their own.
var variants = map[string]func(){
	"metaplast":        func() { asCalled(); os.Exit(Main(os.Args)) },
	"metaplast-wrong":  func() { with(wrong{}) },
	"metaplast-needs":  func() { with(needs{}) },
	"metaplast-panics": func() { with(&panics{}) },
	"metaplast-own":    func() { with(forgets{Lambda: 0.1}, Modulator(dose{Height: 1})) },
}

// asCalled undoes that the test binary calls itself by the name of the variant, where the system
// tells how it was called (Linux).
func asCalled() {
	if text, err := os.ReadFile("/proc/self/cmdline"); err == nil {
		os.Args[0], _, _ = strings.Cut(string(text), "\x00")
	}
}

func with(r rules.Rule, also ...Option) { os.Exit(Main(os.Args, append(also, Rule(r))...)) }

// wrong is Hebb's rule with half of its derivative missing.
type wrong struct{}

func (wrong) Info() rules.Info { return rules.Info{Name: "wrong"} }

func (wrong) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return b.Hebb(s.Post, b.AddScaled(b.Scale(s.Pre, 0.5), b.StopGradient(s.Pre), 0.5))
}

// needs is a rule that has no meaning without feedback.
type needs struct{}

func (needs) Info() rules.Info { return rules.Info{Name: "needs"} }

func (needs) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	if s.Feedback == nil {
		return b.Fail(rules.ErrNoFeedback)
	}
	return b.Hebb(s.Feedback, s.Pre)
}

// forgets is Hebb's rule with a setting.
type forgets struct {
	Lambda float64 `yaml:"lambda" range:"from 0 to 1" about:"how fast a weight is forgotten"`
}

func (forgets) Info() rules.Info { return rules.Info{Name: "forgets"} }

func (f forgets) Validate() error {
	var list fault.Fields
	list.Check(f.Lambda >= 0 && f.Lambda <= 1, "lambda", f.Lambda, "from 0 to 1")
	return list.Join()
}

func (f forgets) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	return b.AddScaled(b.Hebb(s.Post, s.Pre), s.W, -f.Lambda*float64(s.Pre.Shape()[0]))
}

// dose is a modulator that is as large as its setting.
type dose struct {
	Height float64 `yaml:"height" about:"how much of it there is"`
}

func (dose) Info() rules.Info { return rules.Info{Name: "dose"} }

func (dose) Params(int) []rules.Param { return nil }

func (d dose) Value(b *op.Builder, m rules.Moment) *G.Node {
	return b.Scale(b.OnesLike(m.Loss), d.Height)
}

// panics does so when it is described a second time, the first being by Register.
type panics struct{ described bool }

func (p *panics) Info() rules.Info {
	if p.described {
		panic("no words")
	}
	p.described = true
	return rules.Info{Name: "panics"}
}

func (*panics) Delta(b *op.Builder, s rules.Synapses) *G.Node { return b.Hebb(s.Post, s.Pre) }
