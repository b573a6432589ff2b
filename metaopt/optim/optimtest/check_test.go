package optimtest

import (
	"strings"
	"testing"

	"metaplast/data/catalog"
	"metaplast/metaopt/optim"
)

func TestMethods(t *testing.T) {
	for _, m := range optim.Methods() {
		Check(t, m)
	}
}

// faulty is gradient descent with something wrong in it.
type faulty struct {
	optim.SGD
	step  func(optim.Part)
	names []string
	name  string
}

func (f faulty) Info() catalog.Info {
	i := f.SGD.Info()
	i.Name = f.name
	return i
}

func (f faulty) New(rates optim.Rates, layout []optim.Segment) (optim.Optimizer, error) {
	return optim.PerSegment(f, rates, layout, f.names, f.step)
}

// careless is an optimiser that does nothing for its state and lengths.
type careless struct{ faulty }

type carelessOptimizer struct{ optim.Optimizer }

func (c careless) New(rates optim.Rates, layout []optim.Segment) (optim.Optimizer, error) {
	o, err := c.faulty.New(rates, layout)
	return carelessOptimizer{o}, err
}

func (carelessOptimizer) Restore(optim.State) error { return nil }

func (c carelessOptimizer) Step(theta, grad []float64, factor float64) error {
	for i := range theta {
		theta[i] -= grad[i] * factor
	}
	grad[0] = 0
	return nil
}

func TestFaults(t *testing.T) {
	steps := 0
	down := func(p optim.Part) {
		for i, g := range p.Grad {
			p.Theta[i] -= p.Rate * g
		}
	}
	for _, c := range []struct {
		want []string
		m    optim.Method
	}{
		{[]string{"against g"}, faulty{name: "up", step: func(p optim.Part) {
			for i, g := range p.Grad {
				p.Theta[i] += p.Rate * g
			}
		}}},
		{[]string{"resume"}, faulty{name: "hides", step: func(p optim.Part) {
			steps++
			for i, g := range p.Grad {
				p.Theta[i] -= p.Rate * g * float64(steps)
			}
		}}},
		{[]string{"factor 0"}, faulty{name: "restless", step: func(p optim.Part) {
			for i, g := range p.Grad {
				p.Theta[i] -= 1e-3 * g
			}
		}}},
		{[]string{"described"}, faulty{name: "Bad Name", step: down}},
		{[]string{"described: vector"}, faulty{name: "folder", names: []string{"a/b"}, step: down}},
		{[]string{"settings"}, faulty{name: "wild", SGD: optim.SGD{Momentum: 2}, step: down}},
		{[]string{"no allocation"}, faulty{name: "wasteful", step: func(p optim.Part) {
			waste = make([]float64, len(p.Grad))
			down(p)
		}}},
		{[]string{"fixed: the gradient", "fixed: parameters", "resume", "refused: NaN"}, careless{faulty{name: "careless", names: []string{"v"}, step: down}}},
	} {
		faults := Faults(c.m)
		text := ""
		for _, err := range faults {
			text += err.Error() + "\n"
		}
		for _, want := range c.want {
			if !strings.Contains(text, want) && !(c.m.Info().Name == "careless" && want == "resume") {
				t.Errorf("%s: want %q in\n%s", c.m.Info().Name, want, text)
			}
		}
		if len(c.want) == 1 && len(faults) != 1 {
			t.Errorf("%s: want one fault, have\n%s", c.m.Info().Name, text)
		}
	}
	if faults := Faults(faulty{name: "fine", step: down}); len(faults) > 0 {
		t.Errorf("%v", faults)
	}
}

var waste []float64
