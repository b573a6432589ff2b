package data

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTurn(t *testing.T) {
	m := []uint8{
		1, 2, 3,
		4, 5, 6,
		7, 8, 9,
	}
	for times, want := range [][]uint8{
		m,
		{3, 6, 9, 2, 5, 8, 1, 4, 7}, // what was on the right is on top
		{9, 8, 7, 6, 5, 4, 3, 2, 1},
		{7, 4, 1, 8, 5, 2, 9, 6, 3},
	} {
		got := slices.Clone(m)
		turn(got, 3, times)
		if !slices.Equal(got, want) {
			t.Errorf("%d times: %v, want %v", times, got, want)
		}
		for range 4 - times {
			turn(got, 3, 1)
		}
		if times > 0 && !slices.Equal(got, m) {
			t.Errorf("%d times and back: %v", times, got)
		}
	}
	even := []uint8{1, 2, 3, 4}
	turn(even, 2, 1)
	if !slices.Equal(even, []uint8{2, 4, 1, 3}) {
		t.Error(even)
	}
}

// A turned class is in the split of its original, with its drawings turned.
func TestRotated(t *testing.T) {
	b := testBank(t, 3, 2, 1, 4)
	r, err := b.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	x, y := make([]uint8, 18), make([]uint8, 18)
	for _, split := range Splits() {
		n := b.Len(split)
		if r.Len(split) != 4*n {
			t.Fatalf("%v: %d classes of %d", split, r.Len(split), n)
		}
		for i := range 4 * n {
			original, _ := b.Class(split, i%n)
			got, err := r.Class(split, i)
			name, angle, _ := strings.Cut(got.Name, "@")
			if err != nil || got.Split != split || got.Drawings != 4 || name != original.Name || angle != []string{"", "90", "180", "270"}[i/n] {
				t.Errorf("%v %d: %+v of %+v, %v", split, i, got, original, err)
			}
			for d := range 4 {
				err1, err2 := b.Bytes(x, split, i%n, d), r.Bytes(y, split, i, d)
				turn(x[:9], 3, i/n)
				turn(x[9:], 3, i/n)
				if err1 != nil || err2 != nil || !slices.Equal(x, y) {
					t.Errorf("%v %d/%d: %v, want %v", split, i, d, y, x)
				}
			}
		}
	}
	flat, err := NewBank(BankSpec{Name: "b", Shape: [3]int{1, 2, 3}, Classes: []Class{{"x", Train, 2}}, Source: broken{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := flat.Rotated(); fmt.Sprint(err) != "rotations: [1 2 3], want square drawings, or no rotations" {
		t.Error(err)
	}
}
