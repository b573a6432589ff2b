// Package settings lets a value of any package, such as a rule, bring settings of its own. The value is
// the settings: exported fields with a yaml tag, which in the value that is registered have their
// defaults.
//
//	type Decay struct {
//		Lambda float64 `yaml:"lambda" range:"from 0 to 1" about:"what is kept of a weight in a step"`
//	}
//
//	func (d Decay) Validate() error {
//		var f fault.Fields
//		f.Check(d.Lambda >= 0 && d.Lambda <= 1, "lambda", d.Lambda, "from 0 to 1")
//		return f.Join()
//	}
//
// A configuration names the entry, or gives a mapping with its name and settings:
//
//	rule: decay
//	rule: {name: decay, lambda: 0.8}
//
// Package tree decodes that, and writes it; this one says which settings a value has and checks them.
package settings

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"metaplast/data/fault"
)

// Name is the key of the entry's name beside its settings.
const Name = "name"

// Validator is a value that checks its settings. Faults are fault.Field with the keys of the settings,
// several of them joined.
type Validator interface{ Validate() error }

// Field is a setting of a value.
type Field struct {
	Key   string
	Type  reflect.Type
	Range string // tag range: what is legal
	About string // tag about: a sentence
	Index int    // of the field in its struct

	OmitEmpty bool // whether the tag says omitempty
}

// FieldsOf lists the settings of a struct, or of what a pointer points to, in the order of the fields;
// none of any other type.
func FieldsOf(value any) []Field {
	t := reflect.TypeOf(value)
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	var list []Field
	for i := range t.NumField() {
		f := t.Field(i)
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key == "" || key == "-" {
			continue
		}
		list = append(list, Field{Key: key, Type: f.Type, Range: f.Tag.Get("range"), About: f.Tag.Get("about"), Index: i,
			OmitEmpty: strings.Contains(options, "omitempty")})
	}
	return list
}

// Keys are the keys of FieldsOf.
func Keys(value any) []string {
	var keys []string
	for _, f := range FieldsOf(value) {
		keys = append(keys, f.Key)
	}
	return keys
}

// Values are the values of FieldsOf.
func Values(value any) []any {
	v := reflect.Indirect(reflect.ValueOf(value))
	var list []any
	for _, f := range FieldsOf(value) {
		list = append(list, v.Field(f.Index).Interface())
	}
	return list
}

// TypeName says what a setting of a type is: text, integer, number, true or false, a list of one of the
// first three, numbers by name, or the kind of a Source; "" of a type that a setting of a value cannot
// have.
func TypeName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[string]():
		return "text"
	case reflect.TypeFor[int](), reflect.TypeFor[uint64]():
		return "integer"
	case reflect.TypeFor[float64]():
		return "number"
	case reflect.TypeFor[bool]():
		return "true or false"
	case reflect.TypeFor[[]int]():
		return "list of integers"
	case reflect.TypeFor[[]float64]():
		return "list of numbers"
	case reflect.TypeFor[[]string]():
		return "list of texts"
	case reflect.TypeFor[map[string]float64]():
		return "numbers by name"
	}
	if source := SourceOf(t); source != nil {
		return source.Kind()
	}
	return ""
}

// Check returns what is wrong with the settings of a value that is to be registered: fields that are not
// exported, of a type that configurations do not have, with the key of another one, or with defaults
// that Validate refuses.
func Check(value any) error {
	var f fault.Fields
	var seen []string
	t := reflect.TypeOf(value)
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for _, field := range FieldsOf(value) {
		goes := t.Field(field.Index)
		f.Check(goes.IsExported(), field.Key, fault.Words("field "+goes.Name), "an exported field")
		f.Check(field.Key != Name && !slices.Contains(seen, field.Key), field.Key, fault.Words("field "+goes.Name), "a key of its own that is not "+Name)
		f.Check(TypeName(field.Type) != "", field.Key, fault.Words(field.Type.String()),
			"string, int, uint64, float64, bool, []int, []float64, []string, map[string]float64 or the interface of a catalog's entries")
		seen = append(seen, field.Key)
	}
	if err := f.Join(); err != nil {
		return err
	}
	return Validate("", value)
}

// Validate checks the settings of a value, if it is a Validator, and those of the entries among them. Of
// each fault the field is below path.
func Validate(path string, value any) error {
	if missing(value) {
		return nil
	}
	return validate(path, value, 0)
}

func validate(path string, value any, depth int) error {
	f := validateNested(path, value, depth)
	v, ok := value.(Validator)
	if !ok || len(f) > 0 { // a value may ask the entries in it, which then have to be right
		return f.Join()
	}
	for _, err := range fault.Each(v.Validate()) {
		if field := (*fault.Field)(nil); errors.As(err, &field) {
			below := *field
			below.Path = dotted(path, field.Path)
			f = append(f, &below)
			continue
		}
		if path == "" {
			f = append(f, err)
			continue
		}
		f.Add(path, err)
	}
	return f.Join()
}

// Same reports whether two values have the same type and settings. An empty list is no list.
func Same(a, b any) bool { return reflect.DeepEqual(Tidy(a), Tidy(b)) }

// Text is the settings of a value as a reader may see them behind its name, such as "lambda 0.8";
// "" where it has none.
func Text(value any) string {
	var list []string
	values := Values(value)
	for i, f := range FieldsOf(value) {
		list = append(list, f.Key+" "+Show(f.Type, values[i]))
	}
	return strings.Join(list, ", ")
}

func dotted(path, key string) string {
	if path == "" || key == "" {
		return path + key
	}
	return path + "." + key
}
