package graph

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"metaplast/data/fault"
	"metaplast/data/settings"
	"metaplast/data/suggest"
	"metaplast/rules"
)

// The readouts.
const (
	DotReadout      = "dot"      // ŷ = h Wᵀ + b
	DistanceReadout = "distance" // ŷ_i = h·W_i − ½|W_i|² + b_i
	RuleReadout     = "rule"     // as the output layer's rule says, see rules.Reader
)

// Readouts lists the readouts.
func Readouts() []string { return []string{DotReadout, DistanceReadout, RuleReadout} }

// RuleSets lists how often a rule's own parameters can exist.
func RuleSets() []string { return []string{PerNetwork, PerLayer, PerNeuron} }

// extras are the faults of the settings that are left out where they have no effect.
func (l Learner) extras(path string) (f fault.Fields) {
	if l.OutputRule != "" || l.OutputRuleValue != nil {
		_, err := l.ItsOutputRule()
		f.Add(path+".output_rule", err)
		if err := settings.Validate(path+".output_rule", l.OutputRuleValue); err != nil {
			f = append(f, err)
		}
	}
	if l.Modulator != "" || l.ModulatorValue != nil {
		_, err := l.ItsModulator()
		f.Add(path+".modulator", err)
		if err := settings.Validate(path+".modulator", l.ModulatorValue); err != nil {
			f = append(f, err)
		}
	}
	if l.RulePer != "" {
		f.Add(path+".rule_per", suggest.Unknown("granularity of a rule's parameters", l.RulePer, RuleSets()))
	}
	if l.Readout != "" {
		f.Add(path+".readout", suggest.Unknown("readout", l.Readout, Readouts()))
	}
	f.Check(l.RulePenalty >= 0 && !math.IsInf(l.RulePenalty, 0), path+".rule_penalty", l.RulePenalty, "a finite number of at least 0")
	return f
}

// choose gives every plastic layer its rule and the learner its modulator, and returns what does not go
// together.
func (m *learnerModel) choose(path string) error {
	main, _ := m.learner.ItsRule()
	output := main
	if m.learner.OutputRule != "" {
		output, _ = m.learner.ItsOutputRule()
	}
	m.rules = make([]rules.Rule, len(m.plastic))
	var f fault.Fields
	need := rules.Observed{}
	for l, plastic := range m.plastic {
		if !plastic {
			continue
		}
		field, rule := path+".rule", main
		if l == m.last() && m.learner.OutputRule != "" {
			field, rule = path+".output_rule", output
		}
		m.rules[l] = rule
		if slices.ContainsFunc(f, func(err error) bool { return strings.HasPrefix(err.Error(), field+":") }) {
			continue // one fault of a rule is enough
		}
		m.fits(&f, field, rule, l)
		need.Modulator = need.Modulator || rules.Sees(rule).Modulator
	}
	if need.Modulator {
		m.mod, _ = m.learner.ItsModulator()
		f.Check(m.mod != nil, path+".modulator", fault.Words("none"), "one, since the rule has a third factor: "+strings.Join(modulatorNames(), ", "))
	} else {
		f.Check(m.learner.Modulator == "", path+".modulator", m.learner.Modulator, "none, since the rule has no third factor: want rule: {name: modulated, of: …} for one that has")
	}
	if len(f) == 0 {
		m.learnedFits(&f, path)
	}
	m.readoutFits(&f, path)
	return f.Join()
}

// learnedFits says what of the outer loop's settings has nothing to act on.
func (m *learnerModel) learnedFits(f *fault.Fields, path string) {
	sparse, names := false, []string{}
	for _, rule := range m.rules {
		if rule == nil {
			continue
		}
		sparse = sparse || slices.ContainsFunc(rules.ParamsOf(rule), func(p rules.Param) bool { return p.Sparse })
		if name := rule.Info().Name; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	f.Check(m.learner.RulePenalty == 0 || sparse, path+".rule_penalty", m.learner.RulePenalty,
		"0: there is no coefficient to draw to 0 in rule "+strings.Join(names, " and ")+", as there are in taylor and pool")
	if m.mod == nil || m.learner.FixedRule {
		return
	}
	f.Check(!m.learner.FirstOrder || !learns(m.mod.Params(m.top()), nil), path+".first_order", true,
		fmt.Sprintf("false, or fixed_rule: true: with every Δ a constant for the outer gradient, the parameters of modulator %s have none", m.mod.Info().Name))
}

// learns reports whether there is something among parameters and variables that the outer loop changes.
func learns(params []rules.Param, state []rules.Variable) bool {
	return slices.ContainsFunc(params, func(p rules.Param) bool { return !p.Fixed }) || slices.ContainsFunc(state, func(v rules.Variable) bool { return v.Learned })
}

func modulatorNames() (list []string) {
	for _, m := range rules.Modulators() {
		list = append(list, m.Info().Name)
	}
	return list
}

// fits says why a rule cannot be that of layer l.
func (m *learnerModel) fits(f *fault.Fields, field string, rule rules.Rule, l int) {
	name := rule.Info().Name
	f.Add(field, rules.CheckDeclared(rule))
	if len(*f) > 0 {
		return
	}
	if m.deaf(l) && rules.NeedsFeedback(rule) {
		*f = append(*f, &fault.Field{Path: field, Err: fmt.Errorf("%s: %w", name, rules.ErrNoFeedback)})
	}
	if why := rules.Locality(rule); why != "" {
		f.Check(!m.learner.Local, field, name, "a local rule, since local is set, and this one is not: "+why)
	}
	for _, p := range rules.ParamsOf(rule) {
		f.Check(p.Shape == nil || m.learner.RulePer != PerNeuron, strings.TrimSuffix(strings.TrimSuffix(field, "output_rule"), "rule")+"rule_per", PerNeuron,
			fmt.Sprintf("network or layer: parameter %s of rule %s is an array", p.Name, name))
	}
	learned := learns(rules.ParamsOf(rule), rules.StateOf(rule)) && !m.learner.FixedRule
	f.Check(!learned || !m.learner.FirstOrder, strings.TrimSuffix(strings.TrimSuffix(field, "output_rule"), "rule")+"first_order", true,
		fmt.Sprintf("false, or fixed_rule: true: with every Δ a constant for the outer gradient, the parameters of rule %s have none", name))
}

// readoutFits says why a readout does not go with the rest.
func (m *learnerModel) readoutFits(f *fault.Fields, path string) {
	set := m.learner
	rule := m.rules[m.last()]
	gradient := set.Signal == rules.Gradient && set.Pathway == rules.BackpropName
	switch set.Readout {
	case DistanceReadout:
		f.Check(rule == nil || !gradient || rule.Info().Name != rules.HebbName, path+".output_rule", rules.HebbName,
			"instar, which descends the gradient of a distance, as hebb does that of a product")
	case RuleReadout:
		_, reads := rule.(rules.Reader)
		if rule == nil || !reads {
			f.Check(false, path+".readout", set.Readout, "dot or distance: the output layer's rule does not say how answers are read")
		}
		f.Check(set.Pathway != rules.BackpropName || m.lowest == m.last(), path+".readout", set.Readout,
			"dot or distance with the backprop pathway, which goes back through the weights themselves")
	}
}

// ruleRole is the prefix of the names of layer l's rule's parameters, and the number of its layer in the
// layout.
func (m *learnerModel) ruleRole(l int) (prefix string, layer int) {
	if l == m.last() && m.learner.OutputRule != "" {
		return outputRulePrefix, NoLayer
	}
	if m.learner.RulePer == PerLayer || m.learner.RulePer == PerNeuron {
		return rulePrefix, l
	}
	return rulePrefix, NoLayer
}

// layOutRules puts what rules and modulator declare at the end of the layout.
func (m *learnerModel) layOutRules() {
	declare := func(prefix string, l int, p rules.Param, shape []int) {
		role := Role(prefix + p.Name)
		if _, have := m.layout.At(role, l); have {
			return // the network's, of a layer below
		}
		start := initial{scale: p.Initial}
		if p.Spread > 0 {
			start = initial{normal: true, scale: p.Spread, shift: p.Initial}
		}
		m.layout.add(Param{Role: role, Layer: l, Shape: shape, Learned: !p.Fixed && !m.learner.FixedRule, Sparse: p.Sparse, About: p.About, initial: start})
	}
	for l, rule := range m.rules {
		if rule == nil {
			continue
		}
		prefix, layer := m.ruleRole(l)
		for _, p := range rules.ParamsOf(rule) {
			shape := p.Dims()
			if p.Shape == nil && m.learner.RulePer == PerNeuron {
				shape = []int{m.geometry.weights[l][0]}
			}
			declare(prefix, layer, p, shape)
		}
	}
	if m.mod != nil {
		for _, p := range m.mod.Params(m.top()) {
			declare(modulatorPrefix, NoLayer, p, p.Dims())
		}
	}
	m.eachVariable(func(at slot, shape []int, v rules.Variable) {
		if v.Learned {
			m.layout.add(Param{Role: at.role, Layer: at.layer, Shape: shape, Learned: !m.learner.FixedRule, About: v.About, initial: initial{scale: v.Initial}})
		}
	})
}

// top is the number of units below the output layer.
func (m *learnerModel) top() int { return m.geometry.weights[m.last()][1] }

// ruleParams are the nodes of the parameters of layer l's rule.
func (m *wired) ruleParams(l int) rules.Values {
	prefix, layer := m.ruleRole(l)
	values := rules.Values{}
	for _, p := range rules.ParamsOf(m.rules[l]) {
		values[p.Name] = m.param(Role(prefix+p.Name), layer)
	}
	return values
}
