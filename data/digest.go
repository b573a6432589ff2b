package data

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
)

// Digest returns a SHA-256 over everything that episodes depend on: the bank's name, its shape and
// levels, and name, split and drawings of every class in order. Two banks with one digest give
// the same episodes for the same seeds. It reads every drawing, which for a lazily decoded bank
// takes minutes.
func (b *Bank) Digest() ([sha256.Size]byte, error) {
	h := sha256.New()
	text(h, b.spec.Name)
	for _, n := range b.spec.Shape {
		number(h, uint64(n))
	}
	for _, table := range b.spec.Levels {
		for _, v := range table {
			number(h, math.Float64bits(v))
		}
	}
	buf := make([]uint8, b.size())
	for k, c := range b.spec.Classes {
		text(h, c.Name)
		number(h, uint64(c.Split))
		number(h, uint64(c.Drawings))
		for d := range c.Drawings {
			if err := b.spec.Source.Read(buf, k, d); err != nil {
				return [sha256.Size]byte{}, &ClassError{Bank: b.spec.Name, Class: c.Name, Drawing: d, Err: err}
			}
			h.Write(buf)
		}
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// number and text write so that no two sequences of them are the same bytes.
func number(h hash.Hash, v uint64) {
	h.Write(binary.LittleEndian.AppendUint64(nil, v))
}

func text(h hash.Hash, s string) {
	number(h, uint64(len(s)))
	h.Write([]byte(s))
}
