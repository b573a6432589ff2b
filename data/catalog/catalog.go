// Package catalog lists what settings choose by name: rules, pathways, optimisers, estimators.
package catalog

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"sync"

	"metaplast/data/settings"
	"metaplast/data/suggest"
)

// Info describes an entry to readers.
type Info struct {
	Name    string // in lower case, as settings name it
	Summary string // one sentence
	Formula string // in the symbols of the package that it is an entry of
	Source  string // citation
}

// Entry is what a catalog lists.
type Entry interface{ Info() Info }

// Catalog lists entries of one kind, in the order in which they were added. It is safe for use by
// several goroutines.
type Catalog[T Entry] struct {
	kind string
	mu   sync.RWMutex
	list []T
}

// Of returns a catalog of a kind, such as "rule", with its first entries. Entries of any catalog may have
// settings of type T, which are looked up in the first catalog of that type: see settings.Source.
func Of[T Entry](kind string, entries ...T) *Catalog[T] {
	c := &Catalog[T]{kind: kind, list: entries}
	settings.Announce(reflect.TypeFor[T](), c)
	return c
}

// Kind is what the catalog lists.
func (c *Catalog[T]) Kind() string { return c.kind }

// Names are the names of all entries.
func (c *Catalog[T]) Names() (names []string) {
	for _, e := range c.All() {
		names = append(names, e.Info().Name)
	}
	return names
}

// Find is Lookup.
func (c *Catalog[T]) Find(name string) (any, error) { return c.Lookup(name) }

// NameOf is the name of an entry.
func (c *Catalog[T]) NameOf(entry any) string { return entry.(Entry).Info().Name }

// All returns every entry.
func (c *Catalog[T]) All() []T {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.Clone(c.list)
}

// Register adds an entry, so that settings can name it. It returns an error, and adds nothing, if the
// entry is nil, if CheckName refuses its name or settings.Check its settings, or if the name is taken.
func (c *Catalog[T]) Register(entry T) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	v := reflect.ValueOf(entry)
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return fmt.Errorf("register %s: have nil (%T), want a value", c.kind, entry)
	}
	name := entry.Info().Name
	if err := CheckName(name); err != nil {
		return fmt.Errorf("register %s: %w", c.kind, err)
	}
	if err := settings.Check(entry); err != nil {
		return fmt.Errorf("register %s %s: settings: %w", c.kind, name, err)
	}
	if slices.ContainsFunc(c.list, func(o T) bool { return o.Info().Name == name }) {
		return fmt.Errorf("register %s: name %q: want one that is not taken", c.kind, name)
	}
	c.list = append(c.list, entry)
	return nil
}

// Lookup returns the entry of a name, or a suggest.UnknownError that names the nearest one.
func (c *Catalog[T]) Lookup(name string) (entry T, err error) {
	for _, e := range c.All() {
		if e.Info().Name == name {
			return e, nil
		}
	}
	return entry, suggest.Unknown(c.kind, name, c.Names())
}

// word is what a name may be: the same text in YAML, JSON, a shell and a table.
var word = regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)

// reserved are words that mean something else where settings name entries: YAML's words that are no
// text, and gradient, which in a case of package metagrad is gradient descent.
var reserved = []string{"null", "true", "false", "gradient"}

// CheckName returns what is wrong with the name of an entry, nil if settings can name it: one word of
// lower-case ASCII letters and digits, with single - or _ in between, that begins with a letter and is
// not null, true, false or gradient.
func CheckName(name string) error {
	if !word.MatchString(name) {
		return fmt.Errorf("name %q: want one word in lower case, as settings name it: a letter, then letters and digits, with single - or _ between them", name)
	}
	if slices.Contains(reserved, name) {
		return fmt.Errorf("name %q: it means something else in settings: want another one", name)
	}
	return nil
}
