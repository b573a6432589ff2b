package data

import (
	"errors"
	"fmt"
	"slices"

	"metaplast/data/fault"
)

// Class is one kind of thing, such as a character of an alphabet, with several drawings of it.
type Class struct {
	Name     string // unique in its bank, for example "Greek/character03"
	Split    Split  // the one split whose episodes may show it
	Drawings int    // how many there are, at least 1
}

// Source holds the drawings of a bank.
//
// Read writes one drawing to dst, C·H·W bytes, channel by channel and row by row. class counts
// from 0 in the list of classes that the bank was made from, all splits together; drawing counts
// from 0. A bank calls it with indices in range, from several goroutines at once, and expects the
// same bytes every time.
type Source interface {
	Read(dst []uint8, class, drawing int) error
}

// Levels gives the number that a learner sees for a byte v of channel c: Levels[c][v].
type Levels [][256]float64

// UnitLevels maps bytes to [0,1], v/255, in every one of c channels.
func UnitLevels(c int) Levels {
	mean, std := make([]float64, c), make([]float64, c)
	for i := range std {
		std[i] = 1
	}
	return NormalLevels(mean, std)
}

// NormalLevels maps bytes to (v/255 − mean[c]) / std[c]. The lengths must agree.
func NormalLevels(mean, std []float64) Levels {
	l := make(Levels, len(mean))
	for c := range l {
		for v := range l[c] {
			l[c][v] = (float64(v)/255 - mean[c]) / std[c]
		}
	}
	return l
}

// BankSpec is what a bank is made from.
type BankSpec struct {
	Name    string  // the task's name, part of the keys of its random streams; not empty
	Shape   [3]int  // [C,H,W] of every drawing, each at least 1
	Levels  Levels  // one table a channel; nil means UnitLevels
	Classes []Class // of all splits, in a fixed order; the order is part of what a seed means
	Source  Source
}

// Bank is a set of classes with drawings [C,H,W], each class in exactly one split. Classes are
// numbered from 0 within their split, in the order of BankSpec.Classes. A bank never changes and
// is safe for concurrent use.
//
// Drawings are kept as bytes (8 times smaller than an episode's float64); Levels turns them into
// numbers when an episode is made.
type Bank struct {
	spec   BankSpec
	splits [3][]int // by split: indices into spec.Classes
	fewest [3]int   // by split: number in the split of the class with the fewest drawings
	most   [3]int   // by split: the most drawings any class has
	total  [3]int   // by split: drawings of all classes
	origin *Origin  // nil for a bank that was made, not read
}

// NewBank checks a specification and returns its bank. It returns all faults, joined: *fault.Field
// and *ClassError.
func NewBank(s BankSpec) (*Bank, error) {
	var faults []error
	field := func(bad bool, name string, value any, want string) {
		if bad {
			faults = append(faults, &fault.Field{Path: name, Value: value, Want: want})
		}
	}
	field(s.Name == "", "name", s.Name, "a name for the task")
	field(slices.Min(s.Shape[:]) < 1, "shape", s.Shape, "[C,H,W], each at least 1")
	field(len(s.Classes) == 0, "classes", 0, "at least 1")
	field(s.Source == nil, "source", "none", "the drawings")
	if s.Levels == nil && s.Shape[0] > 0 {
		s.Levels = UnitLevels(s.Shape[0])
	}
	field(len(s.Levels) != max(s.Shape[0], 0), "levels", len(s.Levels), fmt.Sprintf("a table for each of %d channels", s.Shape[0]))
	s.Classes = slices.Clone(s.Classes)
	b := &Bank{spec: s}
	seen := map[string]Split{}
	for i, c := range s.Classes {
		class := func(err error, want string) {
			faults = append(faults, &ClassError{Bank: s.Name, Class: c.Name, Drawing: -1, Want: want, Err: err})
		}
		if other, ok := seen[c.Name]; ok {
			class(fmt.Errorf("%w, in split %v and in split %v", ErrDuplicate, other, c.Split), "one class of one split for each name")
		}
		seen[c.Name] = c.Split
		if c.Drawings < 1 {
			class(fmt.Errorf("%w: %d", ErrDrawings, c.Drawings), "at least 1")
		}
		if !c.Split.known() {
			class(fmt.Errorf("%w: %v", ErrSplit, c.Split), "Train, HeldOut or Validation")
			continue
		}
		k := c.Split
		b.splits[k] = append(b.splits[k], i)
		b.total[k] += c.Drawings
		b.most[k] = max(b.most[k], c.Drawings)
		if c.Drawings < s.Classes[b.splits[k][b.fewest[k]]].Drawings {
			b.fewest[k] = len(b.splits[k]) - 1
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return b, nil
}

// Name returns the task's name.
func (b *Bank) Name() string { return b.spec.Name }

// Shape returns [C,H,W], for the caller to keep.
func (b *Bank) Shape() []int { return slices.Clone(b.spec.Shape[:]) }

// size is C·H·W.
func (b *Bank) size() int { return b.spec.Shape[0] * b.spec.Shape[1] * b.spec.Shape[2] }

// Len returns the number of classes of a split, 0 for an unknown one.
func (b *Bank) Len(split Split) int {
	if !split.known() {
		return 0
	}
	return len(b.splits[split])
}

// Class describes class number i of a split. It fails with ErrSplit or ErrIndex.
func (b *Bank) Class(split Split, i int) (Class, error) {
	k, err := b.index(split, i)
	if err != nil {
		return Class{}, err
	}
	return b.spec.Classes[k], nil
}

// index returns the number of a class in the list of all.
func (b *Bank) index(split Split, i int) (int, error) {
	fail := func(err error, want string) (int, error) {
		return 0, &ClassError{Bank: b.spec.Name, Class: fmt.Sprintf("%d of split %v", i, split), Drawing: -1, Want: want, Err: err}
	}
	if !split.known() {
		return fail(ErrSplit, "Train, HeldOut or Validation")
	}
	if n := len(b.splits[split]); i < 0 || i >= n {
		return fail(ErrIndex, fmt.Sprintf("a number below %d, the classes of this split", n))
	}
	return b.splits[split][i], nil
}

// Bytes writes drawing number drawing of a split's class to dst, as C·H·W bytes. It fails with a
// *ClassError around ErrSplit, ErrIndex or the error of the source.
func (b *Bank) Bytes(dst []uint8, split Split, class, drawing int) error {
	k, err := b.index(split, class)
	if err != nil {
		return err
	}
	c := b.spec.Classes[k]
	if len(dst) != b.size() {
		return fmt.Errorf("data: %s: a drawing has %d bytes, the buffer %d", b.spec.Name, b.size(), len(dst))
	}
	if drawing < 0 || drawing >= c.Drawings {
		return &ClassError{Bank: b.spec.Name, Class: c.Name, Drawing: drawing, Want: fmt.Sprintf("0 to %d", c.Drawings-1), Err: ErrIndex}
	}
	if err := b.spec.Source.Read(dst, k, drawing); err != nil {
		return &ClassError{Bank: b.spec.Name, Class: c.Name, Drawing: drawing, Err: err}
	}
	return nil
}
