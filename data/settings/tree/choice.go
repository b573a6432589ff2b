package tree

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"metaplast/data/fault"
	"metaplast/data/settings"
)

// Decode returns a copy of a registered value, a struct or a pointer to one, with the settings that a
// mapping gives; what it leaves out keeps its default. Every fault is returned, joined: unknown keys with
// the nearest one, values of another type, and what Validate of the value says, each with its place.
// The key settings.Name is not looked at.
func Decode(n *Node, registered any) (configured any, err error) {
	d := &Decoder{}
	configured = d.Configure(n, "", registered)
	return configured, errors.Join(d.Faults...)
}

// Configure is Decode at a path of a configuration. It returns the registered value where there is a
// fault.
func (d *Decoder) Configure(n *Node, path string, registered any) any {
	before := len(d.Faults)
	value := reflect.ValueOf(registered)
	into := value
	if value.Kind() == reflect.Pointer {
		into = value.Elem()
	}
	own := *n
	own.Entries = nil
	for _, e := range n.Entries {
		if e.Key != settings.Name {
			own.Entries = append(own.Entries, e)
		}
	}
	pointer := reflect.New(into.Type())
	pointer.Elem().Set(into)
	if len(settings.FieldsOf(registered)) == 0 {
		for _, e := range own.Entries {
			d.Fault(e.At, "%s: it has no settings: leave %s out", path, e.Key)
		}
	} else {
		d.Known = []string{settings.Name}
		d.Structure(&own, path, pointer.Interface())
	}
	if len(d.Faults) > before {
		return registered
	}
	configured := pointer.Elem().Interface()
	if value.Kind() == reflect.Pointer {
		configured = pointer.Interface()
	}
	for _, err := range fault.Each(settings.Validate("", configured)) {
		at, where := n.At, path
		if f := (*fault.Field)(nil); errors.As(err, &f) {
			at = n.place(f.Path)
			where = Dotted(path, f.Path)
			err = errors.New((&fault.Field{Value: f.Value, Want: f.Want, Err: f.Err}).Error()[len(": "):])
		}
		if where != "" {
			err = fmt.Errorf("%s: %w", where, err)
		}
		d.Faults = append(d.Faults, fmt.Errorf("%s: %w", at, err))
	}
	if len(d.Faults) > before {
		return registered
	}
	return settings.Tidy(configured)
}

// Choice decodes what names an entry of a catalog: the name alone, or a mapping with the name and
// settings of the entry, as package settings says. Without a name, a mapping has settings of the entry
// that is current. It returns the entry with these settings; ok is false, and there is a fault, if there
// is none. It is the entry as registered if the settings are the defaults.
func Choice[T any](d *Decoder, n *Node, path, current string, lookup func(name string) (T, error)) (entry T, ok bool) {
	find := func(name string) (any, error) { return lookup(name) }
	chosen, ok := d.choose(n, path, func() (any, error) {
		if current == "" {
			return nil, nil
		}
		return find(current)
	}, find)
	entry, is := chosen.(T)
	return entry, ok && is
}

// choose is Choice. current gives the entry of a mapping without a name, nil if there is none.
func (d *Decoder) choose(n *Node, path string, current func() (any, error), find func(name string) (any, error)) (entry any, ok bool) {
	named, itsPath := n, path
	if n.Kind == Mapping {
		named, itsPath = nil, Dotted(path, settings.Name)
		if e := n.Find(settings.Name); e != nil {
			named = e.Value
		}
	}
	var registered any
	var err error
	at := n.At
	if named == nil {
		if registered, err = current(); registered == nil && err == nil {
			d.Fault(at, "%s: missing", itsPath)
			return nil, false
		}
	} else {
		var name string
		if at = named.At; !d.Scalar(named, itsPath, &name) {
			return nil, false
		}
		registered, err = find(name)
	}
	if err != nil {
		d.Fault(at, "%s: %v", path, err)
		return nil, false
	}
	if n.Kind != Mapping {
		return registered, true
	}
	before := len(d.Faults)
	configured := d.Configure(n, path, registered)
	return configured, len(d.Faults) == before
}

// nested decodes a setting that is an entry of a catalog itself. A mapping without a name has settings of
// the entry that is there.
func (d *Decoder) nested(n *Node, path string, into reflect.Value) {
	source := settings.SourceOf(into.Type())
	if source == nil {
		panic(fmt.Sprintf("tree: no catalog for %v at %s", into.Type(), path))
	}
	if d.depth == settings.MaxDepth {
		d.Fault(n.At, "%s: nested too deeply: more than %d of a %s in each other", path, settings.MaxDepth, source.Kind())
		return
	}
	d.depth++
	defer func() { d.depth-- }()
	if entry, ok := d.choose(n, path, func() (any, error) { return into.Interface(), nil }, source.Find); ok {
		into.Set(reflect.ValueOf(entry))
	}
}

// Encode is what a configuration says of an entry: its name alone where its settings are those of the
// registered one, so that it is one text for one meaning, else a mapping with the name and all settings.
func Encode(name string, entry, registered any) any {
	if settings.Same(entry, registered) {
		return name
	}
	return append(yaml.MapSlice{{Key: settings.Name, Value: name}}, Items(entry)...)
}

// Items are the settings of a value as a configuration writes them: entries among them as Encode does,
// numbers by name in the order of the names.
func Items(value any) (m yaml.MapSlice) {
	values := settings.Values(value)
	for i, f := range settings.FieldsOf(value) {
		m = append(m, yaml.MapItem{Key: f.Key, Value: written(f.Type, values[i])})
	}
	return m
}

func written(t reflect.Type, value any) any {
	switch v := value.(type) {
	case map[string]float64:
		numbers := yaml.MapSlice{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			numbers = append(numbers, yaml.MapItem{Key: key, Value: v[key]})
		}
		return numbers
	case []int, []float64, []string:
		if reflect.ValueOf(v).IsNil() {
			return []any{}
		}
	}
	source := settings.SourceOf(t)
	if source == nil || value == nil {
		return value
	}
	name := source.NameOf(value)
	registered, _ := source.Find(name) // of one that is not registered all settings are told
	return Encode(name, value, registered)
}

// Put writes a value at keys of a mapping, as --set does: mappings that are missing are made, and a
// name where a mapping is to be becomes the mapping's, so that a setting of an entry can be changed.
func (v *Node) Put(keys []string, at string) *Node {
	parent := v
	for _, k := range keys {
		e := parent.Find(k)
		if e == nil {
			e = &Entry{Key: k, At: at, Value: &Node{At: at, Kind: Mapping}}
			parent.Entries = append(parent.Entries, e)
		}
		if e.Value.Kind != Mapping {
			next := &Node{At: at, Kind: Mapping}
			if e.Value.Kind == Scalar {
				next.Entries = []*Entry{{Key: settings.Name, At: e.At, Value: e.Value}}
			}
			e.Value = next
		}
		parent = e.Value
	}
	return parent
}

// place is where the value of a path below a node is written, or the nearest mapping that it is left
// out of.
func (v *Node) place(path string) string {
	at := v.At
	for key := range strings.SplitSeq(path, ".") {
		e := v.Find(key)
		if e == nil {
			break
		}
		at, v = e.At, e.Value
	}
	return at
}

// Renames reports whether changes of a mapping name another entry than it does, so that the settings
// of the mapping have no meaning any more.
func (v *Node) Renames(changes *Node) bool {
	was, is := v.Find(settings.Name), changes.Find(settings.Name)
	return was != nil && is != nil && was.Value.Kind == Scalar && is.Value.Kind == Scalar && was.Value.Text != is.Value.Text
}
