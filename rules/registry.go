package rules

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"sync"

	"metaplast/data/suggest"
)

// The names of the rules and pathways of this package, as settings give them.
const (
	HebbName = "hebb"
	OjaName  = "oja"

	DirectName   = "direct"
	LayeredName  = "layered"
	BackpropName = "backprop"
	NoneName     = "none"
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

// Register adds a rule, so that settings can name it. It returns an error, and adds nothing, if
// the rule is nil, if CheckName refuses its name, or if the name is taken. Call it before any
// learner is built, from main or an init function.
func Register(r Rule) error {
	registry.Lock()
	defer registry.Unlock()
	if err := add(&registry.rules, r); err != nil {
		return fmt.Errorf("register rule: %w", err)
	}
	return nil
}

// RegisterPathway adds a pathway, on the terms of Register.
func RegisterPathway(p Pathway) error {
	registry.Lock()
	defer registry.Unlock()
	if err := add(&registry.pathways, p); err != nil {
		return fmt.Errorf("register pathway: %w", err)
	}
	return nil
}

// add appends an entry whose name can be used and is not taken.
func add[T interface{ Info() Info }](list *[]T, entry T) error {
	v := reflect.ValueOf(entry)
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return fmt.Errorf("have nil (%T), want a value", entry)
	}
	name := entry.Info().Name
	if err := CheckName(name); err != nil {
		return err
	}
	if slices.ContainsFunc(*list, func(o T) bool { return o.Info().Name == name }) {
		return fmt.Errorf("name %q: want one that is not taken", name)
	}
	*list = append(*list, entry)
	return nil
}

// word is what a name may be: the same text in YAML, JSON, a shell and a table.
var word = regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)

// reserved are words that mean something else where settings name rules and pathways: YAML's
// words that are no text, and gradient, which in a case of package metagrad is gradient descent.
var reserved = []string{"null", "true", "false", "gradient"}

// CheckName returns what is wrong with the name of a rule or pathway, nil if settings can name
// it: one word of lower-case ASCII letters and digits, with single - or _ in between, that begins
// with a letter and is not null, true, false or gradient.
func CheckName(name string) error {
	if !word.MatchString(name) {
		return fmt.Errorf("name %q: want one word in lower case, as settings name it: a letter, then letters and digits, with single - or _ between them", name)
	}
	if slices.Contains(reserved, name) {
		return fmt.Errorf("name %q: it means something else in settings: want another one", name)
	}
	return nil
}

// LookupRule returns the rule of a name, or a suggest.UnknownError that names the nearest one.
func LookupRule(name string) (Rule, error) {
	var known []string
	for _, r := range Rules() {
		if r.Info().Name == name {
			return r, nil
		}
		known = append(known, r.Info().Name)
	}
	return nil, suggest.Unknown("rule", name, known)
}

// LookupPathway returns the pathway of a name, or a suggest.UnknownError that names the nearest
// one.
func LookupPathway(name string) (Pathway, error) {
	var known []string
	for _, p := range Pathways() {
		if p.Info().Name == name {
			return p, nil
		}
		known = append(known, p.Info().Name)
	}
	return nil, suggest.Unknown("pathway", name, known)
}
