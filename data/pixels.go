package data

import (
	"fmt"

	"metaplast/data/fault"
)

var _ Source = (*Pixels)(nil)

// Pixels is a Source in memory: the drawings of all classes one behind the other, size bytes
// each.
type Pixels struct {
	data  []uint8
	size  int
	first []int // number of the first drawing of each class
}

// NewPixels returns the source whose drawing d of class k is
//
//	pixels[size·(D_0 + … + D_{k−1} + d) : … + size]    D_k = classes[k].Drawings
//
// It keeps pixels, which must not change afterwards, and fails with a *fault.Field if their number
// is not size·ΣD.
func NewPixels(pixels []uint8, size int, classes []Class) (*Pixels, error) {
	p := &Pixels{data: pixels, size: size, first: make([]int, len(classes)+1)}
	for k, c := range classes {
		p.first[k+1] = p.first[k] + c.Drawings
	}
	n := p.first[len(classes)]
	if size < 1 || len(pixels)%size != 0 || len(pixels)/size != n {
		return nil, &fault.Field{Path: "pixels", Value: len(pixels), Want: fmt.Sprintf("%d bytes for each of %d drawings", size, n)}
	}
	return p, nil
}

// Read implements Source.
func (p *Pixels) Read(dst []uint8, class, drawing int) error {
	if class < 0 || class >= len(p.first)-1 || drawing < 0 || drawing >= p.first[class+1]-p.first[class] {
		return fmt.Errorf("class %d, drawing %d: %w", class, drawing, ErrIndex)
	}
	i := p.first[class] + drawing
	copy(dst, p.data[i*p.size:(i+1)*p.size])
	return nil
}
