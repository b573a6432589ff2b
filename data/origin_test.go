package data_test

import (
	"strings"
	"testing"

	"metaplast/data"
)

// blank is a source of empty drawings but for one byte.
type blank struct{ v uint8 }

func (s blank) Read(dst []uint8, class, drawing int) error {
	clear(dst)
	if class == 1 && drawing == 1 {
		dst[3] = s.v
	}
	return nil
}

func TestIdentity(t *testing.T) {
	spec := data.BankSpec{Name: "made", Shape: [3]int{1, 2, 2}, Source: blank{7},
		Classes: []data.Class{{Name: "a", Split: data.Train, Drawings: 2}, {Name: "b", Split: data.HeldOut, Drawings: 3}}}
	identify := func(s data.BankSpec) (*data.Bank, data.Identity) {
		t.Helper()
		b, err := data.NewBank(s)
		if err != nil {
			t.Fatal(err)
		}
		i, err := b.Identify()
		if err != nil {
			t.Fatal(err)
		}
		return b, i
	}
	b, id := identify(spec)
	if id.Name != "made" || id.Classes != 2 || id.Drawings != 5 || len(id.SHA256) != 64 || !strings.HasPrefix(id.String(), "made with 2 classes and 5 drawings, SHA-256 ") {
		t.Errorf("%+v: %s", id, id)
	}
	// Runs have identities in their records, which must stay what they are.
	if want := "4787894ff7ae4452449eca0534b93658e70a83798a1fbbec26c66bf1500a4f9a"; id.SHA256 != want {
		t.Errorf("SHA-256 %s, want %s", id.SHA256, want)
	}
	packed := id
	packed.Archives = data.Official
	if !id.Same(packed) {
		t.Error("how it is packed makes another data set")
	}
	spec.Source = blank{8}
	if _, other := identify(spec); other.Same(id) {
		t.Error("another pixel is the same data set")
	}
	spec.Source, spec.Classes[0].Name = blank{7}, "c"
	if _, other := identify(spec); other.Same(id) {
		t.Error("another name of a class is the same data set")
	}
	if b.Origin() != nil || data.OriginOf(data.Classification{Bank: b}) != nil || data.OriginOf(data.Sine{}) != nil || data.OriginOf(data.Classification{}) != nil {
		t.Error("what was not read has an origin")
	}
	r, err := b.WithOrigin(data.Origin{Identity: id, Dir: "there"}).Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if o := data.OriginOf(data.Classification{Bank: r}); o == nil || o.Identity != id || o.Dir != "there" {
		t.Errorf("a rotated bank has the origin %+v", o)
	}
}
