package rules

import (
	"fmt"
	"slices"
	"sync"
)

var registry = struct {
	sync.RWMutex
	rules    []Rule
	pathways []Pathway
}{
	rules:    []Rule{Hebb{}, Oja{}},
	pathways: []Pathway{Direct{}, Layered{}, Backprop{}, None{}},
}

// Rules returns every registered rule, in the order of registration.
func Rules() []Rule {
	registry.RLock()
	defer registry.RUnlock()
	return slices.Clone(registry.rules)
}

// Pathways returns every registered pathway, in the order of registration.
func Pathways() []Pathway {
	registry.RLock()
	defer registry.RUnlock()
	return slices.Clone(registry.pathways)
}

// Register adds a rule, so that settings can name it. It fails if the name is empty or
// taken. Call it before any learner is built, from main or an init function.
func Register(r Rule) error {
	registry.Lock()
	defer registry.Unlock()
	name := r.Info().Name
	if name == "" || slices.ContainsFunc(registry.rules, func(o Rule) bool { return o.Info().Name == name }) {
		return fmt.Errorf("register rule %q: want a name that is not taken", name)
	}
	registry.rules = append(registry.rules, r)
	return nil
}

// RegisterPathway adds a pathway, on the terms of Register.
func RegisterPathway(p Pathway) error {
	registry.Lock()
	defer registry.Unlock()
	name := p.Info().Name
	if name == "" || slices.ContainsFunc(registry.pathways, func(o Pathway) bool { return o.Info().Name == name }) {
		return fmt.Errorf("register pathway %q: want a name that is not taken", name)
	}
	registry.pathways = append(registry.pathways, p)
	return nil
}

// LookupRule returns the rule of a name, or an UnknownError that names the nearest one.
func LookupRule(name string) (Rule, error) {
	var known []string
	for _, r := range Rules() {
		if r.Info().Name == name {
			return r, nil
		}
		known = append(known, r.Info().Name)
	}
	return nil, Unknown("rule", name, known)
}

// LookupPathway returns the pathway of a name, or an UnknownError that names the nearest
// one.
func LookupPathway(name string) (Pathway, error) {
	var known []string
	for _, p := range Pathways() {
		if p.Info().Name == name {
			return p, nil
		}
		known = append(known, p.Info().Name)
	}
	return nil, Unknown("pathway", name, known)
}
