package data

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// testBank has train, heldOut and validation classes of so many drawings [2,3,3], whose bytes tell
// class and drawing: byte 0 is the class's number in the list of all, byte 1 the drawing's, the
// others differ.
func testBank(t testing.TB, train, heldOut, validation, drawings int) *Bank {
	t.Helper()
	var classes []Class
	// Splits are interleaved, so that numbers in the split and in the list differ.
	for i := range max(train, heldOut, validation) {
		for _, split := range Splits() {
			if i < []int{train, heldOut, validation}[split] {
				classes = append(classes, Class{Name: fmt.Sprintf("%v/%d", split, i), Split: split, Drawings: drawings})
			}
		}
	}
	return bankOf(t, classes)
}

func bankOf(t testing.TB, classes []Class) *Bank {
	t.Helper()
	const size = 18
	var pixels []uint8
	for k, c := range classes {
		for d := range c.Drawings {
			one := make([]uint8, size)
			one[0], one[1] = uint8(k), uint8(d)
			for j := 2; j < size; j++ {
				one[j] = uint8(17*j + 5*k + 3*d)
			}
			pixels = append(pixels, one...)
		}
	}
	source, err := NewPixels(pixels, size, classes)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewBank(BankSpec{Name: "test", Shape: [3]int{2, 3, 3}, Classes: classes, Source: source})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBank(t *testing.T) {
	b := testBank(t, 4, 3, 2, 5)
	if b.Name() != "test" || fmt.Sprint(b.Shape()) != "[2 3 3]" || b.Len(Train) != 4 || b.Len(HeldOut) != 3 || b.Len(Validation) != 2 || b.Len(7) != 0 {
		t.Errorf("%s %v %d %d %d", b.Name(), b.Shape(), b.Len(Train), b.Len(HeldOut), b.Len(Validation))
	}
	b.Shape()[0] = 9
	if b.Shape()[0] != 2 {
		t.Error("the shape can be changed")
	}
	c, err := b.Class(HeldOut, 2)
	if want := (Class{"heldout/2", HeldOut, 5}); err != nil || c != want {
		t.Errorf("%+v, %v, want %+v", c, err, want)
	}
	buf := make([]uint8, 18)
	if err := b.Bytes(buf, HeldOut, 2, 3); err != nil || buf[0] != 7 || buf[1] != 3 {
		t.Errorf("%v, %v, want class 7, drawing 3", buf, err)
	}
	for _, c := range []struct {
		split          Split
		class, drawing int
		want           error
		text           string
	}{
		{Train, 4, 0, ErrIndex, "data: test: class 4 of split train: out of range, want a number below 4, the classes of this split"},
		{Train, -1, 0, ErrIndex, "data: test: class -1 of split train: out of range"},
		{Split(3), 0, 0, ErrSplit, "data: test: class 0 of split Split(3): unknown split, want Train, HeldOut or Validation"},
		{Validation, 1, 5, ErrIndex, "data: test: class validation/1: drawing 5: out of range, want 0 to 4"},
		{Validation, 1, -1, ErrIndex, "data: test: class validation/1: out of range, want 0 to 4"},
	} {
		err := b.Bytes(buf, c.split, c.class, c.drawing)
		if _, ok := errors.AsType[*ClassError](err); !ok || !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), c.text) {
			t.Errorf("%v, want %s", err, c.text)
		}
	}
	if err := b.Bytes(buf[1:], Train, 0, 0); err == nil || err.Error() != "data: test: a drawing has 18 bytes, the buffer 17" {
		t.Error(err)
	}
}

// broken is a source that cannot be read.
type broken struct{ err error }

func (b broken) Read([]uint8, int, int) error { return b.err }

func TestBankBrokenSource(t *testing.T) {
	why := errors.New("broken disk")
	b, err := NewBank(BankSpec{Name: "b", Shape: [3]int{1, 1, 1}, Classes: []Class{{"x", Train, 2}, {"y", HeldOut, 2}}, Source: broken{why}})
	if err != nil {
		t.Fatal(err)
	}
	c := Classification{Bank: b, Ways: 1, Shots: 1, Batch: 1, Query: 1}
	_, err = c.Sample(1, Train, 0, 0)
	if e, ok := errors.AsType[*ClassError](err); !ok || !errors.Is(err, why) || e.Class != "x" || e.Drawing < 0 {
		t.Error(err)
	}
	if _, err := b.Digest(); !errors.Is(err, why) {
		t.Error(err)
	}
}

func TestNewBankFaults(t *testing.T) {
	sound := BankSpec{Name: "b", Shape: [3]int{1, 2, 2}, Classes: []Class{{"x", Train, 2}, {"y", HeldOut, 2}}, Source: broken{}}
	if _, err := NewBank(sound); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		edit func(s *BankSpec)
		want string
	}{
		{func(s *BankSpec) { *s = BankSpec{} }, `name: "", want a name for the task
shape: [0 0 0], want [C,H,W], each at least 1
classes: 0, want at least 1
source: "none", want the drawings`},
		{func(s *BankSpec) { s.Shape[0] = -1 }, "shape: [-1 2 2], want [C,H,W], each at least 1"},
		{func(s *BankSpec) { s.Levels = UnitLevels(3) }, "levels: 3, want a table for each of 1 channels"},
		{func(s *BankSpec) { s.Classes = append(s.Classes, Class{"x", HeldOut, 2}) },
			"data: b: class x: another class has this name, in split train and in split heldout, want one class of one split for each name"},
		{func(s *BankSpec) { s.Classes = []Class{{"x", Train, 0}, {"y", Split(5), 1}} },
			"data: b: class x: too few drawings: 0, want at least 1\ndata: b: class y: unknown split: Split(5), want Train, HeldOut or Validation"},
	} {
		s := sound
		s.Classes = append([]Class(nil), sound.Classes...)
		c.edit(&s)
		if b, err := NewBank(s); b != nil || err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}

// What a caller does with the list of classes afterwards does not reach the bank.
func TestNewBankCopies(t *testing.T) {
	classes := []Class{{"x", Train, 2}, {"y", HeldOut, 2}}
	b := bankOf(t, classes)
	classes[0].Name = "z"
	if c, err := b.Class(Train, 0); err != nil || c.Name != "x" {
		t.Error(c, err)
	}
}

func TestLevels(t *testing.T) {
	l := NormalLevels([]float64{0, 0.5}, []float64{1, 0.25})
	for _, c := range []struct {
		got, want float64
	}{{l[0][0], 0}, {l[0][255], 1}, {l[0][51], 0.2}, {l[1][0], -2}, {l[1][255], 2}, {UnitLevels(3)[2][255], 1}} {
		if c.got != c.want {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}
