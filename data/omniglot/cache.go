package omniglot

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"metaplast/data/regular"
)

// The format of a cache:
//
//	magic     its last digit is the version of format and scaling
//	uint32    length of the header, little-endian
//	header    JSON
//	pixels    Size² bytes for each drawing, in the order of the header's classes
//	[32]byte  SHA-256 of all that
const (
	magic     = "metaplast omniglot cache 1\n"
	maxHeader = 16 << 20
)

// header says what pixels are of.
type header struct {
	Size       int          `json:"size"`       // pixels each way
	Background string       `json:"background"` // SHA-256 of the archive
	Evaluation string       `json:"evaluation"`
	Classes    []cacheClass `json:"classes"`
}

// cacheClass is a character: those of the background set first.
type cacheClass struct {
	Name       string `json:"name"`
	Evaluation bool   `json:"evaluation,omitempty"`
	Drawings   int    `json:"drawings"`
}

// file is the cache's name in its folder; archives and size have one of their own.
func (h header) file(dir string) string {
	key := sha256.Sum256([]byte(magic + h.Background + h.Evaluation))
	return filepath.Join(dir, fmt.Sprintf("drawings-%d-%x.cache", h.Size, key[:8]))
}

// bytes is the number of pixels, or −1 where there are too many.
func (h header) bytes() int {
	n := 0
	for _, c := range h.Classes {
		if c.Drawings < 1 || c.Drawings > maxEntries || n > maxBytes {
			return -1
		}
		n += c.Drawings * h.Size * h.Size
	}
	if n > maxBytes {
		return -1
	}
	return n
}

// writeCache writes a cache under its final name, all of it or nothing.
func writeCache(path string, h header, pixels []uint8) error {
	raw, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer func() { _ = f.Cleanup() }() // of a failed write; does nothing after the replacing
	sum := sha256.New()
	w := io.MultiWriter(f, sum)
	for _, part := range [][]byte{[]byte(magic), binary.LittleEndian.AppendUint32(nil, uint32(len(raw))), raw, pixels} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	if _, err := f.Write(sum.Sum(nil)); err != nil {
		return err
	}
	return f.CloseAtomicallyReplace()
}

// readCache reads a cache of archives and size as in want, whose classes it fills in. A cache that
// is not there gives os.ErrNotExist; one that is not what was written gives ErrCache.
func readCache(path string, want header) (header, []uint8, error) {
	corrupt := func(format string, args ...any) (header, []uint8, error) {
		return header{}, nil, fmt.Errorf("%w: %s", ErrCache, fmt.Sprintf(format, args...))
	}
	f, fileSize, err := regular.Open(path)
	if err != nil {
		return header{}, nil, err
	}
	defer f.Close()
	sum := sha256.New()
	start := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(f, start); err != nil {
		return corrupt("%v", err)
	}
	if !bytes.HasPrefix(start, []byte(magic)) {
		return corrupt("it does not begin with %q", magic)
	}
	n := binary.LittleEndian.Uint32(start[len(magic):])
	if n > maxHeader || int64(n) > fileSize {
		return corrupt("a header of %d bytes", n)
	}
	raw := make([]byte, n)
	if _, err := io.ReadFull(f, raw); err != nil {
		return corrupt("%v", err)
	}
	var h header
	if err := json.Unmarshal(raw, &h); err != nil {
		return corrupt("%v", err)
	}
	if h.Size != want.Size || h.Background != want.Background || h.Evaluation != want.Evaluation {
		return corrupt("it is of other archives or of another size")
	}
	size := h.bytes()
	if total := int64(len(start)) + int64(n) + int64(size) + sha256.Size; size < 1 || fileSize != total {
		return corrupt("%d bytes, want %d", fileSize, total)
	}
	pixels, end := make([]uint8, size), make([]byte, sha256.Size)
	if _, err := io.ReadFull(f, pixels); err != nil {
		return corrupt("%v", err)
	}
	if _, err := io.ReadFull(f, end); err != nil {
		return corrupt("%v", err)
	}
	sum.Write(start)
	sum.Write(raw)
	sum.Write(pixels)
	if !bytes.Equal(sum.Sum(nil), end) {
		return corrupt("wrong checksum")
	}
	return h, pixels, nil
}

// absent tells whether there simply is no cache yet.
func absent(err error) bool { return errors.Is(err, os.ErrNotExist) }
