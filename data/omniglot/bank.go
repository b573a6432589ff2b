package omniglot

import (
	"fmt"
	"path/filepath"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/fetch"
)

// bank divides the classes of a header among the splits, and identifies what there is.
func (c Config) bank(h header, pixels []uint8, info Info) (*data.Bank, error) {
	var alphabets []string // of the background set
	count := map[bool]int{}
	for _, k := range h.Classes {
		count[k.Evaluation]++
		if !c.Partial && k.Drawings != Drawings {
			return nil, c.not(k.Evaluation, "character %s has %d drawings, want %d", k.Name, k.Drawings, Drawings)
		}
		if a := alphabet(k.Name); !k.Evaluation && (len(alphabets) == 0 || alphabets[len(alphabets)-1] != a) {
			alphabets = append(alphabets, a)
		}
	}
	for i, want := range []int{BackgroundClasses, EvaluationClasses} {
		if n := count[i == 1]; !c.Partial && n != want {
			return nil, c.not(i == 1, "%d characters, want %d", n, want)
		}
	}
	if c.Validation >= len(alphabets) {
		return nil, &fault.Field{Path: "validation", Value: c.Validation,
			Want: fmt.Sprintf("at most %d, which leaves one of %d alphabets for meta-training", len(alphabets)-1, len(alphabets))}
	}
	validation := map[string]bool{}
	for _, a := range alphabets[len(alphabets)-c.Validation:] {
		validation[a] = true
	}
	classes := make([]data.Class, len(h.Classes))
	for i, k := range h.Classes {
		classes[i] = data.Class{Name: k.Name, Split: data.Train, Drawings: k.Drawings}
		switch {
		case k.Evaluation:
			classes[i].Split = data.HeldOut
		case validation[alphabet(k.Name)]:
			classes[i].Split = data.Validation
		}
	}
	source, err := data.NewPixels(pixels, h.Size*h.Size, classes)
	if err != nil {
		return nil, err
	}
	b, err := data.NewBank(data.BankSpec{Name: Name, Shape: [3]int{1, h.Size, h.Size}, Classes: classes, Source: source})
	if err != nil {
		return nil, &Error{Path: c.Dir, Err: fmt.Errorf("%w: %w", ErrClasses, err)}
	}
	id, err := b.Identify()
	if err != nil {
		return nil, err
	}
	id.Archives = data.Unknown
	if info.Known {
		id.Archives = data.Official
	}
	b = b.WithOrigin(data.Origin{Identity: id, Dir: c.Dir, Notes: info.CacheErr})
	if c.Rotations {
		return b.Rotated()
	}
	return b, nil
}

// not says that an archive does not have the data set in full.
func (c Config) not(evaluation bool, format string, args ...any) error {
	name := fetch.BackgroundZip
	if evaluation {
		name = fetch.EvaluationZip
	}
	return &Error{Path: filepath.Join(c.Dir, name), Err: fmt.Errorf("%w: %s", ErrClasses, fmt.Sprintf(format, args...)),
		Do: again + ", or set partial to use what there is"}
}
