package rulestest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/data/catalog"
	"metaplast/data/settings"
	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// CheckModulator reports every fault of a modulator to t:
//
//	shapes       it is [N] for N examples, many and one, or [1]; its name is one that settings can use
//	finite       no NaN or Inf, also where answers are right and the top layer is silent
//	derivative   by the loss, the signal, the answers, the top layer's activity, and its parameters
//	examples     with the examples in another order, it is in that order too
//	determinism  the same bits on every run, for every build, on either machine
//	float32      the same meaning in single precision
//	episodes     every meta-gradient of whole episodes with a rule that it gates, Δ = (m ∘ p)ᵀ h
//
// The modulator need not be registered. Derivatives are compared as the package comment says.
func CheckModulator(t testing.TB, m rules.Modulator, opts Options) {
	t.Helper()
	for _, f := range ModulatorFaults(m, opts) {
		t.Errorf("modulator %T: %v", m, f)
	}
}

// ModulatorFaults is CheckModulator without a test: every fault, none if there is none. When its value
// cannot be built, nothing else is looked at. Cost: about a second.
func ModulatorFaults(m rules.Modulator, opts Options) []Finding {
	o, err := opts.defaults()
	if err != nil {
		return []Finding{{"options", "rulestest.Options", err.Error()}}
	}
	if m == nil {
		return []Finding{{"shapes", "Info", "have nil, want a modulator"}}
	}
	found := guard("shapes", "building", func() []Finding { return o.modulatorShapes(m) })
	if len(found) > 0 {
		return found
	}
	for _, c := range []struct {
		name string
		run  func(rules.Modulator, int) []Finding
	}{
		{"finite", o.modulatorFinite}, {"derivative", o.modulatorDerivative}, {"examples", o.modulatorExamples}, {"determinism", o.modulatorDeterminism},
	} {
		for _, n := range []int{o.N, 1} {
			found = append(found, few(guard(c.name, fmt.Sprint("N=", n), func() []Finding { return c.run(m, n) }))...)
		}
	}
	return append(found, few(guard("episodes", "", func() []Finding { return o.modulatorEpisodes(m, opts) }))...)
}

// momentTop is the number of units of the top hidden layer.
const momentTop = 5

// moment is a graph of one value of a modulator.
func (o Options) moment(m rules.Modulator, n int, dt tensor.Dtype) (*setup, error) {
	s := &setup{b: op.New(dt)}
	var err error
	bind := func(name string, data []float64, shape ...int) *G.Node {
		a, e := input(s.b, name, data, shape...)
		if err == nil {
			err = e
		}
		s.inputs = append(s.inputs, a)
		return a.node
	}
	draw := func(name string, shape ...int) *G.Node {
		return bind(name, o.values("modulator/"+name, tensor.Shape(shape).TotalSize()), shape...)
	}
	loss := o.values("modulator/loss", 1)
	seen := rules.Moment{
		Loss: bind("loss", []float64{math.Abs(loss[0])}, 1), Signal: draw("signal", n, o.Out), Answers: draw("answers", n, o.Out),
		Targets: draw("targets", n, o.Out), Top: draw("top", n, momentTop), Params: rules.Values{},
	}
	if _, rewarded := m.(rules.Rewarded); rewarded {
		seen.Reward = draw("reward", n)
	}
	for _, p := range m.Params(momentTop) {
		seen.Params[p.Name] = bind(paramPrefix+p.Name, o.near("modulator/"+p.Name, p.Initial, tensor.Shape(p.Dims()).TotalSize()), p.Dims()...)
	}
	if err != nil {
		return nil, err
	}
	v := m.Value(s.b, seen)
	switch err := s.b.Err(); {
	case err != nil:
		return nil, err
	case v == nil:
		return nil, errors.New("the modulator returned nil without an error in the Builder")
	case v.Graph() != s.b.Graph():
		return nil, fmt.Errorf("the value: %w", op.ErrForeignGraph)
	case len(v.Shape()) != 1 || v.Shape()[0] != n && v.Shape()[0] != 1:
		return nil, fmt.Errorf("the value has shape %v: want [N] = [%d], one for each example, or [1]", []int(v.Shape()), n)
	}
	s.results = []array{{name: "m", node: v, shape: []int(v.Shape())}}
	return s, nil
}

func (o Options) modulatorShapes(m rules.Modulator) []Finding {
	if err := catalog.CheckName(m.Info().Name); err != nil {
		return []Finding{{"shapes", "Info", err.Error()}}
	}
	if err := settings.Check(m); err != nil {
		return []Finding{{"settings", fmt.Sprintf("%T", m), err.Error()}}
	}
	seen := map[string]bool{}
	for _, p := range m.Params(momentTop) {
		err := catalog.CheckName(p.Name)
		if err == nil && seen[p.Name] {
			err = errors.New("another one has the name")
		}
		if err != nil {
			return []Finding{{"declared", "parameter " + p.Name, err.Error()}}
		}
		seen[p.Name] = true
	}
	for _, n := range []int{o.N, 1} {
		s, err := o.moment(m, n, float64s)
		if err == nil {
			_, err = s.run(sequential)
		}
		if err != nil {
			return []Finding{{"shapes", fmt.Sprint("N=", n), err.Error()}}
		}
	}
	return nil
}

// modulated is all that a modulator makes a machine compute: its value and the derivatives of it.
func (o Options) modulated(s *setup) ([]*G.Node, error) {
	cost, err := o.project(s)
	if err != nil {
		return nil, err
	}
	var wrt []*G.Node
	for _, a := range s.inputs {
		wrt = append(wrt, a.node)
	}
	grads, err := engine.Grad(s.b, cost, wrt...)
	if err != nil {
		return nil, err
	}
	outputs := s.nodes()
	for _, g := range grads {
		if g != nil {
			outputs = append(outputs, g)
		}
	}
	return outputs, nil
}

func (o Options) modulatorFinite(m rules.Modulator, n int) []Finding {
	place := fmt.Sprint("N=", n)
	s, err := o.moment(m, n, float64s)
	if err != nil {
		return []Finding{{"finite", place, "cannot run: " + err.Error()}}
	}
	outputs, err := o.modulated(s)
	if err != nil {
		return []Finding{{"finite", place, "cannot run: " + err.Error()}}
	}
	vm, err := engine.Sequential(s.b, outputs)
	if err != nil {
		return []Finding{{"finite", place, "cannot run: " + err.Error()}}
	}
	defer vm.Close()
	for _, kind := range []string{"ordinary values", "no error, no activity"} {
		if err := vm.RunAll(); err != nil {
			return []Finding{{"finite", place, "cannot run: " + err.Error()}}
		}
		for _, node := range outputs {
			if at := notFinite(read(node)); at >= 0 {
				return []Finding{{"finite", place + ", " + kind, fmt.Sprintf("the value or a derivative of it is %v", read(node)[at])}}
			}
		}
		for _, a := range s.inputs {
			if !strings.HasPrefix(a.name, paramPrefix) {
				clear(a.data)
			}
		}
	}
	return nil
}

func (o Options) modulatorDerivative(m rules.Modulator, n int) []Finding {
	place := fmt.Sprint("N=", n)
	r, err := o.decide(func(o Options) (result, error) {
		s, err := o.moment(m, n, float64s)
		if err != nil {
			return result{}, err
		}
		cost, err := o.project(s)
		if err != nil {
			return result{}, err
		}
		return o.against(s.b, cost, s.inputs)
	})
	if err != nil {
		return []Finding{{"derivative", place, "cannot run: " + err.Error()}}
	}
	return r.findings("derivative", place)
}

// modulatorExamples moves every example by one place.
func (o Options) modulatorExamples(m rules.Modulator, n int) []Finding {
	place := fmt.Sprint("N=", n)
	s, err := o.moment(m, n, float64s)
	if err != nil {
		return []Finding{{"examples", place, "cannot run: " + err.Error()}}
	}
	vm, err := engine.Sequential(s.b, s.nodes())
	if err != nil {
		return []Finding{{"examples", place, "cannot run: " + err.Error()}}
	}
	defer vm.Close()
	run := func() []float64 {
		if err == nil {
			err = vm.RunAll()
		}
		return read(s.results[0].node)
	}
	before := run()
	for _, a := range s.inputs {
		if a.name == "loss" || strings.HasPrefix(a.name, paramPrefix) {
			continue
		}
		cols := len(a.data) / n
		last := append([]float64(nil), a.data[(n-1)*cols:]...)
		copy(a.data[cols:], a.data[:(n-1)*cols])
		copy(a.data, last)
	}
	after := run()
	if err != nil {
		return []Finding{{"examples", place, "cannot run: " + err.Error()}}
	}
	for i, x := range after {
		want := before[0]
		if len(before) > 1 {
			want = before[(i+n-1)%n]
		}
		if !(math.Abs(x-want) <= orderTolerance*magnitude(before)+orderRounding*float64(n)) {
			return []Finding{{"examples", place, fmt.Sprintf("m[%d] is %.10g with the examples moved by one place: want %.10g, that of the example", i, x, want)}}
		}
	}
	return nil
}

func (o Options) modulatorDeterminism(m rules.Modulator, n int) []Finding {
	var first [][]float64
	for _, how := range []struct {
		name    string
		machine engine.Machine
		dt      tensor.Dtype
	}{{"Sequential", sequential, float64s}, {"Sequential, built again", sequential, float64s}, {"Tape", tape, float64s}, {"float32", sequential, float32s}} {
		place := fmt.Sprintf("N=%d, %s", n, how.name)
		check := "determinism"
		if how.dt == float32s {
			check = "float32"
		}
		s, err := o.moment(m, n, how.dt)
		if err != nil {
			return []Finding{{check, place, "cannot run: " + err.Error()}}
		}
		outputs, err := o.modulated(s)
		if err != nil {
			return []Finding{{check, place, "cannot run: " + err.Error()}}
		}
		vm, err := how.machine(s.b, outputs)
		if err != nil {
			return []Finding{{check, place, "cannot run: " + err.Error()}}
		}
		defer vm.Close()
		for range 2 {
			if err := vm.RunAll(); err != nil {
				return []Finding{{check, place, "cannot run: " + err.Error()}}
			}
			var values [][]float64
			for _, node := range outputs {
				values = append(values, read(node))
			}
			if first == nil {
				first = values
			}
			if len(first) != len(values) {
				return []Finding{{check, place, fmt.Sprintf("%d results and derivatives, at first %d", len(values), len(first))}}
			}
			for k, v := range values {
				if how.dt == float64s {
					if at := differ(first[k], v); at >= 0 {
						return []Finding{{check, place, fmt.Sprintf("the value or a derivative of it is %v, at first %v: want the same bits", v[at], first[k][at])}}
					}
					continue
				}
				bound := singleTolerance*magnitude(first[k]) + singleRounding
				for i := range v {
					if !(math.Abs(v[i]-first[k][i]) <= bound) {
						return []Finding{{check, place, fmt.Sprintf("the value or a derivative of it is %g, in float64 %g", v[i], first[k][i])}}
					}
				}
			}
		}
	}
	return nil
}

// gated is the rule that a modulator is tried with: Δ = (m ∘ p)ᵀ h.
type gated struct{}

var _ rules.Observer = gated{}

func (gated) Info() rules.Info {
	return rules.Info{Name: "gated", Summary: "Hebb's product, gated by the third factor", Formula: "Δ = (m ∘ p)ᵀ h", Source: "three-factor rules"}
}
func (gated) Observes() rules.Observed { return rules.Observed{Modulator: true} }
func (gated) Delta(b *op.Builder, s rules.Synapses) *G.Node {
	if !b.Usable(s.Modulator) {
		return nil
	}
	if s.Modulator.Shape().TotalSize() == 1 {
		return b.ScaleBy(b.Hebb(s.Post, s.Pre), b.Reshape(s.Modulator, 1))
	}
	return b.Hebb(b.RowScale(s.Modulator, s.Post), s.Pre)
}

// modulatorEpisodes checks whole episodes with every pathway.
func (o Options) modulatorEpisodes(m rules.Modulator, opts Options) []Finding {
	if have, err := rules.LookupModulator(m.Info().Name); err == nil && reflect.TypeOf(have) != reflect.TypeOf(m) {
		return []Finding{{"modulator", "Info", fmt.Sprintf("name %q: it is that of another modulator, %T: want one that is not taken", m.Info().Name, have)}}
	}
	var list []combination
	o.each(combination{rule: gated{}, row: Row{Rule: gated{}.Info().Name}, modulator: m, variants: variants()}, func(c combination) { list = append(list, c) })
	rows, err := rowsOf(context.Background(), list, opts)
	if err != nil {
		return []Finding{{"options", "rulestest.Options", err.Error()}}
	}
	var found []Finding
	for _, r := range rows {
		if r.Failed() {
			found = append(found, Finding{"episodes", fmt.Sprintf("pathway %s, plasticity by %s", r.Pathway, r.Granularity), r.Error})
		}
	}
	return found
}
