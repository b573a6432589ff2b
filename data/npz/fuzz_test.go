package npz

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Whatever the bytes, Decode must not panic; what it accepts must survive a round trip.
func FuzzDecode(f *testing.F) {
	b, err := Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte{})
	f.Add(archive(f, entry{name: "a.npy", deflate: true, body: npy(dict("<i8", "True", "(2, 3)"), make([]byte, 48)...)}))
	f.Add(archive(f, entry{name: "a.npy", deflate: true, body: npy(dict(">f4", "False", "()"), 1, 2, 3, 4)}))
	f.Add(archive(f, entry{name: "o.npy", body: npy(dict("|O", "False", "(99999999, 99999999)"))}))
	f.Fuzz(func(t *testing.T, b []byte) {
		arrays, err := decode(b)
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok || arrays != nil {
				t.Fatalf("%v with %d arrays", err, len(arrays))
			}
			return
		}
		var named []Named
		for name, a := range arrays {
			named = append(named, Named{name, a})
		}
		again, err := Encode(named)
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(again)
		if err != nil || len(back) != len(arrays) {
			t.Fatalf("%d arrays of %d come back, %v", len(back), len(arrays), err)
		}
		for name, a := range arrays {
			if !same(a, back[name]) {
				t.Errorf("%s: %+v became %+v", name, a, back[name])
			}
		}
	})
}

// FuzzHeader gives the header parser what the checksum of an archive keeps from it.
func FuzzHeader(f *testing.F) {
	f.Add(dict("<f8", "False", "(3, 4)"))
	f.Add("{'descr': [('x', '<f8')], 'shape': (1L,)}")
	f.Add("{'descr': ")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseHeader(text)
		if err != nil {
			return
		}
		if _, err := parseDescr(h.descr); err != nil {
			return
		}
		again, err := parseHeader(dict(h.descr, map[bool]string{true: "True", false: "False"}[h.fortran],
			strings.NewReplacer("[", "(", "]", ")", " ", ",").Replace(fmt.Sprint(h.shape))))
		if err != nil || !slices.Equal(again.shape, h.shape) || again.fortran != h.fortran {
			t.Errorf("%q: %+v became %+v, %v", text, h, again, err)
		}
	})
}
