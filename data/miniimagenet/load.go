package miniimagenet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/regular"
)

// Name is the task's name, as in the purposes of its random streams.
const Name = "mini-imagenet"

// What the zero values of Config mean, and its limits.
const (
	DefaultSize   = 84
	DefaultMemory = 512
	MinSize       = 8
	MaxSize       = 512
)

// Mean and Std are what colours are normalised by: red, green and blue over ImageNet, with values
// in [0,1].
var (
	Mean = [3]float64{0.485, 0.456, 0.406}
	Std  = [3]float64{0.229, 0.224, 0.225}
)

// Config says where the images are and what to make of them.
type Config struct {
	Dir    string `yaml:"dir" json:"dir"`       // folder with images/ and the three tables; required
	Size   int    `yaml:"size" json:"size"`     // pixels each way, 8 to 512; 0 means 84
	Memory int    `yaml:"memory" json:"memory"` // MiB for decoded images, at least 1; 0 means 512. All of the real ones take 1212 at 84×84
}

// withDefaults puts the meaning of zero values in their place.
func (c Config) withDefaults() Config {
	if c.Size == 0 {
		c.Size = DefaultSize
	}
	if c.Memory == 0 {
		c.Memory = DefaultMemory
	}
	return c
}

// Validate returns all faults of the fields, joined, as *fault.Field.
func (c Config) Validate() error {
	const most = 1 << 20 // MiB
	var faults []error
	if c.Dir == "" {
		faults = append(faults, &fault.Field{Path: "dir", Value: c.Dir, Want: "a folder with images/, train.csv, val.csv and test.csv"})
	}
	c = c.withDefaults()
	if c.Size < MinSize || c.Size > MaxSize {
		faults = append(faults, &fault.Field{Path: "size", Value: c.Size, Want: fmt.Sprintf("%d to %d, or 0 for %d", MinSize, MaxSize, DefaultSize)})
	}
	if c.Memory < 1 || c.Memory > most {
		faults = append(faults, &fault.Field{Path: "memory", Value: c.Memory, Want: fmt.Sprintf("1 to %d MiB, or 0 for %d", most, DefaultMemory)})
	}
	return errors.Join(faults...)
}

// tables are the files of the splits.
var tables = []struct {
	name  string
	split data.Split
}{{"train.csv", data.Train}, {"val.csv", data.Validation}, {"test.csv", data.HeldOut}}

// Load returns the images as a bank named "mini-imagenet" with drawings [3,Size,Size]. Its classes
// are the labels, in the order in which each table first has them; the drawings of a class are in
// the order of its rows.
//
// It reads the tables and looks whether every image is there, but decodes none: one that is broken
// makes the episode fail that shows it. The bank's origin has the identity of the files, see
// identify. It fails with the faults of Validate, an *Error, or the cause
// of a cancelled context.
func Load(ctx context.Context, c Config) (*data.Bank, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	var classes []data.Class
	var files [][]imageFile
	type place struct {
		path string
		line int
	}
	listed := map[string]place{} // by file
	number := map[string]int{}   // by label
	first := map[string]place{}  // by label
	for _, table := range tables {
		path := filepath.Join(c.Dir, table.name)
		rows, err := openTable(path)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if p, ok := listed[r.file]; ok {
				return nil, &Error{Path: path, Line: r.line, Err: fmt.Errorf("%w: image %s is at %s:%d too", ErrDuplicate, r.file, p.path, p.line), Do: "remove one of the rows"}
			}
			listed[r.file] = place{path, r.line}
			k, ok := number[r.label]
			if !ok {
				k = len(classes)
				number[r.label], first[r.label] = k, place{path, r.line}
				classes, files = append(classes, data.Class{Name: r.label, Split: table.split}), append(files, nil)
			}
			if classes[k].Split != table.split {
				p := first[r.label]
				return nil, &Error{Path: path, Line: r.line, Err: fmt.Errorf("%w: class %s is at %s:%d too", ErrDuplicate, r.label, p.path, p.line),
					Do: "keep each class in one table, or the splits are not disjoint"}
			}
			file := filepath.Join(c.Dir, "images", filepath.FromSlash(r.file))
			size, err := checkFile(file)
			if err != nil {
				return nil, &Error{Path: path, Line: r.line, Err: err, Do: "put the image there, or remove the row"}
			}
			classes[k].Drawings++
			files[k] = append(files[k], imageFile{file, size})
		}
	}
	b, err := data.NewBank(data.BankSpec{
		Name: Name, Shape: [3]int{3, c.Size, c.Size}, Levels: data.NormalLevels(Mean[:], Std[:]),
		Classes: classes, Source: newLazy(files, c.Size, int64(c.Memory)<<20),
	})
	if err != nil {
		return nil, err
	}
	sum, err := identify(ctx, classes, files)
	if err != nil {
		return nil, err
	}
	return b.WithOrigin(data.Origin{Identity: b.Identified(sum), Dir: c.Dir}), nil
}

// imageFile is an image with the bytes that it has.
type imageFile struct {
	path string
	size int64
}

func openTable(path string) ([]row, error) {
	f, _, err := regular.Open(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			err = fmt.Errorf("%w: %w", ErrMissing, err)
		}
		return nil, &Error{Path: path, Err: err, Do: "dir must have images/, train.csv, val.csv and test.csv"}
	}
	defer f.Close()
	return readTable(f, path)
}

// checkFile returns the size of an image that can be one.
func checkFile(path string) (int64, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return 0, fmt.Errorf("%w: %w", ErrMissing, err)
	case err != nil:
		return 0, err
	case !info.Mode().IsRegular():
		return 0, fmt.Errorf("%w: %s is not a regular file", ErrName, path)
	case info.Size() > limits.Bytes:
		return 0, fmt.Errorf("%w: %s has %d bytes, want at most %d", ErrLimit, path, info.Size(), limits.Bytes)
	}
	return info.Size(), nil
}
