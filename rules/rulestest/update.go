package rulestest

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"metaplast/graph/engine"
	"metaplast/graph/op"
	"metaplast/rules"
)

// delta: Delta of a rules.Stateful is the first result of Next, and that of a rules.Updater is
// rules.ErrNoDelta.
func (o Options) delta(rule rules.Rule, d dims) []Finding {
	s, err := o.operands(rule, d, float64s)
	if err != nil {
		return failed("delta", d, err)
	}
	if _, updates := rule.(rules.Updater); updates {
		if rule.Delta(s.b, s.syn); !errors.Is(s.b.Err(), rules.ErrNoDelta) {
			return []Finding{{"delta", d.String(), fmt.Sprintf("Delta of a rule that has Update leaves the error %v in the Builder: want b.Fail(&rules.NoDeltaError{…})", s.b.Err())}}
		}
		return nil
	}
	if _, next := rule.(rules.Stateful); !next {
		return nil
	}
	if err := s.call(rule, d); err != nil {
		return failed("delta", d, err)
	}
	alone := rule.Delta(s.b, s.syn)
	second := *s
	second.results = []array{{name: "Δ", node: alone, shape: []int{d.out, d.in}}}
	if err := s.b.Err(); err != nil {
		return failed("delta", d, err)
	}
	if alone == nil {
		return failed("delta", d, errSilent)
	}
	vm, err := engine.Sequential(s.b, append(s.nodes(), alone))
	if err != nil {
		return failed("delta", d, err)
	}
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return failed("delta", d, err)
	}
	have, want := read(alone), read(s.results[0].node)
	if len(have) != len(want) {
		return failed("delta", d, fmt.Errorf("Delta has shape %v: want [out,in] = %v", []int(alone.Shape()), []int{d.out, d.in}))
	}
	for i := range want {
		if !(math.Abs(have[i]-want[i]) <= stepTolerance*magnitude(want)) {
			return []Finding{{"delta", d.String(), fmt.Sprintf("%s is %.17g by Delta and %.17g by Next: want the same", second.results[0].place(i), have[i], want[i])}}
		}
	}
	return nil
}

// update: Update, where the rule has one, works for every granularity of α, derivatives included, and with
// Δ detached it gives the same weights.
func (o Options) update(rule rules.Rule, d dims) []Finding {
	updater, updates := rule.(rules.Updater)
	if !updates {
		return nil
	}
	var found []Finding
	for _, alpha := range rates(d) {
		place := d.String() + ", " + alpha.name
		values := func(detach bool) ([]float64, error) {
			s, err := o.operands(updater, d, float64s)
			if err == nil {
				err = o.at(s, alpha.shape, detach)
			}
			if err == nil {
				err = s.call(updater, d)
			}
			if err != nil {
				return nil, err
			}
			all, err := s.run(sequential)
			if err != nil {
				return nil, err
			}
			return all[0], nil
		}
		attached, err := values(false)
		if err == nil {
			var detached []float64
			if detached, err = values(true); err == nil && differ(attached, detached) >= 0 {
				err = errors.New("with Δ detached the new weights are others: want the same bits, as only the derivative changes")
			}
		}
		if err != nil {
			found = append(found, Finding{"update", place, err.Error()})
			continue
		}
		r, err := o.decide(func(o Options) (result, error) {
			s, err := o.operands(updater, d, float64s)
			if err == nil {
				err = o.at(s, alpha.shape, false)
			}
			if err == nil {
				err = s.call(updater, d)
			}
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
			found = append(found, Finding{"update", place, "cannot run: " + err.Error()})
			continue
		}
		found = append(found, r.findings("update", place)...)
	}
	return found
}

// reading: Read, where the rule has one, gives answers of every output from what synapses know, finite in
// the first step too, with right derivatives.
func (o Options) reading(rule rules.Rule, d dims) []Finding {
	reader, reads := rule.(rules.Reader)
	if !reads || d.deaf || d.one || d.quiet {
		return nil
	}
	for _, o.begins = range []bool{true, false} {
		r, err := o.decide(func(o Options) (result, error) { return o.answers(reader, d) })
		if err != nil {
			return failed("read", d, err)
		}
		if found := r.findings("read", d.String()); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (o Options) answers(reader rules.Reader, d dims) (result, error) {
	s, err := o.operands(reader, d, float64s)
	if err != nil {
		return result{}, err
	}
	examples := d.n + 1 // answers are asked for other numbers of examples than those of a step
	h, err := input(s.b, "h", o.values("h", examples*d.in), examples, d.in)
	if err != nil {
		return result{}, err
	}
	known := rules.Synapses{W: s.syn.W, Params: s.syn.Params, State: s.syn.State}
	z := reader.Read(s.b, h.node, known)
	shape := []int{examples, d.out}
	switch err := s.b.Err(); {
	case err != nil:
		return result{}, err
	case z == nil:
		return result{}, errSilent
	case z.Graph() != s.b.Graph():
		return result{}, fmt.Errorf("the answers: %w", op.ErrForeignGraph)
	case len(z.Shape()) != 2 || z.Shape()[0] != examples || z.Shape()[1] != d.out:
		return result{}, fmt.Errorf("the answers have shape %v: want [examples,out] = %v", []int(z.Shape()), shape)
	}
	s.results = []array{{name: "answers", node: z, shape: shape}}
	cost, err := o.project(s)
	if err != nil {
		return result{}, err
	}
	at := []array{h}
	for _, a := range s.inputs {
		if a.node == known.W || a.node == known.Params[strings.TrimPrefix(a.name, paramPrefix)] || a.node == known.State[strings.TrimPrefix(a.name, statePrefix)] {
			at = append(at, a)
		}
	}
	return o.against(s.b, cost, at)
}
