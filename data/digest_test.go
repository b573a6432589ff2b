package data

import "testing"

// Everything that episodes depend on is in the digest.
func TestDigest(t *testing.T) {
	pixels := []uint8{1, 2, 3, 4}
	sound := func() BankSpec {
		return BankSpec{Name: "b", Shape: [3]int{1, 1, 1}, Classes: []Class{{"x", Train, 2}, {"y", HeldOut, 2}}}
	}
	digest := func(s BankSpec, pixels []uint8) [32]byte {
		t.Helper()
		var err error
		if s.Source, err = NewPixels(pixels, len(pixels)/4, s.Classes); err != nil {
			t.Fatal(err)
		}
		b, err := NewBank(s)
		if err != nil {
			t.Fatal(err)
		}
		d, err := b.Digest()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	want := digest(sound(), pixels)
	if digest(sound(), pixels) != want {
		t.Error("two digests of one bank")
	}
	seen := map[[32]byte]string{want: "sound"}
	for name, edit := range map[string]func(s *BankSpec, p *[]uint8){
		"name":     func(s *BankSpec, _ *[]uint8) { s.Name = "c" },
		"shape":    func(s *BankSpec, p *[]uint8) { s.Shape[2], *p = 2, make([]uint8, 8) },
		"levels":   func(s *BankSpec, _ *[]uint8) { s.Levels = NormalLevels([]float64{0.1}, []float64{1}) },
		"class":    func(s *BankSpec, _ *[]uint8) { s.Classes[0].Name = "z" },
		"split":    func(s *BankSpec, _ *[]uint8) { s.Classes[1].Split = Validation },
		"drawings": func(s *BankSpec, _ *[]uint8) { s.Classes[0].Drawings, s.Classes[1].Drawings = 1, 3 },
		"pixels":   func(_ *BankSpec, p *[]uint8) { *p = []uint8{1, 2, 3, 5} },
		"order":    func(s *BankSpec, _ *[]uint8) { s.Classes[0], s.Classes[1] = s.Classes[1], s.Classes[0] },
	} {
		s, p := sound(), pixels
		edit(&s, &p)
		d := digest(s, p)
		if other, ok := seen[d]; ok {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[d] = name
	}
}
