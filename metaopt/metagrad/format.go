package metagrad

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"metaplast/data/suggest"
)

// file is case.json. A field that is nil was not given.
type file struct {
	Dtype     string      `json:"dtype"`
	Loss      string      `json:"loss"`
	OuterLoss *outerFile  `json:"outer_loss"`
	Network   []layerFile `json:"network"`
	Learner   learnerFile `json:"learner"`
}

type outerFile struct {
	Query  *float64 `json:"query"`
	Stream float64  `json:"stream"`
}

type layerFile struct {
	Kind       string `json:"kind"`
	In         int    `json:"in"`
	Out        int    `json:"out"`
	Kernel     int    `json:"kernel"`
	Stride     int    `json:"stride"`
	Pad        int    `json:"pad"`
	Activation string `json:"activation"`
	Plastic    bool   `json:"plastic"`
}

type learnerFile struct {
	Rule          json.RawMessage `json:"rule"` // a name, or a mapping with a name and settings
	Feedback      feedbackFile    `json:"feedback"`
	Plasticity    plasticityFile  `json:"plasticity"`
	InnerLR       *float64        `json:"inner_lr"`
	Order         *int            `json:"order"`
	Examples      *string         `json:"examples"`
	PlasticBias   *bool           `json:"plastic_bias"`
	FirstOrder    *bool           `json:"first_order"`
	OutputOnly    bool            `json:"output_only"`
	HiddenOnly    bool            `json:"hidden_only"`
	RandomPlastic bool            `json:"random_plastic"`
	Learned       learnedFile     `json:"learned"`

	OutputRule  json.RawMessage `json:"output_rule"` // as rule
	RulePer     string          `json:"rule_per"`
	RulePenalty float64         `json:"rule_penalty"`
	Local       bool            `json:"local"`
	Modulator   json.RawMessage `json:"modulator"` // as rule
	Readout     string          `json:"readout"`
}

type feedbackFile struct {
	Pathway     string   `json:"pathway"`
	Signal      string   `json:"signal"`
	Activation  string   `json:"activation"`
	Output      string   `json:"output"`
	DetachError bool     `json:"detach_error"`
	Gated       bool     `json:"gated"`
	Strength    *float64 `json:"strength"`
}

type plasticityFile struct {
	Granularity string   `json:"granularity"`
	HiddenScale *float64 `json:"hidden_scale"`
}

type learnedFile struct {
	Weights    *bool `json:"weights"`
	Feedback   *bool `json:"feedback"`
	Plasticity *bool `json:"plasticity"`
	Strength   *bool `json:"strength"`
	Rule       *bool `json:"rule"`
}

// decode reads case.json. The error names every field that the format does not have, by its path
// and with the nearest that it has.
func decode(text []byte) (file, error) {
	var f file
	var tree any
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&tree); err != nil {
		return f, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return f, errors.New("text after the case")
	}
	if err := errors.Join(unknownFields("", tree, reflect.TypeOf(f))...); err != nil {
		return f, err
	}
	return f, json.Unmarshal(text, &f)
}

// unknownFields compares a JSON value with the type that it is read into. Values of another kind
// than the type's are left to json.Unmarshal.
func unknownFields(path string, value any, t reflect.Type) (faults []error) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := value.(type) {
	case []any:
		if t.Kind() == reflect.Slice {
			for i, e := range v {
				faults = append(faults, unknownFields(fmt.Sprintf("%s[%d]", path, i), e, t.Elem())...)
			}
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return nil
		}
		fields := map[string]reflect.Type{}
		var known []string
		for i := range t.NumField() {
			name := t.Field(i).Tag.Get("json")
			fields[name], known = t.Field(i).Type, append(known, name)
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			at := strings.TrimPrefix(path+"."+name, ".")
			if err := suggest.Unknown("field", name, known); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", at, err))
				continue
			}
			faults = append(faults, unknownFields(at, v[name], fields[name])...)
		}
	}
	return faults
}
