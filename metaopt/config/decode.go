package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"metaplast/data/suggest"
)

// decoder fills structs from trees and collects everything that is wrong.
type decoder struct {
	faults []error
	known  []string // keys that the next structure takes besides its fields, for suggestions
}

func (d *decoder) fault(at, format string, args ...any) {
	d.faults = append(d.faults, fmt.Errorf("%s: "+format, append([]any{at}, args...)...))
}

func (d *decoder) want(v *value, path, want string) {
	d.fault(v.at, "%s: have %v, want %s", path, v, want)
}

// structure decodes a mapping into the struct that into points to.
func (d *decoder) structure(v *value, path string, into any) {
	known := append(d.known, fieldNames(into)...)
	d.known = nil
	if v.kind != mapping {
		d.want(v, orTop(path), "a mapping with "+join(known))
		return
	}
	s := reflect.Indirect(reflect.ValueOf(into))
	for _, e := range v.entries {
		p := dotted(path, e.key)
		i := slices.Index(fieldNames(into), e.key)
		if i < 0 {
			var u *suggest.UnknownError
			errors.As(suggest.Unknown("key", e.key, known), &u)
			if u == nil { // "preset", which is taken out before
				continue
			}
			u.Name = p
			if u.Nearest != "" {
				u.Nearest = dotted(path, u.Nearest)
			}
			d.fault(e.at, "%v", u)
			continue
		}
		f := s.Field(i)
		switch target := f.Addr().Interface().(type) {
		case *Learners:
			*target = d.learners(e.value, p)
		case *[]int:
			*target = d.integers(e.value, p)
		case *[]Conv:
			*target = d.convolutions(e.value, p)
		default:
			if f.Kind() == reflect.Struct {
				d.structure(e.value, p, target)
			} else {
				d.scalar(e.value, p, target)
			}
		}
	}
}

func (d *decoder) convolutions(v *value, path string) []Conv {
	if v.kind != list {
		d.want(v, path, "a list of convolutions, such as [{channels: 64, kernel: 3, stride: 2, pad: 1}]")
		return nil
	}
	out := make([]Conv, len(v.items))
	for i, item := range v.items {
		out[i].Stride = 1
		d.structure(item, fmt.Sprintf("%s[%d]", path, i), &out[i])
	}
	return out
}

func (d *decoder) integers(v *value, path string) []int {
	if v.kind != list {
		d.want(v, path, "a list of integers, such as [64, 64]")
		return nil
	}
	out := make([]int, len(v.items))
	for i, item := range v.items {
		d.scalar(item, fmt.Sprintf("%s[%d]", path, i), &out[i])
	}
	return out
}

// scalar decodes a string, integer, number or boolean.
func (d *decoder) scalar(v *value, path string, into any) bool {
	plain := v.kind == scalar && !v.quoted
	want := ""
	switch into := into.(type) {
	case *string:
		if v.kind == scalar && len(v.text) > maxText {
			d.fault(v.at, "%s: a text of %d bytes, want at most %d", path, len(v.text), maxText)
			return false
		}
		if v.kind == scalar && (v.quoted || v.plain) {
			*into = v.text
			return true
		}
		want = "text"
		if v.kind == scalar {
			want += ", in quotes if it is meant so"
		}
	case *int:
		n, err := strconv.Atoi(v.text)
		if plain && err == nil {
			*into = n
			return true
		}
		want = "an integer"
	case *uint64:
		n, err := strconv.ParseUint(v.text, 10, 64)
		if plain && err == nil {
			*into = n
			return true
		}
		want = "an integer from 0 to 18446744073709551615"
	case *float64:
		// Only digits, signs, points and e: no "nan", "inf", "0x1p-2" or "1_000".
		f, err := strconv.ParseFloat(v.text, 64)
		if plain && err == nil && !math.IsInf(f, 0) && strings.Trim(v.text, "0123456789+-.eE") == "" {
			*into = f + 0 // no negative zero
			return true
		}
		want = "a finite number"
	case **float64:
		*into = new(float64)
		return d.scalar(v, path, *into)
	case *bool:
		if plain && (v.text == "true" || v.text == "false") {
			*into = v.text == "true"
			return true
		}
		want = "true or false"
	default:
		panic(fmt.Sprintf("config: no decoding for %T at %s", into, path))
	}
	d.want(v, path, want)
	return false
}

// fieldNames lists the keys of a struct in the order of its fields.
func fieldNames(s any) []string {
	t := reflect.TypeOf(s)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	names := make([]string, t.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
	}
	return names
}

func dotted(path, key string) string {
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

func join(names []string) string { return strings.Join(names, ", ") }
