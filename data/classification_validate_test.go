package data

import (
	"errors"
	"math"
	"strings"
	"testing"

	"metaplast/data/fault"
)

func TestClassificationValidate(t *testing.T) {
	b := testBank(t, 6, 5, 4, 9)
	uneven := bankOf(t, []Class{{"a", Train, 9}, {"b", Train, 3}, {"c", HeldOut, 9}, {"d", HeldOut, 9}})
	sound := Classification{Bank: b, Ways: 5, Shots: 2, Batch: 2, Query: 3}
	for _, c := range []struct {
		edit func(c *Classification)
		want string
	}{
		{func(c *Classification) {}, ""},
		{func(c *Classification) { *c = Classification{} },
			"bank: none, want the classes and their drawings: load a data set first\nways: 0, want at least 1\nshots: 0, want at least 1\nbatch: 0, want at least 1\nquery: 0, want at least 1"},
		{func(c *Classification) {
			c.Ways, c.Outputs, c.Remember, c.Order, c.Labels = -1, -2, -3, "random", "fixed"
		},
			"ways: -1, want at least 1\nremember: -3, want at least 0, which means none\noutputs: -2, want at least 1, or 0 for as many as ways\n" +
				"order: \"random\", want continual or iid\nlabels: \"fixed\", want episode or class"},
		{func(c *Classification) { c.Batch = 3 }, "batch: 3, want a divisor of ways × shots = 5 × 2 = 10"},
		{func(c *Classification) { c.Outputs = 4 }, "outputs: 4, want at least 5, a unit for each of the ways"},
		{func(c *Classification) { c.Ways = 6 }, "ways: 6, want at most 5, the classes that test has for heldout"},
		{func(c *Classification) { c.Ways = 7 }, "ways: 7, want at most 6, the classes that test has for train\nways: 7, want at most 5, the classes that test has for heldout"},
		{func(c *Classification) { c.Shots, c.Query = 6, 4 },
			"shots + query: 6 + 4, want at most 9, the drawings of class train/0 of test for train\nshots + query: 6 + 4, want at most 9, the drawings of class heldout/0 of test for heldout"},
		{func(c *Classification) { c.Bank, c.Ways = uneven, 2 }, "shots + query: 2 + 3, want at most 3, the drawings of class b of test for train"},
		{func(c *Classification) { c.Query = math.MaxInt }, "shots + query: 2 + 9223372036854775807, want at most 9"},
		{func(c *Classification) { c.Ways, c.Shots = math.MaxInt, math.MaxInt }, "ways × shots: 9223372036854775807 × 9223372036854775807, want at most"},
		{func(c *Classification) { c.Outputs = math.MaxInt }, "outputs: 9223372036854775807, want at most 134217728"},
		{func(c *Classification) { c.Remember, c.Outputs = 2, 9 },
			"labels: \"\", want class where remember is 2: a remembered class must have a unit of its own in every episode"},
		{func(c *Classification) { c.Labels = LabelsClass }, "outputs: 0, want at least 6 with labels: class, a unit for every class that test has for train"},
		{func(c *Classification) { c.Labels, c.Outputs = LabelsClass, 5 }, "outputs: 5, want at least 6 with labels: class, a unit for every class that test has for train"},
		{func(c *Classification) { c.Labels, c.Outputs, c.Ways, c.Remember = LabelsClass, 6, 4, 10 }, "remember: 10, want at most 9, the drawings that test has in the other classes for heldout"},
		{func(c *Classification) { c.Labels, c.Outputs, c.Ways, c.Remember = LabelsClass, 6, 4, 9 }, ""},
		{func(c *Classification) {
			c.Ways, c.Query, c.Remember, c.Outputs, c.Labels = 5, math.MaxInt, math.MaxInt, 6, LabelsClass
		},
			"remember: 9223372036854775807, want at most 9, the drawings that test has in the other classes for train\n" +
				"shots + query: 2 + 9223372036854775807, want at most 9, the drawings of class train/0 of test for train\n" +
				"remember: 9223372036854775807, want at most 0, the drawings that test has in the other classes for heldout\n" +
				"shots + query: 2 + 9223372036854775807, want at most 9, the drawings of class heldout/0 of test for heldout\n" +
				"ways × query + remember: 5 × 9223372036854775807 + 9223372036854775807, want at most "},
		{func(c *Classification) { c.Outputs = 1 << 26 }, "ways × shots: 10, want at most 2: an episode holds them as 67108864 numbers each"},
	} {
		k := sound
		c.edit(&k)
		err := k.Validate()
		if c.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got  %v\nwant %s", err, c.want)
			continue
		}
		for _, line := range strings.Split(err.Error(), "\n") {
			if !strings.Contains(line, ", want ") {
				t.Errorf("%q says not what is wanted", line)
			}
		}
		if _, ok := errors.AsType[*fault.Field](err); !ok {
			t.Errorf("%v is no fault.Field", err)
		}
		if _, serr := k.Sample(1, Train, 0, 0); serr == nil || serr.Error() != err.Error() {
			t.Errorf("Sample gives %v, Validate %v", serr, err)
		}
	}
}

// The validation split is asked of only when it is used.
func TestClassificationValidateSplit(t *testing.T) {
	c := Classification{Bank: testBank(t, 6, 5, 4, 9), Ways: 5, Shots: 2, Batch: 2, Query: 3}
	if err := errors.Join(c.Validate(), c.ValidateSplit(Train), c.ValidateSplit(HeldOut)); err != nil {
		t.Error(err)
	}
	if err := c.ValidateSplit(Validation); err == nil || err.Error() != "ways: 5, want at most 4, the classes that test has for validation" {
		t.Error(err)
	}
	if err := c.ValidateSplit(Split(-1)); !errors.Is(err, ErrSplit) {
		t.Error(err)
	}
	c.Batch = 0
	if err := c.ValidateSplit(Train); err == nil || err.Error() != "batch: 0, want at least 1" {
		t.Error(err)
	}
}
