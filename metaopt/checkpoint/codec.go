package checkpoint

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"metaplast/data/npz"
	"metaplast/metaopt/optim"
)

const (
	stateName = "state.json"
	maxState  = 16 << 20 // bytes; a layout of a thousand segments has a hundredth of it
	sealText  = "sha256 of all bytes before: "
)

// epoch is the earliest time a zip entry can have, and the one numpy.savez gives to all.
var epoch = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// array names a part of a flat vector and its entry.
type array struct {
	entry string
	seg   optim.Segment
	v     *[]float64
}

// arrays lists what a checkpoint holds, in the order of the file.
func (c *Checkpoint) arrays() []array {
	var all []array
	for i := range c.Learners {
		l := &c.Learners[i]
		for _, s := range l.Layout {
			all = append(all, array{l.Name + "/" + s.Name, s, &l.Theta})
		}
		for k := range l.Optimizer.Vectors {
			m := &l.Optimizer.Vectors[k]
			for _, s := range l.Layout {
				if s.Learned {
					all = append(all, array{l.Name + "/" + m.Name + "/" + s.Name, s, &m.Values})
				}
			}
		}
	}
	return all
}

// encodeCheckpoint writes a valid c. The memory it needs is that of its largest array.
func encodeCheckpoint(w io.Writer, c *Checkpoint) error {
	seal := newSealer(w)
	z := zip.NewWriter(seal)
	doc, err := encodeState(c)
	if err != nil {
		return err
	}
	if len(doc) > maxState {
		return fmt.Errorf("%w: %s of %d bytes, want at most %d", optim.ErrLayout, stateName, len(doc), maxState)
	}
	e, err := z.CreateHeader(&zip.FileHeader{Name: stateName, Method: zip.Store, Modified: epoch})
	if err != nil {
		return err
	}
	if _, err := e.Write(doc); err != nil {
		return err
	}
	for _, a := range c.arrays() {
		if err := writeArray(z, a); err != nil {
			return err
		}
	}
	if err := z.SetComment(sealText + strings.Repeat("0", sealLen)); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return seal.close()
}

// writeArray adds an array to z by way of an archive of its own, since package npz, which
// knows the format of the entries, makes whole archives.
func writeArray(z *zip.Writer, a array) error {
	b, err := npz.Encode([]npz.Named{{
		Name:  a.entry,
		Array: npz.Array{Shape: a.seg.Shape, Data: (*a.v)[a.seg.Offset:a.seg.End()]},
	}})
	if err != nil {
		return err
	}
	one, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return err
	}
	return z.Copy(one.File[0])
}

// readArray is the way back: it fills the part of the vector that f is an entry for.
func readArray(f *zip.File, a array) error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if err := z.Copy(f); err != nil {
		return fmt.Errorf("%w: array %s: %w", ErrDamaged, a.entry, err)
	}
	if err := z.Close(); err != nil {
		return err
	}
	arrays, err := npz.Decode(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	got := arrays[a.entry]
	if !slices.Equal(got.Shape, a.seg.Shape) || len(got.Data) != a.seg.Size || got.Float32 {
		return fmt.Errorf("%w: array %s of shape %v, want %v in float64", ErrDamaged, a.entry, got.Shape, a.seg.Shape)
	}
	copy((*a.v)[a.seg.Offset:], got.Data)
	return nil
}

// decodeCheckpoint reads what encodeCheckpoint wrote. Errors wrap ErrDamaged, or ErrMismatch
// for another version of the format, or are the reader's. It never panics, also where someone
// has sealed nonsense, and allocates no more than size justifies.
func decodeCheckpoint(r io.ReaderAt, size int64) (*Checkpoint, error) {
	if err := checkSeal(r, size); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if len(z.File) == 0 || z.File[0].Name != stateName {
		return nil, fmt.Errorf("%w: the first entry is not %s", ErrDamaged, stateName)
	}
	doc, err := readState(z.File[0])
	if err != nil {
		return nil, err
	}
	c, err := decodeState(doc)
	if err != nil {
		return nil, err
	}
	// Vectors are made only where the entries that fill them are as large.
	all, files := c.arrays(), z.File[1:]
	if len(files) != len(all) {
		return nil, fmt.Errorf("%w: %d arrays, but %s tells of %d", ErrDamaged, len(files), stateName, len(all))
	}
	left := uint64(size)
	for i, a := range all {
		f := files[i]
		if f.Name != a.entry+".npy" {
			return nil, fmt.Errorf("%w: entry %q, want %s.npy", ErrDamaged, f.Name, a.entry)
		}
		if f.Method != zip.Store || f.CompressedSize64 > left || f.CompressedSize64 < 8*uint64(a.seg.Size) {
			return nil, fmt.Errorf("%w: array %s does not fit the file", ErrDamaged, a.entry)
		}
		left -= f.CompressedSize64
	}
	for i := range c.Learners {
		l := &c.Learners[i]
		n, err := optim.Size(l.Layout)
		if err != nil {
			return nil, err
		}
		l.Theta = make([]float64, n)
		for k := range l.Optimizer.Vectors {
			l.Optimizer.Vectors[k].Values = make([]float64, n)
		}
	}
	for i, a := range all {
		if err := readArray(files[i], a); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func readState(f *zip.File) ([]byte, error) {
	fail := func(err error) ([]byte, error) {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, stateName, err)
	}
	if f.UncompressedSize64 > maxState {
		return fail(fmt.Errorf("%d bytes, want at most %d", f.UncompressedSize64, maxState))
	}
	rc, err := f.Open()
	if err != nil {
		return fail(err)
	}
	defer rc.Close()
	b, err := io.ReadAll(io.LimitReader(rc, maxState+1))
	if err != nil {
		return fail(err)
	}
	return b, nil
}
