package config

import (
	"context"
	"errors"
	"fmt"

	"metaplast/data"
	"metaplast/data/glyphs"
	"metaplast/data/omniglot"
	"metaplast/rules"
)

// Task is what is to be learned. Fields that do not belong to its kind must be left out.
type Task struct {
	Kind string `yaml:"kind"` // sine, glyphs or omniglot

	// Of sine, see data.Sine.
	Functions int `yaml:"functions,omitempty"`
	Steps     int `yaml:"steps,omitempty"`

	Batch int    `yaml:"batch"`
	Query int    `yaml:"query"`
	Order string `yaml:"order"` // continual or iid

	// Of classification, see data.Classification.
	Ways     int    `yaml:"ways,omitempty"`
	Shots    int    `yaml:"shots,omitempty"`
	Outputs  int    `yaml:"outputs,omitempty"`
	Labels   string `yaml:"labels,omitempty"`
	Remember int    `yaml:"remember,omitempty"`
	Size     int    `yaml:"size,omitempty"` // pixels each way

	// Of omniglot, see omniglot.Config.
	Rotations bool   `yaml:"rotations,omitempty"`
	Dir       string `yaml:"dir,omitempty"` // of the archives; empty for the user's cache
}

// The kinds of task.
const (
	kindSine     = "sine"
	kindGlyphs   = "glyphs"
	kindOmniglot = "omniglot"
)

var kinds = []string{kindSine, kindGlyphs, kindOmniglot}

// required are the keys without a default.
func (t Task) required() []string {
	if t.Classifies() {
		return []string{"task.ways", "task.shots"}
	}
	return []string{"task.functions", "task.steps"}
}

// Classifies reports whether the task is one of classification.
func (t Task) Classifies() bool { return t.Kind != kindSine }

func (t Task) sine() data.Sine {
	return data.Sine{Functions: t.Functions, Steps: t.Steps, Batch: t.Batch, Query: t.Query, Order: t.Order}
}

func (t Task) classification() data.Classification {
	return data.Classification{Ways: t.Ways, Shots: t.Shots, Batch: t.Batch, Query: t.Query, Order: t.Order,
		Outputs: t.Outputs, Labels: t.Labels, Remember: t.Remember}
}

// defaultSize is that of images where the configuration gives none.
const defaultSize = 28

func (t Task) size() int {
	if t.Size == 0 {
		return defaultSize
	}
	return t.Size
}

// Spec describes the episodes, without loading what they are drawn from.
func (t Task) Spec() data.Spec {
	if !t.Classifies() {
		return t.sine().Spec()
	}
	s := t.classification().Spec()
	s.Name, s.Inputs = t.Kind, []int{1, t.size(), t.size()}
	return s
}

// Sampler returns the task's episodes. Images are made or read now.
func (t Task) Sampler(ctx context.Context) (data.Sampler, error) {
	if !t.Classifies() {
		return t.sine(), nil
	}
	c := t.classification()
	var err error
	if t.Kind == kindOmniglot {
		c.Bank, _, err = omniglot.Load(ctx, omniglot.Config{Dir: t.Dir, Size: t.size(), Rotations: t.Rotations})
	} else {
		c.Bank, err = glyphs.Load(ctx, glyphs.Config{Size: t.size()})
	}
	if err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return c, nil
}

// validate returns all faults of the fields.
func (t Task) validate() []error {
	if err := rules.Unknown("task", t.Kind, kinds); err != nil {
		return []error{fmt.Errorf("task.kind: %w", err)}
	}
	var faults []error
	foreign := func(name string, set bool) {
		if set {
			faults = append(faults, fmt.Errorf("task.%s: is not a setting of %s tasks: leave it out", name, t.Kind))
		}
	}
	if err := rules.Unknown("order", t.Order, []string{data.Continual, data.IID}); err != nil {
		faults = append(faults, fmt.Errorf("task.order: %w", err))
	}
	var err error
	if t.Classifies() {
		foreign("functions", t.Functions != 0)
		foreign("steps", t.Steps != 0)
		foreign("rotations", t.Rotations && t.Kind != kindOmniglot)
		foreign("dir", t.Dir != "" && t.Kind != kindOmniglot)
		if s := t.size(); s < omniglot.MinSize || s > omniglot.MaxSize {
			faults = append(faults, fmt.Errorf("task.size: %d, want from %d to %d pixels", s, omniglot.MinSize, omniglot.MaxSize))
		}
		err = t.classification().Validate() // the bank, which is not loaded yet, apart
	} else {
		foreign("ways", t.Ways != 0)
		foreign("shots", t.Shots != 0)
		foreign("outputs", t.Outputs != 0)
		foreign("labels", t.Labels != "")
		foreign("remember", t.Remember != 0)
		foreign("size", t.Size != 0)
		foreign("rotations", t.Rotations)
		foreign("dir", t.Dir != "")
		err = t.sine().Validate()
	}
	for _, e := range each(err) {
		if f := (*data.FieldError)(nil); !errors.As(e, &f) || f.Field != "order" && f.Field != "bank" {
			faults = append(faults, fmt.Errorf("task.%w", e))
		}
	}
	return faults
}
