package rulestest

import "fmt"

// Options are the settings of a check. The zero value of each field stands for its default.
type Options struct {
	N, In, Out int    // examples, presynaptic and postsynaptic units; 4, 3, 2
	Seed       uint64 // of all values that are drawn; 0 is a seed like any other

	Step      float64 // largest step of central differences, 2⁻⁸
	Halvings  int     // times it may be halved, at least 2; 16
	Tolerance float64 // of a derivative, relative to the largest in its array; 1e-8

	Steps int // inner steps that are differentiated through; 3

	// Of Episodes, Rows and Combined only.
	Elements      int       // checked in each array, a sample drawn by Seed; 0 means all
	Pathways      []string  // empty means all that are registered
	Granularities []string  // empty means all, none (a fixed rate) included
	Each          func(Row) // called with each row when it and those before are done; nil means no one
	Workers       int       // rows that are checked side by side, 1; the rows are the same for any number
	All           bool      // Combined checks each row with all settings, and Elements of each array

	draw   int      // which of the values that Seed stands for
	only   []string // places to look at; nil means all
	begins bool     // the rule's state is s(0)
}

// defaults replaces zero values, or says what is illegal.
func (o Options) defaults() (Options, error) {
	ints := []struct {
		name     string
		value    *int
		fallback int
		least    int
	}{
		{"N", &o.N, 4, 1}, {"In", &o.In, 3, 1}, {"Out", &o.Out, 2, 1},
		{"Halvings", &o.Halvings, 16, 2}, {"Steps", &o.Steps, 3, 1}, {"Elements", &o.Elements, 0, 0}, {"Workers", &o.Workers, 1, 1},
	}
	for _, i := range ints {
		if *i.value == 0 {
			*i.value = i.fallback
		}
		if *i.value < i.least {
			return o, fmt.Errorf("option %s is %d: want at least %d", i.name, *i.value, i.least)
		}
	}
	if o.Step == 0 {
		o.Step = 1. / 256
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-8
	}
	if !(o.Step > 0 && o.Step < 1) || !(o.Tolerance > 0 && o.Tolerance < 1) {
		return o, fmt.Errorf("options Step %v and Tolerance %v: want both between 0 and 1", o.Step, o.Tolerance)
	}
	return o, nil
}
