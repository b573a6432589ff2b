package npz

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"metaplast/data/regular"
)

// maxDeflate is the most bytes that deflate can make of one (258 bytes from 2 bits).
const maxDeflate = 1032

// An archive may unpack to manyElements, or to elementsPerByte for each of its bytes where that is
// more: 64 MiB of float64, or 64 times the archive. Arrays of weights and data come nowhere near it.
const (
	manyElements    = 8 << 20
	elementsPerByte = 8
)

// unpacked is the most elements that an archive of the given size may have.
func unpacked(size int64) int {
	return int(min(MaxElements, max(manyElements, min(size, MaxElements)*elementsPerByte)))
}

// Read reads all arrays of the archive at path, a regular file. See Decode.
func Read(path string) (map[string]Array, error) {
	f, size, err := regular.Open(path)
	if errors.Is(err, regular.ErrKind) {
		return nil, &Error{Path: path, Err: fmt.Errorf("%w: %w", ErrFormat, pathless(err))}
	}
	if err != nil {
		return nil, &Error{Path: path, Err: pathless(err)}
	}
	defer f.Close()
	arrays, err := Decode(f, size)
	if e, ok := errors.AsType[*Error](err); ok {
		e.Path = path
	}
	return arrays, err
}

// pathless takes the path out of an error that *Error will give it again.
func pathless(err error) error {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err
	}
	return err
}

// Decode reads all arrays of an archive of the given size in bytes, by name without ".npy".
//
// Element types: float32, float64, signed and unsigned integers and bool (0 and 1), of either
// byte order. Integers of 64 bits must lie within ±2⁵³, where float64 is exact. Arrays in
// Fortran order are transposed to C order. Entries that are not .npy files, and everything
// else that is not expected, are errors; nothing is skipped.
//
// It reads one array after the other and needs little memory beyond the result, which is bounded by
// the archive's size: an archive that unpacks to more than 64 MiB and to more than 64 times its own
// size is refused with ErrSize before anything of that size is made.
func Decode(r io.ReaderAt, size int64) (map[string]Array, error) {
	z, err := zip.NewReader(whole{r, size}, size)
	if err != nil {
		return nil, &Error{Err: fmt.Errorf("%w: %w", ErrFormat, err)}
	}
	arrays := make(map[string]Array, len(z.File))
	room, left := unpacked(size), uint64(size)
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			return nil, &Error{Err: fmt.Errorf("%w: entry %q, want only .npy entries", ErrFormat, f.Name)}
		}
		if err := checkName(name); err != nil {
			return nil, &Error{Err: err}
		}
		if _, ok := arrays[name]; ok {
			return nil, &Error{Array: name, Err: fmt.Errorf("%w: there are two of this name", ErrName)}
		}
		if f.CompressedSize64 > left {
			return nil, &Error{Array: name, Err: fmt.Errorf("%w: the entries claim more bytes than the archive has", ErrFormat)}
		}
		left -= f.CompressedSize64
		a, err := readEntry(f, room, size)
		if err != nil {
			return nil, &Error{Array: name, Err: err}
		}
		room -= len(a.Data)
		arrays[name] = a
	}
	return arrays, nil
}

// whole is a ReaderAt that is truly size bytes long: where r ends before, as a file does that
// is cut while it is read, the error is not io.EOF. archive/zip takes an io.EOF in the
// directory for the end of a small archive, and may find an empty one.
type whole struct {
	r    io.ReaderAt
	size int64
}

func (w whole) ReadAt(p []byte, off int64) (int, error) {
	n, err := w.r.ReadAt(p, off)
	if err == io.EOF && off+int64(n) < w.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// readEntry reads one array of at most room elements, of an archive of the given size.
func readEntry(f *zip.File, room int, size int64) (Array, error) {
	// Both sizes are only claims, but no true pair of them fails here. CompressedSize64 is at
	// most the size of the archive, so the product cannot overflow.
	if f.Method == zip.Store && f.UncompressedSize64 != f.CompressedSize64 ||
		f.UncompressedSize64/maxDeflate > f.CompressedSize64 {
		return Array{}, fmt.Errorf("%w: %d bytes cannot unpack to %d", ErrFormat, f.CompressedSize64, f.UncompressedSize64)
	}
	rc, err := f.Open()
	if err != nil {
		return Array{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	defer rc.Close()

	h, headerLen, err := readHeader(rc)
	if err != nil {
		return Array{}, err
	}
	typ, err := parseDescr(h.descr)
	if err != nil {
		return Array{}, err
	}
	n, err := elements(h.shape)
	if err != nil {
		return Array{}, err
	}
	want := uint64(headerLen) + uint64(n)*uint64(typ.size)
	if f.UncompressedSize64 != want {
		return Array{}, fmt.Errorf("%w: shape %v of %s needs an entry of %d bytes, this has %d",
			ErrFormat, h.shape, h.descr, want, f.UncompressedSize64)
	}
	if n > room {
		return Array{}, fmt.Errorf("%w: shape %v, want at most %d elements in one archive of %d bytes; numpy.savez stores without packing", ErrSize, h.shape, unpacked(size), size)
	}
	// A stored array gets all its memory at once, for its bytes are there. A deflated one
	// starts with a modest multiple of what is there and grows as the data come.
	start := uint64(n)
	if f.Method != zip.Store {
		start = min(start, 16*f.CompressedSize64)
	}
	data, err := readData(rc, typ, n, make([]float64, 0, start))
	if err != nil {
		return Array{}, err
	}
	// The checksum is compared when the reader reaches its end.
	var one [1]byte
	if _, err := io.ReadFull(rc, one[:]); err == nil {
		return Array{}, fmt.Errorf("%w: data go on after the array", ErrFormat)
	} else if err != io.EOF {
		return Array{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if h.fortran && len(h.shape) > 1 {
		data = fromFortran(data, h.shape)
	}
	return Array{Shape: h.shape, Data: data, Float32: typ.float32}, nil
}

// readData appends n elements to data.
func readData(r io.Reader, typ elemType, n int, data []float64) ([]float64, error) {
	var buf [1 << 15]byte // a multiple of every element size
	for rest := int64(n) * int64(typ.size); rest > 0; {
		b := buf[:min(rest, int64(len(buf)))]
		if _, err := io.ReadFull(r, b); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, fmt.Errorf("%w: after %d of %d elements: %w", ErrFormat, len(data), n, err)
		}
		rest -= int64(len(b))
		for ; len(b) > 0; b = b[typ.size:] {
			v, err := typ.get(b[:typ.size])
			if err != nil {
				return nil, fmt.Errorf("element %d: %w", len(data), err)
			}
			data = append(data, v)
		}
	}
	return data, nil
}

// fromFortran returns data, stored with the first index fastest, in C order.
func fromFortran(data []float64, shape []int) []float64 {
	out := make([]float64, len(data))
	stride := make([]int, len(shape)) // of the source
	for k, s := 0, 1; k < len(shape); k++ {
		stride[k] = s
		s *= shape[k]
	}
	index, from := make([]int, len(shape)), 0
	for to := range out {
		out[to] = data[from]
		for k := len(shape) - 1; k >= 0; k-- {
			index[k]++
			from += stride[k]
			if index[k] < shape[k] {
				break
			}
			index[k] = 0
			from -= stride[k] * shape[k]
		}
	}
	return out
}
