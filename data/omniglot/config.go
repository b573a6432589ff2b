package omniglot

import (
	"errors"
	"fmt"

	"metaplast/data/fault"
	"metaplast/data/fetch"
)

// Name is the task's name, as in the purposes of its random streams.
const Name = "omniglot"

// What the whole data set has.
const (
	BackgroundClasses = 964
	EvaluationClasses = 659
	Drawings          = 20 // of each class
)

// What the zero values of Config mean, and its limits.
const (
	DefaultSize       = 28
	DefaultValidation = 3
	NoValidation      = -1
	MinSize           = 8
	MaxSize           = 256
)

// Config says where the archives are and what to make of them. The zero value reads what package
// fetch has installed, at 28×28.
//
// Validation takes the last alphabets of the background set, whole, so that validation too has
// alphabets which meta-training has never seen. The last three, Syriac (Estrangelo), Tagalog and
// Tifinagh, have 95 characters; 869 are left for meta-training. The papers on continual learning
// train with all 964: that is NoValidation.
type Config struct {
	Dir        string `yaml:"dir" json:"dir"`               // folder of the two archives; empty for where fetch installs them
	Size       int    `yaml:"size" json:"size"`             // pixels each way, 8 to 256; 0 means 28
	Validation int    `yaml:"validation" json:"validation"` // alphabets for validation; 0 means 3, NoValidation (−1) none
	Rotations  bool   `yaml:"rotations" json:"rotations"`   // classes turned by 90°, 180° and 270° as further classes, see data.Bank.Rotated
	Partial    bool   `yaml:"partial" json:"partial"`       // accept archives with other classes than the whole data set, as those of images_background_small1.zip

	Root    string `yaml:"-" json:"-"` // root of fetch, for the cache and an empty Dir; empty for that of fetch.Root("")
	NoCache bool   `yaml:"-" json:"-"` // neither read nor write a cache
}

// withDefaults puts the meaning of zero values in their place.
func (c Config) withDefaults() (Config, error) {
	if c.Size == 0 {
		c.Size = DefaultSize
	}
	switch c.Validation {
	case 0:
		c.Validation = DefaultValidation
	case NoValidation:
		c.Validation = 0
	}
	if c.Dir == "" {
		dir, err := fetch.Dir(c.Root, fetch.Omniglot)
		if err != nil {
			return c, err
		}
		c.Dir = dir
	}
	return c, nil
}

// Validate returns all faults of the fields, joined, as *fault.Field.
func (c Config) Validate() error {
	var faults []error
	if c.Size != 0 && (c.Size < MinSize || c.Size > MaxSize) {
		faults = append(faults, &fault.Field{Path: "size", Value: c.Size, Want: fmt.Sprintf("%d to %d, or 0 for %d", MinSize, MaxSize, DefaultSize)})
	}
	if c.Validation < NoValidation || c.Validation > 29 {
		faults = append(faults, &fault.Field{Path: "validation", Value: c.Validation,
			Want: fmt.Sprintf("1 to 29 of the 30 alphabets, 0 for %d, or %d for none", DefaultValidation, NoValidation)})
	}
	return errors.Join(faults...)
}
