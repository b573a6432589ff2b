package config

import (
	"reflect"

	"metaplast/data/settings"
)

// Differ names the first setting in which two tasks differ, by its key, with the values in a and
// b; "" if there is none. Where a data set lies makes no difference, nor whether a default is
// written down.
func Differ(a, b Task) (key string, va, vb any) {
	for _, t := range []*Task{&a, &b} {
		t.Dir = ""
		if t.Classifies() {
			t.Size = t.size()
		}
	}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i, key := range settings.Keys(a) {
		va, vb := x.Field(i).Interface(), y.Field(i).Interface()
		if !reflect.DeepEqual(va, vb) {
			return key, va, vb
		}
	}
	return "", nil, nil
}
