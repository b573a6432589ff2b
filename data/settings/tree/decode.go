package tree

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"metaplast/data/settings"
	"metaplast/data/suggest"
)

// Decoder fills structs from trees and collects everything that is wrong.
type Decoder struct {
	Faults []error  // in the order in which they were found
	Known  []string // keys that the next structure takes besides its fields, for suggestions

	// Special decodes what only its owner knows into target, which points to a field; it reports whether
	// it did. It may be nil.
	Special func(n *Node, path string, target any) bool

	depth int // of entries in each other
}

// Fault adds a fault at a place.
func (d *Decoder) Fault(at, format string, args ...any) {
	d.Faults = append(d.Faults, fmt.Errorf("%s: "+format, append([]any{at}, args...)...))
}

// Want adds the fault that a node is not what is wanted.
func (d *Decoder) Want(v *Node, path, want string) {
	d.Fault(v.At, "%s: have %v, want %s", path, v, want)
}

// Structure decodes a mapping into the struct that into points to.
func (d *Decoder) Structure(v *Node, path string, into any) {
	known := append(d.Known, settings.Keys(into)...)
	d.Known = nil
	if v.Kind != Mapping {
		d.Want(v, orTop(path), "a mapping with "+Join(known))
		return
	}
	s, fields := reflect.Indirect(reflect.ValueOf(into)), settings.FieldsOf(into)
	for _, e := range v.Entries {
		p := Dotted(path, e.Key)
		i := slices.IndexFunc(fields, func(f settings.Field) bool { return f.Key == e.Key })
		if i < 0 {
			var u *suggest.UnknownError
			errors.As(suggest.Unknown("key", e.Key, known), &u)
			if u == nil { // "preset", which is taken out before
				continue
			}
			u.Name = p
			if u.Nearest != "" {
				u.Nearest = Dotted(path, u.Nearest)
			}
			d.Fault(e.At, "%v", u)
			continue
		}
		f := s.Field(fields[i].Index)
		target := f.Addr().Interface()
		if d.Special != nil && d.Special(e.Value, p, target) {
			continue
		}
		switch target := target.(type) {
		case *[]int:
			*target = d.Integers(e.Value, p)
		case *[]float64:
			*target = items[float64](d, e.Value, p, "a list of numbers, such as [0.5, 1]")
		case *[]string:
			*target = items[string](d, e.Value, p, "a list of texts, such as [a, b]")
		case *map[string]float64:
			*target = d.numbers(e.Value, p)
		default:
			switch f.Kind() {
			case reflect.Struct:
				d.Structure(e.Value, p, target)
			case reflect.Interface:
				d.nested(e.Value, p, f)
			default:
				d.Scalar(e.Value, p, target)
			}
		}
	}
}

// Integers decodes a list of integers.
func (d *Decoder) Integers(v *Node, path string) []int {
	return items[int](d, v, path, "a list of integers, such as [64, 64]")
}

func items[T any](d *Decoder, v *Node, path, want string) []T {
	if v.Kind != List {
		d.Want(v, path, want)
		return nil
	}
	out := make([]T, len(v.Items))
	for i, item := range v.Items {
		d.Scalar(item, fmt.Sprintf("%s[%d]", path, i), &out[i])
	}
	return out
}

// numbers decodes numbers by name. Which names there are is for Validate of the value to say.
func (d *Decoder) numbers(v *Node, path string) map[string]float64 {
	if v.Kind != Mapping {
		d.Want(v, path, "a mapping from names to numbers, such as {a: 0.5}")
		return nil
	}
	if len(v.Entries) == 0 {
		return nil // as it is where nothing is said
	}
	out := make(map[string]float64, len(v.Entries))
	for _, e := range v.Entries {
		var x float64
		d.Scalar(e.Value, Dotted(path, e.Key), &x)
		out[e.Key] = x
	}
	return out
}

// Scalar decodes a string, integer, number or boolean; it reports whether that is what the node is.
func (d *Decoder) Scalar(v *Node, path string, into any) bool {
	plain := v.Kind == Scalar && !v.Quoted
	want := ""
	switch into := into.(type) {
	case *string:
		if v.Kind == Scalar && len(v.Text) > maxText {
			d.Fault(v.At, "%s: a text of %d bytes, want at most %d", path, len(v.Text), maxText)
			return false
		}
		if v.Kind == Scalar && (v.Quoted || v.plain) {
			*into = v.Text
			return true
		}
		want = "text"
		if v.Kind == Scalar {
			want += ", in quotes if it is meant so"
		}
	case *int:
		n, err := strconv.Atoi(v.Text)
		if plain && err == nil {
			*into = n
			return true
		}
		want = "an integer"
	case *uint64:
		n, err := strconv.ParseUint(v.Text, 10, 64)
		if plain && err == nil {
			*into = n
			return true
		}
		want = "an integer from 0 to 18446744073709551615"
	case *float64:
		// Only digits, signs, points and e: no "nan", "inf", "0x1p-2" or "1_000".
		f, err := strconv.ParseFloat(v.Text, 64)
		if plain && err == nil && !math.IsInf(f, 0) && strings.Trim(v.Text, "0123456789+-.eE") == "" {
			*into = f + 0 // no negative zero
			return true
		}
		want = "a finite number"
	case **float64:
		*into = new(float64)
		return d.Scalar(v, path, *into)
	case *bool:
		if plain && (v.Text == "true" || v.Text == "false") {
			*into = v.Text == "true"
			return true
		}
		want = "true or false"
	default:
		panic(fmt.Sprintf("tree: no decoding for %T at %s", into, path))
	}
	d.Want(v, path, want)
	return false
}

// Dotted is the path of a key below a path, which may be empty.
func Dotted(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func orTop(path string) string {
	if path == "" {
		return "the configuration"
	}
	return path
}

// Join lists names.
func Join(names []string) string { return strings.Join(names, ", ") }
