package settings

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"metaplast/data/fault"
)

// MaxDepth bounds how many entries may be in each other: rules of rules.
const MaxDepth = 8

// Source is a catalog, for settings that are entries of it: a field whose type is the interface of the
// entries, such as
//
//	Of rules.Rule `yaml:"of" about:"the rule that is clipped"`
//
// It may never be nil, so the registered value has one. A configuration says it as it says the value
// itself, by a name or by a mapping with a name and settings:
//
//	rule: {name: clip, of: {name: decay, lambda: 0.8}}
//
// Its own Validate is called by Validate of this package, with the path below the field's key.
type Source interface {
	Kind() string                  // what it lists, such as rule
	Names() []string               // of all entries
	Find(name string) (any, error) // the entry as it is registered
	NameOf(entry any) string
}

var (
	announcing sync.RWMutex
	sources    = map[reflect.Type]Source{}
)

// Announce says where entries of an interface type are found. The first source of a type stays.
func Announce(t reflect.Type, s Source) {
	announcing.Lock()
	defer announcing.Unlock()
	if _, have := sources[t]; !have && t.Kind() == reflect.Interface {
		sources[t] = s
	}
}

// SourceOf is the source of an interface type; nil where none is announced.
func SourceOf(t reflect.Type) Source {
	announcing.RLock()
	defer announcing.RUnlock()
	return sources[t]
}

// missing reports whether a setting that is an entry has none.
func missing(entry any) bool {
	v := reflect.ValueOf(entry)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// validateNested checks the settings of a value that are entries.
func validateNested(path string, value any, depth int) (f fault.Fields) {
	values := Values(value)
	for i, field := range FieldsOf(value) {
		source := SourceOf(field.Type)
		if source == nil {
			continue
		}
		at := dotted(path, field.Key)
		switch {
		case missing(values[i]):
			f.Check(false, at, fault.Words("none"), "one "+source.Kind())
		case depth == MaxDepth:
			f.Check(false, at, fault.Words("one more"), fmt.Sprintf("at most %d in each other", MaxDepth))
		default:
			f = append(f, fault.Each(validate(at, values[i], depth+1))...)
		}
	}
	return f
}

// Tidy is a copy of a value in which empty lists and mappings are nil, so that values with the same settings
// are the same; entries inside it are copied as well.
func Tidy(value any) any { return tidy(value, 0) }

func tidy(value any, depth int) any {
	fields := FieldsOf(value)
	if missing(value) || len(fields) == 0 || depth > MaxDepth {
		return value
	}
	from := reflect.ValueOf(value)
	into := reflect.New(reflect.Indirect(from).Type())
	into.Elem().Set(reflect.Indirect(from))
	for _, field := range fields {
		f := into.Elem().Field(field.Index)
		switch {
		case !f.CanSet():
		case (f.Kind() == reflect.Slice || f.Kind() == reflect.Map) && f.Len() == 0:
			f.SetZero()
		case f.Kind() == reflect.Interface && !f.IsNil():
			f.Set(reflect.ValueOf(tidy(f.Interface(), depth+1)))
		}
	}
	if from.Kind() == reflect.Pointer {
		return into.Interface()
	}
	return into.Elem().Interface()
}

// Show is a setting as a reader may see it: 0.5, [1, 2], {theta_110: 1}, and of an entry its name, with
// its settings where they are not the registered ones.
func Show(t reflect.Type, value any) string {
	v := reflect.ValueOf(value)
	switch t.Kind() {
	case reflect.Slice:
		var list []string
		for i := range v.Len() {
			list = append(list, fmt.Sprint(v.Index(i)))
		}
		return "[" + strings.Join(list, ", ") + "]"
	case reflect.Map:
		var list []string
		for _, k := range v.MapKeys() {
			list = append(list, fmt.Sprintf("%v: %v", k, v.MapIndex(k)))
		}
		slices.Sort(list)
		return "{" + strings.Join(list, ", ") + "}"
	case reflect.Interface:
		source := SourceOf(t)
		if source == nil || missing(value) {
			break
		}
		name := source.NameOf(value)
		if registered, err := source.Find(name); err == nil && Same(registered, value) {
			return name
		}
		return fmt.Sprintf("%s (%s)", name, Text(value))
	}
	return fmt.Sprint(value)
}
