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
		if t.ofImages() {
			t.Size = t.size()
		}
	}
	if a.Own != nil && b.Own != nil && a.Kind == b.Kind {
		va, vb := settings.Values(a.Own), settings.Values(b.Own)
		for i, key := range settings.Keys(a.Own) {
			if !reflect.DeepEqual(va[i], vb[i]) {
				return key, va[i], vb[i]
			}
		}
		return "", nil, nil
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
