package data

import (
	"encoding/hex"
	"fmt"
)

// Identity tells which data set episodes are drawn from, wherever it lies and however it is packed:
// two banks of one identity give the same episodes for the same seeds.
type Identity struct {
	Name     string `json:"name"`               // of the data set
	SHA256   string `json:"sha256"`             // of its content, in hexadecimal digits; the package that reads it says of what
	Classes  int    `json:"classes"`            // of all splits, without rotations
	Drawings int    `json:"drawings"`           // of all classes
	Archives string `json:"archives,omitempty"` // Official or Unknown; empty where there are none whose checksums are known
}

// Whether the archives of a data set are those that its authors publish. Others may have the same
// content.
const (
	Official = "official"
	Unknown  = "unknown"
)

// String is one line for people.
func (i Identity) String() string {
	return fmt.Sprintf("%s with %d classes and %d drawings, SHA-256 %.12s…", i.Name, i.Classes, i.Drawings, i.SHA256)
}

// Same reports whether two identities are those of one content. How it was packed is no part of it.
func (i Identity) Same(o Identity) bool { return i.Name == o.Name && i.SHA256 == o.SHA256 }

// Origin is what a bank was read from.
type Origin struct {
	Identity
	Dir   string // folder of the files
	Notes error  // what people should be told and is no failure, such as a cache that cannot be written; may be nil
}

// WithOrigin returns the same bank with what it was read from, which Rotated passes on.
func (b *Bank) WithOrigin(o Origin) *Bank {
	c := *b
	c.origin = &o
	return &c
}

// Origin is what the bank was read from; nil for one that was made.
func (b *Bank) Origin() *Origin { return b.origin }

// OriginOf is that of a sampler's bank; nil where it has none.
func OriginOf(s Sampler) *Origin {
	c, ok := s.(Classification)
	if !ok || c.Bank == nil {
		return nil
	}
	return c.Bank.Origin()
}

// Identify returns the identity of a bank by its Digest, for one whose drawings are in memory.
func (b *Bank) Identify() (Identity, error) {
	sum, err := b.Digest()
	if err != nil {
		return Identity{}, err
	}
	return b.Identified(sum[:]), nil
}

// Identified is the identity of a bank with a SHA-256 of its content.
func (b *Bank) Identified(sum []byte) Identity {
	i := Identity{Name: b.spec.Name, SHA256: hex.EncodeToString(sum), Classes: len(b.spec.Classes)}
	for _, n := range b.total {
		i.Drawings += n
	}
	return i
}
