package export

import (
	"fmt"
	"reflect"
	"strings"

	"metaplast/data/npz"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/measure"
)

// Measures are the numbers of analyses: <learner>/<field>, the field's name in JSON.
//
//	a number        shape []
//	a list, a table its own shape
//	points          one array a field, the point first: points/interference [P,F,F]
//	activity        activity/zeros [layers]
//	by_episode      by_episode/loss [E]
//
// A truth value is 0 or 1. Texts and histograms have no array; fields that are null have none
// either.
func Measures(all []analysis.Analysis) ([]npz.Named, error) {
	var arrays []npz.Named
	for _, a := range all {
		list, err := fields(a.Learner, reflect.ValueOf(a))
		if err != nil {
			return nil, err
		}
		arrays = append(arrays, list...)
	}
	return arrays, nil
}

// fields turns a struct into arrays.
func fields(prefix string, s reflect.Value) ([]npz.Named, error) {
	if e, ok := s.Interface().(analysis.Episode); ok {
		return ofEpisode(prefix, e), nil
	}
	var arrays []npz.Named
	for i := range s.NumField() {
		f := s.Field(i)
		name := prefix + "/" + jsonName(s.Type().Field(i))
		if f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct {
			if f.Type().Elem() == reflect.TypeFor[analysis.Histogram]() {
				continue
			}
			list, err := stacked(name, f)
			if err != nil {
				return nil, err
			}
			arrays = append(arrays, list...)
			continue
		}
		shape, values, err := flat(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if values != nil {
			arrays = append(arrays, named(name, shape, values))
		}
	}
	return arrays, nil
}

// stacked turns a list of structs into an array for each field.
func stacked(prefix string, list reflect.Value) ([]npz.Named, error) {
	var arrays []npz.Named
	for i := range list.Len() {
		each, err := fields(prefix, list.Index(i))
		if err != nil {
			return nil, err
		}
		if i == 0 {
			for _, a := range each {
				arrays = append(arrays, named(a.Name, append([]int{list.Len()}, a.Shape...), a.Data))
			}
			continue
		}
		for k, a := range each {
			arrays[k].Data = append(arrays[k].Data, a.Data...)
		}
	}
	return arrays, nil
}

// ofEpisode has an array for each column.
func ofEpisode(prefix string, e analysis.Episode) []npz.Named {
	values := []float64{float64(e.Number), 0}
	if e.Diverged {
		values[1] = 1
	}
	for _, m := range analysis.Measures() {
		values = append(values, float64(e.Value(m.Name)))
	}
	var arrays []npz.Named
	for i, name := range analysis.Columns() {
		arrays = append(arrays, named(prefix+"/"+name, []int{}, values[i:i+1:i+1]))
	}
	return arrays
}

// flat returns the numbers of a field; nil for a text, or for null.
func flat(f reflect.Value) (shape []int, values []float64, err error) {
	switch v := f.Interface().(type) {
	case string:
		return nil, nil, nil
	case bool:
		if v {
			return []int{}, []float64{1}, nil
		}
		return []int{}, []float64{0}, nil
	case int:
		return []int{}, []float64{float64(v)}, nil
	case measure.Number:
		return []int{}, []float64{float64(v)}, nil
	case []int:
		return []int{len(v)}, numbers(v), nil
	case measure.Numbers:
		return []int{len(v)}, append([]float64(nil), v...), nil
	case measure.Table:
		if len(v) == 0 {
			return nil, nil, nil
		}
		for _, row := range v {
			values = append(values, row...)
		}
		return []int{len(v), len(v[0])}, values, nil
	}
	return nil, nil, fmt.Errorf("no array for a %s", f.Type())
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
