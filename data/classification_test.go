package data

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"metaplast/data/objective"
)

func mustEpisode(t testing.TB, s Sampler, seed uint64, split Split, step, episode uint64) Episode {
	t.Helper()
	e, err := s.Sample(seed, split, step, episode)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestClassificationSpec(t *testing.T) {
	b := testBank(t, 6, 5, 5, 9)
	for _, c := range []struct {
		c    Classification
		want Spec
	}{
		{Classification{Ways: 5, Shots: 2, Batch: 1, Query: 3}, Spec{"test", []int{2, 3, 3}, 5, 10, 1, 15, objective.CrossEntropy, false}},
		{Classification{Ways: 5, Shots: 1, Batch: 5, Query: 8, Outputs: 30, Order: IID}, Spec{"test", []int{2, 3, 3}, 30, 1, 5, 40, objective.CrossEntropy, false}},
		{Classification{Ways: 1, Shots: 6, Batch: 2, Query: 1, Outputs: 6, Remember: 7, Labels: LabelsClass}, Spec{"test", []int{2, 3, 3}, 6, 3, 2, 8, objective.CrossEntropy, false}},
	} {
		c.c.Bank = b
		if err := c.c.Validate(); err != nil {
			t.Error(err)
		}
		if got := c.c.Spec(); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%+v, want %+v", got, c.want)
		}
		for _, split := range Splits() {
			if err := c.c.Spec().Check(mustEpisode(t, c.c, 1, split, 0, 0)); err != nil {
				t.Error(err)
			}
		}
	}
	if s := (Classification{}).Spec(); s.Steps != 0 || s.Name != "" { // an invalid one does not panic
		t.Errorf("%+v", s)
	}
}

// Same key, same bytes, whatever was drawn before and by however many goroutines; every part of the
// key matters.
func TestClassificationDeterministic(t *testing.T) {
	b := testBank(t, 9, 9, 9, 9)
	for _, c := range []Classification{
		{Bank: b, Ways: 4, Shots: 3, Batch: 2, Query: 3, Outputs: 20},
		{Bank: b, Ways: 4, Shots: 3, Batch: 2, Query: 3, Outputs: 9, Order: IID, Labels: LabelsClass, Remember: 10},
	} {
		type key struct {
			seed          uint64
			split         Split
			step, episode uint64
		}
		keys := []key{{1, Train, 0, 0}, {2, Train, 0, 0}, {1, HeldOut, 0, 0}, {1, Validation, 0, 0}, {1, Train, 1, 0}, {1, Train, 0, 1}}
		var want [][32]byte
		for _, k := range keys {
			d := digest(t, mustEpisode(t, c, k.seed, k.split, k.step, k.episode))
			if slices.Contains(want, d) {
				t.Errorf("%v gives an episode of another key", k)
			}
			want = append(want, d)
		}
		var group sync.WaitGroup
		for w := range 4 {
			group.Go(func() {
				for i := range keys {
					j := (i*5 + w) % len(keys)
					k := keys[j]
					if e, err := c.Sample(k.seed, k.split, k.step, k.episode); err != nil || digest(t, e) != want[j] {
						t.Errorf("%v: another episode, %v", k, err)
					}
				}
			})
		}
		group.Wait()
	}
}

// Pinned: a change of these values changes every run there has been.
func TestClassificationPinned(t *testing.T) {
	b := testBank(t, 9, 9, 9, 9)
	c := Classification{Bank: b, Ways: 4, Shots: 3, Batch: 2, Query: 3, Outputs: 20, Order: IID}
	d := digest(t, mustEpisode(t, c, 1, Train, 0, 0))
	r := Classification{Bank: b, Ways: 4, Shots: 3, Batch: 2, Query: 3, Outputs: 9, Labels: LabelsClass, Remember: 10}
	e := digest(t, mustEpisode(t, r, 1, HeldOut, 2, 3))
	if got, want := hex.EncodeToString(d[:4])+" "+hex.EncodeToString(e[:4]), "e1a08174 5abe0773"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// The orders hold the same drawings with the same units; iid mixes.
func TestClassificationOrders(t *testing.T) {
	b := testBank(t, 30, 20, 9, 12)
	c := Classification{Bank: b, Ways: 20, Shots: 8, Batch: 1, Query: 3, Outputs: 40, Order: Continual}
	i := c
	i.Order = IID
	changes := 0
	for ep := range uint64(20) {
		p, err1 := c.Plan(1, Train, 0, ep)
		q, err2 := i.Plan(1, Train, 0, ep)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if !slices.Equal(p.Query, q.Query) || !slices.Equal(p.Units, q.Units) || slices.Equal(p.Support, q.Support) {
			t.Error("the orders differ in more than the order")
		}
		for k := range q.Support[1:] {
			if q.Support[k].Task != q.Support[k+1].Task {
				changes++
			}
		}
		order := func(a, b Example) int { return (a.Task-b.Task)*1000 + a.Drawing - b.Drawing }
		slices.SortFunc(p.Support, order)
		slices.SortFunc(q.Support, order)
		if !slices.Equal(p.Support, q.Support) {
			t.Error("the orders hold different drawings")
		}
	}
	if changes < 20*159*9/10 { // 152/159 are expected
		t.Errorf("iid: the class changes only %d times of %d", changes, 20*159)
	}
}

// Classes depend on the key alone, and those of fewer ways are the first of more.
func TestClassificationClassesStay(t *testing.T) {
	b := testBank(t, 30, 20, 9, 12)
	all := Classification{Bank: b, Ways: 20, Shots: 8, Batch: 1, Query: 3}
	for _, c := range []Classification{
		{Ways: 5, Shots: 1, Batch: 5, Query: 1},
		{Ways: 20, Shots: 2, Batch: 1, Query: 7, Outputs: 200, Order: IID},
		{Ways: 3, Shots: 1, Batch: 1, Query: 1, Outputs: 30, Labels: LabelsClass, Remember: 5},
	} {
		c.Bank = b
		p, err1 := all.Plan(7, Train, 3, 1)
		q, err2 := c.Plan(7, Train, 3, 1)
		if err1 != nil || err2 != nil || !slices.Equal(q.Classes, p.Classes[:c.Ways]) {
			t.Errorf("%v, want the first of %v; %v %v", q.Classes, p.Classes, err1, err2)
		}
	}
}

// In LabelsEpisode a class has every unit at times, so that nothing can be known before the
// episode; the units of an episode are spread over all outputs.
func TestClassificationLabelsPermute(t *testing.T) {
	b := testBank(t, 5, 5, 5, 4)
	c := Classification{Bank: b, Ways: 5, Shots: 1, Batch: 1, Query: 1, Outputs: 8}
	var count [5][8]int
	const episodes = 1600
	for i := range uint64(episodes) {
		p, err := c.Plan(1, Train, 0, i)
		if err != nil {
			t.Fatal(err)
		}
		for k, class := range p.Classes {
			count[class][p.Units[k]]++
		}
	}
	for class := range count {
		for u, n := range count[class] {
			if n < 145 || n > 255 { // 200 expected; four deviations are 53
				t.Errorf("class %d has unit %d %d times in %d episodes", class, u, n, episodes)
			}
		}
	}
}

func TestClassificationSplitErrors(t *testing.T) {
	c := Classification{Bank: testBank(t, 5, 5, 0, 4), Ways: 5, Shots: 1, Batch: 1, Query: 1}
	if _, err := c.Sample(1, Split(9), 0, 0); !errors.Is(err, ErrSplit) {
		t.Error(err)
	}
	if _, err := c.Sample(1, Validation, 0, 0); err == nil || !strings.Contains(err.Error(), "a bank with classes for validation: test has none") {
		t.Error(err)
	}
}

// benchBank has classes of 20 drawings [1,size,size].
func benchBank(t testing.TB, classes, size int) *Bank {
	t.Helper()
	var list []Class
	for _, split := range Splits() {
		for i := range classes {
			list = append(list, Class{fmt.Sprintf("%v/%d", split, i), split, 20})
		}
	}
	source, err := NewPixels(make([]uint8, len(list)*20*size*size), size*size, list)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewBank(BankSpec{Name: "bench", Shape: [3]int{1, size, size}, Classes: list, Source: source})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func BenchmarkClassification(b *testing.B) {
	bank := benchBank(b, 964, 28)
	for _, c := range []struct {
		name string
		c    Classification
	}{
		{"5way5shot", Classification{Bank: bank, Ways: 5, Shots: 5, Batch: 1, Query: 5}},
		{"remember64of1000", Classification{Bank: bank, Ways: 1, Shots: 15, Batch: 1, Query: 5, Outputs: 1000, Labels: LabelsClass, Remember: 64}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := c.c.Sample(1, Train, uint64(i), 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
