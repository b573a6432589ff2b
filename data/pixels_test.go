package data

import (
	"errors"
	"slices"
	"testing"
)

func TestPixels(t *testing.T) {
	classes := []Class{{"a", Train, 2}, {"b", Train, 1}, {"c", HeldOut, 3}}
	pixels := []uint8{0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51}
	p, err := NewPixels(pixels, 2, classes)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]uint8, 2)
	for i, at := range [][2]int{{0, 0}, {0, 1}, {1, 0}, {2, 0}, {2, 1}, {2, 2}} {
		if err := p.Read(got, at[0], at[1]); err != nil || !slices.Equal(got, pixels[2*i:2*i+2]) {
			t.Errorf("%v: %v, %v", at, got, err)
		}
	}
	for _, at := range [][2]int{{-1, 0}, {3, 0}, {0, 2}, {1, -1}} {
		if err := p.Read(got, at[0], at[1]); !errors.Is(err, ErrIndex) {
			t.Errorf("%v: %v", at, err)
		}
	}
	for _, c := range []struct{ n, size int }{{11, 2}, {14, 2}, {12, 3}, {12, 0}} {
		if _, err := NewPixels(make([]uint8, c.n), c.size, classes); err == nil {
			t.Errorf("%d bytes of size %d pass", c.n, c.size)
		}
	}
}
