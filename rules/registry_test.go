package rules_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/data/catalog"
	"metaplast/data/suggest"
	"metaplast/graph/op"
	"metaplast/rules"
)

type named string

func (n named) Info() rules.Info                              { return rules.Info{Name: string(n)} }
func (n named) Delta(b *op.Builder, s rules.Synapses) *G.Node { return b.Hebb(s.Post, s.Pre) }

type namedPathway struct {
	rules.None
	name string
}

func (p namedPathway) Info() rules.Info { return rules.Info{Name: p.name} }

// TestInfo checks that everything that is registered can be shown to readers.
func TestInfo(t *testing.T) {
	var all []rules.Info
	for _, r := range rules.Rules() {
		all = append(all, r.Info())
		if found, err := rules.LookupRule(r.Info().Name); err != nil || found.Info() != r.Info() {
			t.Errorf("%s: found %v, %v", r.Info().Name, found, err)
		}
	}
	for _, p := range rules.Pathways() {
		all = append(all, p.Info())
		if found, err := rules.LookupPathway(p.Info().Name); err != nil || found.Info() != p.Info() {
			t.Errorf("%s: found %v, %v", p.Info().Name, found, err)
		}
	}
	for _, m := range rules.Modulators() {
		all = append(all, m.Info())
		if found, err := rules.LookupModulator(m.Info().Name); err != nil || found.Info() != m.Info() {
			t.Errorf("%s: found %v, %v", m.Info().Name, found, err)
		}
	}
	if len(all) < 6 {
		t.Errorf("%d rules and pathways: want hebb, oja, direct, layered, backprop and none at least", len(all))
	}
	for _, i := range all {
		if strings.HasPrefix(i.Name, "test-") {
			continue
		}
		if i.Name == "" || i.Name != strings.ToLower(i.Name) || i.Summary == "" || i.Formula == "" || i.Source == "" {
			t.Errorf("%+v: want every field, the name in lower case", i)
		}
	}
}

func TestRegister(t *testing.T) {
	before := len(rules.Rules())
	if err := rules.Register(named("test-own")); err != nil {
		t.Fatal(err)
	}
	if r, err := rules.LookupRule("test-own"); err != nil || r != rules.Rule(named("test-own")) {
		t.Errorf("%v, %v: want the rule", r, err)
	}
	for _, name := range []string{"", "hebb", "test-own"} {
		if err := rules.Register(named(name)); err == nil {
			t.Errorf("name %q: want an error", name)
		}
	}
	if after := len(rules.Rules()); after != before+1 {
		t.Errorf("%d rules: want %d", after, before+1)
	}
	if err := rules.RegisterPathway(namedPathway{name: "test-pathway"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "direct", "test-pathway"} {
		if err := rules.RegisterPathway(namedPathway{name: name}); err == nil {
			t.Errorf("pathway %q: want an error", name)
		}
	}
	for _, nothing := range []rules.Rule{nil, (*rules.Oja)(nil)} {
		if err := rules.Register(nothing); err == nil || !strings.Contains(err.Error(), "register rule: have nil") {
			t.Errorf("%T: %v: want an error that says nil", nothing, err)
		}
	}
	for _, nothing := range []rules.Pathway{nil, (*rules.None)(nil)} {
		if err := rules.RegisterPathway(nothing); err == nil || !strings.Contains(err.Error(), "register pathway: have nil") {
			t.Errorf("%T: %v: want an error that says nil", nothing, err)
		}
	}
	// The lists are copies.
	rules.Rules()[0] = named("changed")
	if rules.Rules()[0].Info().Name != "hebb" {
		t.Error("the list of rules can be changed from outside")
	}
}

// TestNames shows what a rule or pathway may be called. Nothing is registered under a name that
// rulestest or settings could not use: TestRuleNames of package config reads them back from YAML.
func TestNames(t *testing.T) {
	for _, name := range []string{"oja", "bcm", "r1", "trace-stdp", "a-b_c-2", "yes", "e3", "inf"} {
		if err := catalog.CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"", "Two Words", "Oja", "öja", "1e3", "7", "-a", "a-", "a--b", "_a", "a b", "a\tb", "a\n", "a:b", "a,b", "#a", "~",
		"null", "true", "false", "gradient", "a.b", "[a]", "{a}", "'a'"} {
		if catalog.CheckName(name) == nil {
			t.Errorf("%q: want an error", name)
		}
		if err := rules.Register(named(name)); err == nil || !strings.Contains(err.Error(), "register rule: name") {
			t.Errorf("rule %q: %v: want an error that names it", name, err)
		}
		if err := rules.RegisterPathway(namedPathway{name: name}); err == nil || !strings.Contains(err.Error(), "register pathway: name") {
			t.Errorf("pathway %q: %v: want an error that names it", name, err)
		}
		if _, err := rules.LookupRule(name); err == nil {
			t.Errorf("rule %q is registered", name)
		}
	}
}

func TestRegisterConcurrently(t *testing.T) {
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			_ = rules.Register(named("test-" + string(rune('a'+i))))
			_, _ = rules.LookupRule("oja")
		})
	}
	group.Wait()
	for i := range 8 {
		if _, err := rules.LookupRule("test-" + string(rune('a'+i))); err != nil {
			t.Error(err)
		}
	}
}

func TestUnknown(t *testing.T) {
	for _, c := range []struct{ name, nearest string }{
		{"hebbian", "hebb"}, {"Oja", "oja"}, {"ojas", "oja"}, {"hep", "hebb"},
	} {
		_, err := rules.LookupRule(c.name)
		var unknown *suggest.UnknownError
		if !errors.As(err, &unknown) {
			t.Errorf("%s: %v: want an UnknownError", c.name, err)
			continue
		}
		if unknown.Nearest != c.nearest || unknown.Name != c.name || unknown.Kind != "rule" || !strings.Contains(err.Error(), c.nearest) {
			t.Errorf("%s: %v: want %s as the nearest", c.name, err, c.nearest)
		}
	}
	for name, nearest := range map[string]string{"drect": "direct", "layers": "layered", "backpropagation": "backprop", "non": "none"} {
		_, err := rules.LookupPathway(name)
		var unknown *suggest.UnknownError
		if !errors.As(err, &unknown) || unknown.Nearest != nearest {
			t.Errorf("%s: %v: want %s as the nearest", name, err, nearest)
		}
	}
}
