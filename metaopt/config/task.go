package config

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/glyphs"
	"metaplast/data/miniimagenet"
	"metaplast/data/omniglot"
	"metaplast/data/suggest"
)

// Task is what is to be learned. Fields that do not belong to its kind must be left out.
type Task struct {
	Kind string `yaml:"kind"` // sine functions, drawings of made-up characters (glyphs), or the images of a data set

	// Of sine, see data.Sine.

	Functions int `yaml:"functions,omitempty" range:"at least 1" default:"required of sine"` // sine: functions of an episode
	Steps     int `yaml:"steps,omitempty" range:"at least 1" default:"required of sine"`     // sine: inner steps on each function

	Batch int    `yaml:"batch" range:"at least 1"` // examples of an inner step; of images a divisor of ways × shots
	Query int    `yaml:"query" range:"at least 1"` // query examples of each function or class
	Order string `yaml:"order"`                    // one function or class after the other, or all shuffled

	// Of classification, see data.Classification.

	Ways     int    `yaml:"ways,omitempty" range:"at least 1" default:"required of images"`                          // images: classes of an episode
	Shots    int    `yaml:"shots,omitempty" range:"at least 1" default:"required of images"`                         // images: drawings of each class that are taught
	Outputs  int    `yaml:"outputs,omitempty" range:"at least task.ways, or 0" default:"task.ways"`                  // images: outputs of the network
	Labels   string `yaml:"labels,omitempty" default:"episode"`                                                      // images: whether a class has an output for the episode, or one for good
	Remember int    `yaml:"remember,omitempty" range:"at least 0" default:"0"`                                       // images: query drawings of classes that the episode does not teach
	Size     int    `yaml:"size,omitempty" range:"8 to 256, of mini-imagenet 512" default:"28, of mini-imagenet 84"` // images: pixels each way

	// Of omniglot, see omniglot.Config.

	Rotations bool `yaml:"rotations,omitempty" default:"false"` // omniglot: characters turned by 90°, 180° and 270° are classes of their own
	Partial   bool `yaml:"partial,omitempty" default:"false"`   // omniglot: archives of another number of characters than the whole data set's are taken

	Dir string `yaml:"dir,omitempty" default:"omniglot: the user's cache; mini-imagenet: required"` // folder of the data set: omniglot's archives, or mini-imagenet's images and tables

	// Own is a registered task (data.RegisterTask) with its settings, for kinds that are none of these:
	// all fields but Kind are zero then.
	Own data.Task `yaml:"-"`
}

// The kinds of task.
const (
	kindSine         = "sine"
	kindGlyphs       = "glyphs"
	kindOmniglot     = "omniglot"
	kindMiniImagenet = "mini-imagenet"
)

// builtin are the kinds whose settings are fields of Task.
var builtin = []string{kindSine, kindGlyphs, kindOmniglot, kindMiniImagenet}

// kinds are all kinds.
func kinds() []string {
	all := slices.Clone(builtin)
	for _, t := range data.Tasks() {
		all = append(all, t.Info().Name)
	}
	return all
}

// RegisterTask adds a task, so that configurations can name it: data.RegisterTask, but for the names of
// the kinds that are there.
func RegisterTask(t data.Task) error {
	if t != nil && slices.Contains(builtin, t.Info().Name) {
		return fmt.Errorf("register task: name %q: want one that is not taken", t.Info().Name)
	}
	return data.RegisterTask(t)
}

// required are the keys without a default; of an unknown kind, which is a fault of its own, none.
func (t Task) required() []string {
	switch {
	case !slices.Contains(builtin, t.Kind):
		return nil
	case t.ofImages():
		return []string{"task.batch", "task.query", "task.ways", "task.shots"}
	}
	return []string{"task.batch", "task.query", "task.functions", "task.steps"}
}

// ofImages reports whether the task is one of those of a bank of images.
func (t Task) ofImages() bool { return t.Own == nil && t.Kind != kindSine }

// FromFiles reports whether the task's images are read from a data set.
func (t Task) FromFiles() bool { return t.Kind == kindOmniglot || t.Kind == kindMiniImagenet }

func (t Task) sine() data.Sine {
	return data.Sine{Functions: t.Functions, Steps: t.Steps, Batch: t.Batch, Query: t.Query, Order: t.Order}
}

func (t Task) classification() data.Classification {
	return data.Classification{Ways: t.Ways, Shots: t.Shots, Batch: t.Batch, Query: t.Query, Order: t.Order,
		Outputs: t.Outputs, Labels: t.Labels, Remember: t.Remember}
}

// defaultSize is that of drawings where the configuration gives none.
const defaultSize = 28

func (t Task) size() int {
	switch {
	case t.Size != 0:
		return t.Size
	case t.Kind == kindMiniImagenet:
		return miniimagenet.DefaultSize
	}
	return defaultSize
}

// sizes are the least and the most pixels each way.
func (t Task) sizes() (least, most int) {
	if t.Kind == kindMiniImagenet {
		return miniimagenet.MinSize, miniimagenet.MaxSize
	}
	return omniglot.MinSize, omniglot.MaxSize
}

// channels is the number of values of a pixel.
func (t Task) channels() int {
	if t.Kind == kindMiniImagenet {
		return 3
	}
	return 1
}

// Spec describes the episodes, without loading what they are drawn from.
func (t Task) Spec() data.Spec {
	switch {
	case t.Own != nil:
		return t.Own.Spec()
	case !t.ofImages():
		return t.sine().Spec()
	}
	s := t.classification().Spec()
	s.Name, s.Inputs = t.Kind, []int{t.channels(), t.size(), t.size()}
	return s
}

// Sampler returns the task's episodes. Images are made or read now.
func (t Task) Sampler(ctx context.Context) (data.Sampler, error) {
	switch {
	case t.Own != nil:
		return t.own(ctx)
	case !t.ofImages():
		return t.sine(), nil
	}
	c := t.classification()
	var err error
	if c.Bank, err = t.bank(ctx); err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return c, nil
}

// bank makes or reads the images of classification.
func (t Task) bank(ctx context.Context) (*data.Bank, error) {
	switch t.Kind {
	case kindOmniglot:
		b, _, err := omniglot.Load(ctx, omniglot.Config{Dir: t.Dir, Size: t.size(), Rotations: t.Rotations, Partial: t.Partial})
		return b, err
	case kindMiniImagenet:
		if t.Dir == "" {
			return nil, fmt.Errorf("task.dir: want the folder with images/, train.csv, val.csv and test.csv: name it with --set task.dir=DIR")
		}
		return miniimagenet.Load(ctx, miniimagenet.Config{Dir: t.Dir, Size: t.size()})
	}
	return glyphs.Load(ctx, glyphs.Config{Size: t.size()})
}

// validate returns all faults of the fields.
func (t Task) validate() []error {
	if err := suggest.Unknown("task", t.Kind, kinds()); err != nil {
		return []error{fmt.Errorf("task.kind: %w", err)}
	}
	if t.Own != nil {
		return t.validateOwn()
	}
	var faults []error
	foreign := func(name string, set bool) {
		if set {
			faults = append(faults, fmt.Errorf("task.%s: is not a setting of %s tasks: leave it out", name, t.Kind))
		}
	}
	if err := suggest.Unknown("order", t.Order, []string{data.Continual, data.IID}); err != nil {
		faults = append(faults, fmt.Errorf("task.order: %w", err))
	}
	var err error
	if t.ofImages() {
		foreign("functions", t.Functions != 0)
		foreign("steps", t.Steps != 0)
		foreign("rotations", t.Rotations && t.Kind != kindOmniglot)
		foreign("partial", t.Partial && t.Kind != kindOmniglot)
		foreign("dir", t.Dir != "" && t.Kind == kindGlyphs)
		if least, most := t.sizes(); t.size() < least || t.size() > most {
			faults = append(faults, fmt.Errorf("task.size: %d, want from %d to %d pixels", t.size(), least, most))
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
		foreign("partial", t.Partial)
		foreign("dir", t.Dir != "")
		err = t.sine().Validate()
	}
	for _, e := range fault.Each(err) {
		if f := (*fault.Field)(nil); !errors.As(e, &f) || f.Path != "order" && f.Path != "bank" {
			faults = append(faults, fmt.Errorf("task.%w", e))
		}
	}
	return faults
}
