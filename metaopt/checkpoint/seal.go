package checkpoint

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// A sealed file ends in the SHA-256 of all bytes before, in 64 hexadecimal digits. Any flipped
// bit and any cut is found before the first byte is interpreted. In a zip archive the digits
// are the end of the archive's comment, so that it stays an archive for every other reader.
const sealLen = 2 * sha256.Size

// sealer passes on and hashes all that is written to it but the last sealLen bytes, which
// close puts the seal in place of.
type sealer struct {
	w    io.Writer
	hash hash.Hash
	held []byte
}

func newSealer(w io.Writer) *sealer { return &sealer{w: w, hash: sha256.New()} }

func (s *sealer) Write(p []byte) (int, error) {
	s.held = append(s.held, p...)
	n := len(s.held) - sealLen
	if n <= 0 {
		return len(p), nil
	}
	s.hash.Write(s.held[:n])
	if _, err := s.w.Write(s.held[:n]); err != nil {
		return 0, err
	}
	s.held = s.held[:copy(s.held, s.held[n:])]
	return len(p), nil
}

// close writes the seal. It does not close the writer underneath.
func (s *sealer) close() error {
	if len(s.held) != sealLen {
		return fmt.Errorf("%d bytes written, want room for the seal of %d", len(s.held), sealLen)
	}
	_, err := s.w.Write(hex.AppendEncode(nil, s.hash.Sum(nil)))
	return err
}

// checkSeal reads all of r, size bytes long, and compares the seal. The error wraps ErrDamaged
// or is the reader's.
func checkSeal(r io.ReaderAt, size int64) error {
	if size <= sealLen {
		return fmt.Errorf("%w: %d bytes are too few for a checkpoint", ErrDamaged, size)
	}
	h := sha256.New()
	n, err := io.Copy(h, io.NewSectionReader(r, 0, size-sealLen))
	if err != nil {
		return err
	}
	var seal [sealLen]byte
	if _, err := r.ReadAt(seal[:], size-sealLen); n != size-sealLen || err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: it became shorter while it was read", ErrDamaged)
	}
	if hex.EncodeToString(h.Sum(nil)) != string(seal[:]) {
		return fmt.Errorf("%w: the checksum at the end does not match; it was cut short or altered", ErrDamaged)
	}
	return nil
}
