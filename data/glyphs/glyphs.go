package glyphs

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/stream"
)

// Name is the task's name, as in the purposes of its random streams.
const Name = "glyphs"

// What the zero values of Config mean.
const (
	DefaultTrain      = 200
	DefaultValidation = 50
	DefaultHeldOut    = 100
	DefaultDrawings   = 20
	DefaultSize       = 28
)

// Limits of Config.
const (
	MinSize = 8
	MaxSize = 512
	// maxPixels bounds the alphabet: 2³⁰, which is 1 GiB.
	maxPixels = 1 << 30
)

// Config is an alphabet. The zero value is a legal one of 350 classes.
//
// Class i of a split depends on Seed and i alone, so that more classes of one split change neither
// the first ones nor another split, and more drawings do not change the first ones. Size changes
// the resolution and not the shapes.
type Config struct {
	Train      int    `yaml:"train" json:"train"`           // meta-training classes; 0 means 200
	Validation int    `yaml:"validation" json:"validation"` // validation classes; 0 means 50
	HeldOut    int    `yaml:"heldout" json:"heldout"`       // meta-test classes; 0 means 100
	Drawings   int    `yaml:"drawings" json:"drawings"`     // drawings of each class; 0 means 20
	Size       int    `yaml:"size" json:"size"`             // pixels each way, 8 to 512; 0 means 28
	Seed       uint64 `yaml:"seed" json:"seed"`             // of the alphabet, not of the run; 0 is a seed like any other
}

// withDefaults puts the meaning of zero values in their place.
func (c Config) withDefaults() Config {
	for _, f := range []struct {
		value *int
		zero  int
	}{{&c.Train, DefaultTrain}, {&c.Validation, DefaultValidation}, {&c.HeldOut, DefaultHeldOut}, {&c.Drawings, DefaultDrawings}, {&c.Size, DefaultSize}} {
		if *f.value == 0 {
			*f.value = f.zero
		}
	}
	return c
}

// Validate returns all faults, joined, as *fault.Field.
func (c Config) Validate() error {
	c = c.withDefaults()
	var faults []error
	for _, f := range []struct {
		field string
		value int
	}{{"train", c.Train}, {"validation", c.Validation}, {"heldout", c.HeldOut}, {"drawings", c.Drawings}} {
		if f.value < 1 || f.value > maxPixels {
			faults = append(faults, &fault.Field{Path: f.field, Value: f.value, Want: fmt.Sprintf("1 to %d, or 0 for the default", maxPixels)})
		}
	}
	if c.Size < MinSize || c.Size > MaxSize {
		faults = append(faults, &fault.Field{Path: "size", Value: c.Size, Want: fmt.Sprintf("%d to %d, or 0 for %d", MinSize, MaxSize, DefaultSize)})
	}
	if len(faults) == 0 {
		classes := c.Train + c.Validation + c.HeldOut
		if limit := maxPixels / (c.Size * c.Size); classes > limit/c.Drawings {
			faults = append(faults, &fault.Field{Path: "(train + validation + heldout) × drawings",
				Value: fmt.Sprintf("%d × %d", classes, c.Drawings), Want: fmt.Sprintf("at most %d drawings of this size", limit)})
		}
	}
	return errors.Join(faults...)
}

// Load draws the alphabet as a bank named "glyphs" with drawings [1,Size,Size], strokes 1 on a
// background of 0. Its classes are "train/0000", "train/0001", …, then "validation/0000", … and
// "heldout/0000", …. It uses all processors, and gives the same bytes on any number of them. It
// fails with the faults of Validate or the cause of a cancelled context.
func Load(ctx context.Context, c Config) (*data.Bank, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	var classes []data.Class
	var numbers []int // number of each class in its split
	for _, part := range []struct {
		split data.Split
		n     int
	}{{data.Train, c.Train}, {data.Validation, c.Validation}, {data.HeldOut, c.HeldOut}} {
		for i := range part.n {
			classes = append(classes, data.Class{Name: fmt.Sprintf("%v/%04d", part.split, i), Split: part.split, Drawings: c.Drawings})
			numbers = append(numbers, i)
		}
	}
	size := c.Size * c.Size
	pixels := make([]uint8, len(classes)*c.Drawings*size)
	g, ctx := errgroup.WithContext(ctx)
	workers := min(runtime.GOMAXPROCS(0), len(classes))
	for w := range workers {
		g.Go(func() error {
			pen := newPen(c.Size)
			for k := w; k < len(classes); k += workers {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				drawClass(pixels[k*c.Drawings*size:][:c.Drawings*size], pen, c.Seed, classes[k].Split, numbers[k])
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("glyphs: %w", err)
	}
	source, err := data.NewPixels(pixels, size, classes)
	if err != nil {
		return nil, fmt.Errorf("glyphs: %w", err)
	}
	return data.NewBank(data.BankSpec{Name: Name, Shape: [3]int{1, c.Size, c.Size}, Classes: classes, Source: source})
}

// drawClass writes all drawings of class i of a split.
func drawClass(dst []uint8, p *pen, seed uint64, split data.Split, i int) {
	size := p.size * p.size
	proto := newPrototype(stream.New(seed, "glyphs/"+split.String()+"/class", uint64(i), 0))
	for d := range len(dst) / size {
		rng := stream.New(seed, "glyphs/"+split.String()+"/drawing", uint64(i), uint64(d))
		strokes, radius := proto.written(rng)
		p.draw(dst[d*size:(d+1)*size], strokes, radius)
	}
}
