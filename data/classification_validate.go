package data

import (
	"errors"
	"fmt"

	"metaplast/data/fault"
)

// Validate returns all faults, joined, as *fault.Field: illegal fields, sizes that do not fit each
// other, and what the meta-training and the meta-test classes of the bank cannot give. For the
// other split, see ValidateSplit.
func (c Classification) Validate() error {
	faults := c.fields("ways")
	if len(faults) == 0 {
		faults = append(c.against(Train, "ways"), c.against(HeldOut, "ways")...)
		faults = append(faults, c.sizes()...)
	}
	return errors.Join(faults...)
}

// ValidateSplit returns what a split's classes cannot give to episodes, joined, as *fault.Field.
// A bank may have fewer classes for validation than for meta-training, or none.
func (c Classification) ValidateSplit(split Split) error {
	if _, err := Purpose(split, ""); err != nil {
		return err
	}
	if faults := c.fields("ways"); len(faults) > 0 {
		return errors.Join(faults...)
	}
	return errors.Join(c.against(split, "ways")...)
}

// fields returns the faults that do not depend on the classes; ways is what the field Ways is
// called.
func (c Classification) fields(ways string) []error {
	var faults []error
	add := func(field string, value any, want string, args ...any) {
		faults = append(faults, &fault.Field{Path: field, Value: value, Want: fmt.Sprintf(want, args...)})
	}
	if c.Bank == nil {
		add("bank", product("none"), "the classes and their drawings: load a data set first")
	}
	positive := true
	for _, f := range []struct {
		field string
		value int
	}{{ways, c.Ways}, {"shots", c.Shots}, {"batch", c.Batch}, {"query", c.Query}} {
		if f.value < 1 {
			add(f.field, f.value, "at least 1")
			positive = false
		}
	}
	if c.Remember < 0 {
		add("remember", c.Remember, "at least 0, which means none")
	}
	switch n := multiply(max(c.Ways, 0), max(c.Shots, 0)); {
	case !positive:
	case n > maxEpisode:
		add(ways+" × shots", times([]int{c.Ways, c.Shots}), "at most %d examples", maxEpisode)
	case n%c.Batch != 0:
		add("batch", c.Batch, "a divisor of %s × shots = %d × %d = %d", ways, c.Ways, c.Shots, n)
	}
	switch {
	case c.Outputs < 0:
		add("outputs", c.Outputs, "at least 1, or 0 for as many as %s", ways)
	case c.Outputs > 0 && c.Outputs < c.Ways:
		add("outputs", c.Outputs, "at least %d, a unit for each of the %s", c.Ways, ways)
	case c.Outputs > maxEpisode:
		add("outputs", c.Outputs, "at most %d", maxEpisode)
	}
	switch c.Order {
	case "", Continual, IID:
	default:
		add("order", c.Order, Continual+" or "+IID)
	}
	switch c.Labels {
	case LabelsClass:
	case "", LabelsEpisode:
		if c.Remember > 0 {
			add("labels", c.Labels, "%s where remember is %d: a remembered class must have a unit of its own in every episode", LabelsClass, c.Remember)
		}
	default:
		add("labels", c.Labels, LabelsEpisode+" or "+LabelsClass)
	}
	return faults
}

// against returns what the classes of a split cannot give. The fields are sound.
func (c Classification) against(split Split, ways string) []error {
	var faults []error
	add := func(field string, value any, want string, args ...any) {
		faults = append(faults, &fault.Field{Path: field, Value: value, Want: fmt.Sprintf(want, args...)})
	}
	b := c.Bank
	n := b.Len(split)
	// However uneven the classes are, so many drawings are left beside any Ways of them.
	others := max(0, b.total[split]-multiply(c.Ways, b.most[split]))
	switch {
	case n == 0:
		add(ways, c.Ways, "a bank with classes for %v: %s has none", split, b.Name())
		return faults
	case c.Ways > n:
		add(ways, c.Ways, "at most %d, the classes that %s has for %v", n, b.Name(), split)
	case c.Remember > others:
		add("remember", c.Remember, "at most %d, the drawings that %s has in the other classes for %v", others, b.Name(), split)
	}
	if c.Labels == LabelsClass && c.Outputs < n {
		add("outputs", c.Outputs, "at least %d with labels: %s, a unit for every class that %s has for %v", n, LabelsClass, b.Name(), split)
	}
	fewest, err := b.Class(split, b.fewest[split])
	if err != nil {
		return append(faults, err)
	}
	if c.Shots > fewest.Drawings || c.Query > fewest.Drawings-c.Shots {
		add("shots + query", product(fmt.Sprintf("%d + %d", c.Shots, c.Query)),
			"at most %d, the drawings of class %s of %s for %v", fewest.Drawings, fewest.Name, b.Name(), split)
	}
	return faults
}

// sizes refuses episodes that would not fit into memory. The fields are sound.
func (c Classification) sizes() []error {
	var faults []error
	size := max(c.Bank.size(), c.outputs())
	for _, f := range []struct {
		field string
		sizes []int
		plus  int
	}{
		{"ways × shots", []int{c.Ways, c.Shots}, 0},
		{"ways × query + remember", []int{c.Ways, c.Query}, c.Remember},
	} {
		// The sum is only taken where it cannot overflow.
		n := multiply(f.sizes...)
		var value any = n + f.plus
		large := n > maxEpisode || f.plus > maxEpisode
		if large {
			value = times(f.sizes) + " + " + times([]int{f.plus})
		}
		if large || multiply(n+f.plus, size) > maxEpisode {
			faults = append(faults, &fault.Field{Path: f.field, Value: value,
				Want: fmt.Sprintf("at most %d: an episode holds them as %d numbers each; draw a Trajectory and fill it step by step", maxEpisode/size, size)})
		}
	}
	return faults
}
