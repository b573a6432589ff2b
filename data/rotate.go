package data

import (
	"fmt"
	"slices"

	"metaplast/data/fault"
)

// Rotated returns a bank with four times the classes: those of b, then all of them turned
// counter-clockwise by 90°, by 180° and by 270°, each a class of its own whose name ends in
// "@90", "@180" or "@270". A turned class is of the split of the class it comes from, or a
// meta-test class could be a meta-training class seen from the side.
//
// Within a split of n classes, class r·n + i is class i turned r times. Drawings are turned when
// they are read and take no memory. It fails with a *fault.Field where drawings are not square.
//
// Source: Santoro et al., ICML 2016, section 4.1, and most work on Omniglot since.
func (b *Bank) Rotated() (*Bank, error) {
	s := b.spec
	if s.Shape[1] != s.Shape[2] {
		return nil, &fault.Field{Path: "rotations", Value: s.Shape, Want: "square drawings, or no rotations"}
	}
	n := len(s.Classes)
	all := make([]Class, 0, 4*n)
	for turns := range 4 {
		for _, c := range s.Classes {
			if turns > 0 {
				c.Name = fmt.Sprintf("%s@%d", c.Name, 90*turns)
			}
			all = append(all, c)
		}
	}
	s.Classes, s.Source = all, rotations{from: b.spec.Source, classes: n, shape: s.Shape}
	r, err := NewBank(s)
	if err != nil {
		return nil, err
	}
	r.origin = b.origin
	return r, nil
}

// rotations is the source of a bank's classes in four positions.
type rotations struct {
	from    Source
	classes int
	shape   [3]int
}

// Read implements Source.
func (r rotations) Read(dst []uint8, class, drawing int) error {
	if err := r.from.Read(dst, class%r.classes, drawing); err != nil {
		return err
	}
	n := r.shape[1]
	for c := range r.shape[0] {
		turn(dst[c*n*n:(c+1)*n*n], n, class/r.classes)
	}
	return nil
}

// turn turns an image [n,n] counter-clockwise by 90° so many times, in place.
func turn(m []uint8, n, times int) {
	switch times {
	case 1:
		transpose(m, n)
		flip(m, n)
	case 2:
		slices.Reverse(m)
	case 3:
		flip(m, n)
		transpose(m, n)
	}
}

// transpose exchanges rows and columns.
func transpose(m []uint8, n int) {
	for y := range n {
		for x := range y {
			m[y*n+x], m[x*n+y] = m[x*n+y], m[y*n+x]
		}
	}
}

// flip puts the last row first.
func flip(m []uint8, n int) {
	for y := range n / 2 {
		a, b := m[y*n:(y+1)*n], m[(n-1-y)*n:(n-y)*n]
		for x := range a {
			a[x], b[x] = b[x], a[x]
		}
	}
}
