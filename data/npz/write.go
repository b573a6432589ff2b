package npz

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"
)

// epoch is the earliest time a zip entry can have, and the one numpy.savez gives to all.
var epoch = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// Write writes the arrays to w in the order given, readable by numpy.load. The bytes depend
// on the arrays and their order alone.
//
// All arrays are checked before the first byte is written. Illegal are names used twice or
// refused by Decode, a Shape whose product is not the length of Data, and with Float32 a value
// that is not a float32: who wants it rounded rounds it, so that no precision is lost unseen.
// NaN and infinities are written as they are. The arrays are not modified.
func Write(w io.Writer, arrays []Named) error {
	if err := check(arrays); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, a := range arrays {
		if err := writeEntry(z, a); err != nil {
			return &Error{Array: a.Name, Err: err}
		}
	}
	if err := z.Close(); err != nil {
		return &Error{Err: err}
	}
	return nil
}

// Encode returns what Write writes.
func Encode(arrays []Named) ([]byte, error) {
	var b bytes.Buffer
	if err := Write(&b, arrays); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func check(arrays []Named) error {
	seen, total := make(map[string]bool, len(arrays)), 0
	for _, a := range arrays {
		fail := func(err error) error { return &Error{Array: a.Name, Err: err} }
		if err := checkName(a.Name); err != nil {
			return fail(err)
		}
		if seen[a.Name] {
			return fail(fmt.Errorf("%w: there are two of this name", ErrName))
		}
		seen[a.Name] = true
		n, err := elements(a.Shape)
		if err != nil {
			return fail(err)
		}
		if n != len(a.Data) {
			return fail(fmt.Errorf("%w: %v holds %d elements, there are %d", ErrShape, a.Shape, n, len(a.Data)))
		}
		if total += n; total > MaxElements {
			return fail(fmt.Errorf("%w: want at most %d elements in one archive", ErrSize, MaxElements))
		}
		if !a.Float32 {
			continue
		}
		for i, v := range a.Data {
			if _, err := narrow(v); err != nil {
				return fail(fmt.Errorf("element %d: %w", i, err))
			}
		}
	}
	return nil
}

func writeEntry(z *zip.Writer, a Named) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: a.Name + ".npy", Method: zip.Store, Modified: epoch})
	if err != nil {
		return err
	}
	descr := "<f8"
	if a.Float32 {
		descr = "<f4"
	}
	const chunk = 1 << 15
	buf := appendHeader(make([]byte, 0, chunk+256), descr, a.Shape)
	for i, v := range a.Data {
		if a.Float32 {
			bits, err := narrow(v)
			if err != nil {
				return fmt.Errorf("element %d: %w", i, err)
			}
			buf = binary.LittleEndian.AppendUint32(buf, bits)
		} else {
			buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(v))
		}
		if len(buf) >= chunk {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	_, err = w.Write(buf)
	return err
}
