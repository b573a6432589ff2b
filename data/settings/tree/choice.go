package tree

import (
	"errors"
	"fmt"
	"reflect"

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
			if e := n.Find(f.Path); e != nil {
				at = e.At
			}
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
	return configured
}

// Choice decodes what names an entry of a catalog: the name alone, or a mapping with the name and
// settings of the entry, as package settings says. Without a name, a mapping has settings of the entry
// that is current. It returns the entry with these settings; ok is false, and there is a fault, if there
// is none. It is the entry as registered if the settings are the defaults.
func Choice[T any](d *Decoder, n *Node, path, current string, lookup func(name string) (T, error)) (entry T, ok bool) {
	name := current
	at := n
	if n.Kind == Mapping {
		if e := n.Find(settings.Name); e != nil {
			at = e.Value
			if !d.Scalar(e.Value, Dotted(path, settings.Name), &name) {
				return entry, false
			}
		} else if name == "" {
			d.Fault(n.At, "%s: missing", Dotted(path, settings.Name))
			return entry, false
		}
	} else if !d.Scalar(n, path, &name) {
		return entry, false
	}
	registered, err := lookup(name)
	if err != nil {
		d.Fault(at.At, "%s: %v", path, err)
		return entry, false
	}
	if n.Kind != Mapping {
		return registered, true
	}
	before := len(d.Faults)
	configured := d.Configure(n, path, registered)
	if len(d.Faults) > before {
		return registered, false
	}
	return configured.(T), true
}

// Encode is what a configuration says of an entry: its name alone where its settings are those of the
// registered one, so that it is one text for one meaning, else a mapping with the name and all settings.
func Encode(name string, entry, registered any) any {
	if settings.Same(entry, registered) {
		return name
	}
	m := yaml.MapSlice{{Key: settings.Name, Value: name}}
	values := settings.Values(entry)
	for i, key := range settings.Keys(entry) {
		m = append(m, yaml.MapItem{Key: key, Value: values[i]})
	}
	return m
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

// Renames reports whether changes of a mapping name another entry than it does, so that the settings
// of the mapping have no meaning any more.
func (v *Node) Renames(changes *Node) bool {
	was, is := v.Find(settings.Name), changes.Find(settings.Name)
	return was != nil && is != nil && was.Value.Kind == Scalar && is.Value.Kind == Scalar && was.Value.Text != is.Value.Text
}
