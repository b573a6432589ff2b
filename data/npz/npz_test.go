package npz

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const golden = "../../testdata/golden"

// entry is one file of a handmade archive.
type entry struct {
	name    string
	deflate bool
	body    []byte
}

func archive(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Store}
		if e.deflate {
			h.Method = zip.Deflate
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// npy makes a .npy file of version 1.0 from the text of its header.
func npy(head string, data ...byte) []byte {
	b := append([]byte(magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(head)))
	return append(append(b, head...), data...)
}

func dict(descr, fortran, shape string) string {
	return fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n", descr, fortran, shape)
}

func decode(b []byte) (map[string]Array, error) {
	return Decode(bytes.NewReader(b), int64(len(b)))
}

// bitsOf makes arrays comparable with NaN payloads and signs of zero.
func bitsOf(a Array) []uint64 {
	bits := make([]uint64, len(a.Data))
	for i, v := range a.Data {
		bits[i] = math.Float64bits(v)
	}
	return bits
}

func same(a, b Array) bool {
	return slices.Equal(a.Shape, b.Shape) && slices.Equal(bitsOf(a), bitsOf(b)) && a.Float32 == b.Float32
}

func sample() []Named {
	sNaN := math.Float64frombits(0x7ff0000000000123)
	return []Named{
		{"W0", Array{Shape: []int{2, 3}, Data: []float64{1, -2, math.Pi, math.Inf(1), math.NaN(), math.Copysign(0, -1)}}},
		{"a/b", Array{Shape: []int{3}, Data: []float64{0.5, math.Inf(-1), widen(0xffc12345)}, Float32: true}},
		{"payloads", Array{Shape: []int{4}, Data: []float64{widen(0x7f800001), widen(0x7fc00000), widen(1), math.MaxFloat32}, Float32: true}},
		{"signalling", Array{Shape: []int{1}, Data: []float64{sNaN}}},
		{"scalar", Array{Shape: []int{}, Data: []float64{42}}},
		{"empty", Array{Shape: []int{0, 7}, Data: []float64{}}},
	}
}

func TestRoundTrip(t *testing.T) {
	in := sample()
	b, err := Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := Encode(sample()); !bytes.Equal(b, again) {
		t.Error("two writes of the same arrays differ")
	}
	out, err := decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != len(in) {
		t.Errorf("%d arrays, want %d", len(out), len(in))
	}
	for _, a := range in {
		if !same(out[a.Name], a.Array) {
			t.Errorf("%s: got %+v, want %+v", a.Name, out[a.Name], a.Array)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range z.File {
		if f.Name != in[i].Name+".npy" {
			t.Errorf("entry %d is %s, want the order of writing", i, f.Name)
		}
		if !f.Modified.Equal(epoch) {
			t.Errorf("%s is dated %v", f.Name, f.Modified)
		}
	}
	for i, a := range sample() {
		if !same(a.Array, in[i].Array) {
			t.Errorf("%s was modified by writing", a.Name)
		}
	}
}

// Every float32 NaN and a number of each magnitude must keep its bits.
func TestFloat32Bits(t *testing.T) {
	for i := uint64(0); i < 1<<32; i += 65_519 { // a prime, so that all low bits occur
		bits := uint32(i)
		got, err := narrow(widen(bits))
		if err != nil || got != bits {
			t.Fatalf("%#x became %#x, %v", bits, got, err)
		}
	}
}

// The .npy entries of the golden cases were written by NumPy: what we write for the same
// arrays must be the same bytes.
func TestGoldenBytes(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(golden, "*", "*.npz"))
	if err != nil || len(paths) < 16 {
		t.Fatalf("%d golden archives, %v", len(paths), err)
	}
	for _, path := range paths {
		arrays, err := Read(path)
		if err != nil {
			t.Error(err)
			continue
		}
		theirs, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range theirs.File {
			name := strings.TrimSuffix(f.Name, ".npy")
			b, err := Encode([]Named{{name, arrays[name]}})
			if err != nil {
				t.Fatal(err)
			}
			ours, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(unpack(t, ours.File[0]), unpack(t, f)) {
				t.Errorf("%s: %s differs from NumPy's bytes", path, name)
			}
		}
		theirs.Close()
	}
}

func unpack(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGoldenShapes(t *testing.T) {
	arrays, err := Read(filepath.Join(golden, "reg-oja-error-synapse", "inputs.npz"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]int{
		"W0": {16, 11}, "b0": {16}, "B1": {12, 1}, "beta2": {1}, "alpha2": {1, 12},
		"x_support": {6, 4, 11}, "y_query": {10, 1},
	} {
		if a := arrays[name]; !slices.Equal(a.Shape, want) || a.Float32 {
			t.Errorf("%s: shape %v, float32 %v; want %v of float64", name, a.Shape, a.Float32, want)
		}
	}
}

func TestElementTypes(t *testing.T) {
	for _, c := range []struct {
		descr string
		data  []byte
		want  []float64
	}{
		{"<f8", []byte{0, 0, 0, 0, 0, 0, 0xf8, 0x3f}, []float64{1.5}},
		{">f8", []byte{0x3f, 0xf8, 0, 0, 0, 0, 0, 0}, []float64{1.5}},
		{"<f4", []byte{0, 0, 0xc0, 0x3f}, []float64{1.5}},
		{">f4", []byte{0x3f, 0xc0, 0, 0}, []float64{1.5}},
		{"|i1", []byte{0xff, 2}, []float64{-1, 2}},
		{"|u1", []byte{0xff, 2}, []float64{255, 2}},
		{"<i2", []byte{0xfe, 0xff}, []float64{-2}},
		{">u2", []byte{1, 0}, []float64{256}},
		{"<i4", []byte{0xfd, 0xff, 0xff, 0xff}, []float64{-3}},
		{"<u4", []byte{0xff, 0xff, 0xff, 0xff}, []float64{1<<32 - 1}},
		{"<i8", []byte{0, 0, 0, 0, 0, 0, 0x20, 0}, []float64{1 << 53}},
		{"<i8", []byte{0, 0, 0, 0, 0, 0, 0xe0, 0xff}, []float64{-1 << 53}},
		{">u8", []byte{0, 0, 0, 0, 0, 0, 1, 1}, []float64{257}},
		{"|b1", []byte{1, 0, 1}, []float64{1, 0, 1}},
	} {
		n := fmt.Sprintf("(%d,)", len(c.want))
		got, err := decode(archive(t, entry{name: "a.npy", deflate: true, body: npy(dict(c.descr, "False", n), c.data...)}))
		want := map[string]Array{"a": {Shape: []int{len(c.want)}, Data: c.want, Float32: c.descr[1:] == "f4"}}
		if err != nil {
			t.Errorf("%s: %v", c.descr, err)
		} else if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.descr, d)
		}
	}
}

func TestFortranOrder(t *testing.T) {
	// Element [i,j,k] of a 2×3×4 array is 100i+10j+k, with i fastest in the file.
	var data []byte
	var want []float64
	for k := range 4 {
		for j := range 3 {
			for i := range 2 {
				data = append(data, byte(100*i+10*j+k))
			}
		}
	}
	for i := range 2 {
		for j := range 3 {
			for k := range 4 {
				want = append(want, float64(100*i+10*j+k))
			}
		}
	}
	got, err := decode(archive(t, entry{name: "a.npy", body: npy(dict("|u1", "True", "(2, 3, 4)"), data...)},
		entry{name: "none.npy", body: npy(dict("<f8", "True", "(3, 0)"))}))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got["a"].Data); d != "" {
		t.Error(d)
	}
	if len(got["none"].Data) != 0 {
		t.Error("an empty array has elements")
	}
}

func TestHeaderVariants(t *testing.T) {
	v2 := append([]byte(magic), 2, 0)
	head := dict("|u1", "False", "(1,)")
	v2 = binary.LittleEndian.AppendUint32(v2, uint32(len(head)))
	v2 = append(append(v2, head...), 7)
	for name, body := range map[string][]byte{
		"version 2":  v2,
		"order":      npy(`{"shape":(1,),"fortran_order":False,"descr":"|u1"}`, 7),
		"python 2":   npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1L,), }", 7),
		"two values": npy("{'descr': '|u1', 'fortran_order': False, 'shape': ( 1 , 1 ) }   \n", 7),
	} {
		got, err := decode(archive(t, entry{name: "a.npy", body: body}))
		if err != nil || len(got["a"].Data) != 1 || got["a"].Data[0] != 7 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := npy(dict("<f8", "False", "(1,)"), make([]byte, 8)...)
	one := func(body []byte) []byte { return archive(t, entry{name: "a.npy", body: body}) }
	head := func(descr, shape string) []byte { return one(npy(dict(descr, "False", shape), make([]byte, 8)...)) }
	for _, c := range []struct {
		name string
		zip  []byte
		kind error
		says string
	}{
		{"no zip", []byte("hello"), ErrFormat, "zip"},
		{"nothing", nil, ErrFormat, "zip"},
		{"no npy suffix", archive(t, entry{name: "state.json", body: []byte("{}")}), ErrFormat, `"state.json"`},
		{"no npy content", one([]byte("{\"a\": 1, \"b\": 2}")), ErrFormat, "magic"},
		{"empty entry", one(nil), ErrFormat, "array a"},
		{"twice", archive(t, entry{name: "a.npy", body: good}, entry{name: "a.npy", body: good}), ErrName, "two of this name"},
		{"path", archive(t, entry{name: "../a.npy", body: good}), ErrName, "../a"},
		{"no name", archive(t, entry{name: ".npy", body: good}), ErrName, "relative path"},
		{"version", one(append([]byte(magic), 9, 0, 0, 0)), ErrFormat, "version 9.0"},
		{"huge header", one(append([]byte(magic), 2, 0, 255, 255, 255, 255)), ErrFormat, "at most 65536"},
		{"no newline", one(npy("")), ErrFormat, "want '{'"},
		{"no keys", one(npy("{}")), ErrFormat, `no key "descr"`},
		{"open", one(npy("{'descr': '<f8', 'shape': (1,), 'fortran_order': False")), ErrFormat, "want ','"},
		{"double key", one(npy("{'descr': '<f8', 'descr': '<f8'}")), ErrFormat, "twice"},
		{"extra key", one(npy("{'colour': '<f8'}")), ErrFormat, "colour"},
		{"order word", one(npy(dict("<f8", "Maybe", "(1,)"), make([]byte, 8)...)), ErrFormat, "True or False"},
		{"tail", one(npy("{'descr': '<f8', 'shape': (1,), 'fortran_order': False} x")), ErrFormat, "after the dictionary"},
		{"objects", head("|O", "(1,)"), ErrType, "objects"},
		{"strings", head("<U2", "(1,)"), ErrType, "strings"},
		{"bytes", head("|S8", "(1,)"), ErrType, "want float32, float64"},
		{"complex", head("<c8", "(1,)"), ErrType, "complex"},
		{"half", head("<f2", "(4,)"), ErrType, "another width"},
		{"times", head("<M8[ns]", "(1,)"), ErrType, "times"},
		{"orderless", head("f8", "(1,)"), ErrType, "byte order"},
		{"orderless bar", head("|f8", "(1,)"), ErrType, "byte order"},
		{"typeless", head("", "(1,)"), ErrType, "type string"},
		{"structure", one(npy("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }", make([]byte, 8)...)), ErrType, "structured"},
		{"large i8", one(npy(dict("<i8", "False", "(2,)"), append(make([]byte, 8), 1, 0, 0, 0, 0, 0, 0x20, 0)...)), ErrValue, "element 1: value not exactly representable: 9007199254740993"},
		{"small i8", one(npy(dict("<i8", "False", "(1,)"), 0, 0, 0, 0, 0, 0, 0, 0x80)), ErrValue, "-9223372036854775808"},
		{"large u8", one(npy(dict("<u8", "False", "(1,)"), 255, 255, 255, 255, 255, 255, 255, 255)), ErrValue, "18446744073709551615"},
		{"bool", one(npy(dict("|b1", "False", "(1,)"), 2)), ErrFormat, "0 or 1"},
		{"negative", head("<f8", "(-1,)"), ErrFormat, "extent"},
		{"extent", head("<f8", "(99999999999999999999,)"), ErrFormat, "out of range"},
		{"huge", head("<f8", "(1000000000000,)"), ErrSize, "at most 536870912"},
		{"overflow", head("<f8", "(4294967296, 4294967296)"), ErrSize, "at most"},
		{"empty overflow", head("<f8", "(0, 4294967296, 4294967296)"), ErrSize, "at most"},
		{"large", head("<f8", "(500000000,)"), ErrFormat, "needs an entry of 4000000"},
		{"too long", head("<f4", "(1,)"), ErrFormat, "needs an entry of"},
		{"too short", head("<f8", "(2,)"), ErrFormat, "needs an entry of"},
		{"dimensions", head("<f8", "("+strings.Repeat("1,", 65)+")"), ErrShape, "65 dimensions"},
	} {
		got, err := decode(c.zip)
		if !errors.Is(err, c.kind) || got != nil {
			t.Errorf("%s: got %v, %v; want %v", c.name, got, err, c.kind)
			continue
		}
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q does not say %q", c.name, err, c.says)
		}
		for _, other := range []error{ErrFormat, ErrType, ErrValue, ErrShape, ErrSize, ErrName} {
			if other != c.kind && errors.Is(err, other) {
				t.Errorf("%s: %v is also %v", c.name, err, other)
			}
		}
	}
}

// The central directory says how large an entry is; lies must be found out cheaply.
func TestSizeLies(t *testing.T) {
	body := npy(dict("<f8", "False", "(64,)"), make([]byte, 512)...)
	edit := func(deflate bool, offset int, value uint32) []byte {
		b := archive(t, entry{name: "a.npy", deflate: deflate, body: body})
		dir := bytes.LastIndex(b, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(b[dir+offset:], value)
		return b
	}
	const crc, packed, unpacked = 16, 20, 24
	for name, b := range map[string][]byte{
		"checksum":       edit(false, crc, 1),
		"checksum of 0":  edit(false, crc, 0),
		"packed":         edit(false, packed, 1<<31),
		"unpacked":       edit(false, unpacked, 1<<31),
		"bomb":           edit(true, unpacked, 1<<31),
		"one byte more":  edit(true, unpacked, uint32(len(body)+1)),
		"one byte less":  edit(true, unpacked, uint32(len(body)-1)),
		"one block less": edit(true, unpacked, uint32(len(body)-8)),
	} {
		if _, err := decode(b); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}

	// A true size claim with a shape to match, but a stream that ends early.
	lie := npy(dict("<f8", "False", "(12345,)"), make([]byte, 512)...)
	b := archive(t, entry{name: "a.npy", deflate: true, body: lie})
	dir := bytes.LastIndex(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(b[dir+unpacked:], uint32(len(lie)-512+12345*8))
	if _, err := decode(b); !errors.Is(err, ErrFormat) {
		t.Error(err)
	}
	b = archive(t, entry{name: "a.npy", deflate: true, body: body}, entry{name: "b.npy", deflate: true, body: body})
	dir = bytes.LastIndex(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(b[dir+packed:], uint32(len(b)-30))
	if _, err := decode(b); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "array b") {
		t.Error("overlapping entries:", err)
	}
}

func TestTruncation(t *testing.T) {
	stored, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	deflated := archive(t, entry{name: "a.npy", deflate: true, body: npy(dict("<f8", "False", "(9,)"), make([]byte, 72)...)})
	for _, b := range [][]byte{stored, deflated} {
		for n := range b {
			if got, err := decode(b[:n:n]); err == nil || got != nil {
				t.Fatalf("the first %d of %d bytes give %d arrays", n, len(b), len(got))
			}
			// A directory that promises more than the reader gives.
			if _, err := Decode(bytes.NewReader(b[:n]), int64(len(b))); err == nil {
				t.Fatalf("a reader that stops at %d of %d bytes gives no error", n, len(b))
			}
		}
	}
	// A .npy cut short inside an archive that is whole.
	body := npy(dict("<f8", "False", "(2, 2)"), make([]byte, 32)...)
	for n := range body {
		if _, err := decode(archive(t, entry{name: "a.npy", body: body[:n]})); err == nil {
			t.Fatalf("the first %d of %d bytes of an entry give no error", n, len(body))
		}
	}
}

// A changed byte of the data is found by the checksum.
func TestCorruption(t *testing.T) {
	b, err := Encode([]Named{{"a", Array{Shape: []int{8}, Data: make([]float64, 8)}}})
	if err != nil {
		t.Fatal(err)
	}
	start := bytes.Index(b, []byte(magic))
	for i := start; i < start+128+64; i++ {
		c := bytes.Clone(b)
		c[i] ^= 0x40
		if got, err := decode(c); err == nil {
			t.Fatalf("byte %d of the entry changed: %v", i-start, got)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	ok := Array{Shape: []int{1}, Data: []float64{1}}
	for _, c := range []struct {
		name string
		in   []Named
		kind error
		says string
	}{
		{"twice", []Named{{"a", ok}, {"a", ok}}, ErrName, "array a"},
		{"nameless", []Named{{"", ok}}, ErrName, `""`},
		{"absolute", []Named{{"/a", ok}}, ErrName, "/a"},
		{"backslash", []Named{{`a\b`, ok}}, ErrName, "relative"},
		{"suffix", []Named{{"a.npy", ok}}, ErrName, "without .npy"},
		{"long", []Named{{strings.Repeat("a", 1025), ok}}, ErrName, "1024"},
		{"zero value", []Named{{"a", Array{}}}, ErrShape, "[] holds 1 elements, there are 0"},
		{"mismatch", []Named{{"ok", ok}, {"a", Array{Shape: []int{2, 3}, Data: make([]float64, 5)}}}, ErrShape, "[2 3] holds 6 elements, there are 5"},
		{"negative", []Named{{"a", Array{Shape: []int{-1, -1}, Data: []float64{1}}}}, ErrShape, "negative"},
		{"huge", []Named{{"a", Array{Shape: []int{1 << 40}}}}, ErrSize, "at most"},
		{"inexact", []Named{{"a", Array{Shape: []int{2}, Data: []float64{1, 0.1}, Float32: true}}}, ErrValue, "element 1"},
		{"overflow", []Named{{"a", Array{Shape: []int{1}, Data: []float64{1e300}, Float32: true}}}, ErrValue, "1e+300"},
	} {
		var b bytes.Buffer
		err := Write(&b, c.in)
		if !errors.Is(err, c.kind) || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: got %v, want %v that says %q", c.name, err, c.kind, c.says)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes were written", c.name, b.Len())
		}
	}
}

// full fails after n bytes.
type full struct{ n int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.n {
		return 0, io.ErrShortWrite
	}
	f.n -= len(p)
	return len(p), nil
}

func TestWriterErrors(t *testing.T) {
	b, _ := Encode(sample())
	for n := range b {
		if err := Write(&full{n}, sample()); !errors.Is(err, io.ErrShortWrite) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}

func TestReadNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.npz")
	if _, err := Read(missing); !errors.Is(err, os.ErrNotExist) || strings.Count(err.Error(), missing) != 1 {
		t.Error(err)
	}
	if _, err := Read(dir); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), dir) {
		t.Error(err)
	}
	path := filepath.Join(dir, "strings.npz")
	bad := archive(t, entry{name: "labels.npy", body: npy(dict("<U1", "False", "(1,)"), 0, 0, 0, 0)})
	if err := os.WriteFile(path, bad, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(path)
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Path != path || e.Array != "labels" || !errors.Is(err, ErrType) {
		t.Error(err)
	}
}

// Whatever the bytes, Decode must not panic; what it accepts must survive a round trip.
func FuzzDecode(f *testing.F) {
	b, err := Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte{})
	f.Add(archive(f, entry{name: "a.npy", deflate: true, body: npy(dict("<i8", "True", "(2, 3)"), make([]byte, 48)...)}))
	f.Add(archive(f, entry{name: "a.npy", deflate: true, body: npy(dict(">f4", "False", "()"), 1, 2, 3, 4)}))
	f.Add(archive(f, entry{name: "o.npy", body: npy(dict("|O", "False", "(99999999, 99999999)"))}))
	f.Fuzz(func(t *testing.T, b []byte) {
		arrays, err := decode(b)
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok || arrays != nil {
				t.Fatalf("%v with %d arrays", err, len(arrays))
			}
			return
		}
		var named []Named
		for name, a := range arrays {
			named = append(named, Named{name, a})
		}
		again, err := Encode(named)
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(again)
		if err != nil || len(back) != len(arrays) {
			t.Fatalf("%d arrays of %d come back, %v", len(back), len(arrays), err)
		}
		for name, a := range arrays {
			if !same(a, back[name]) {
				t.Errorf("%s: %+v became %+v", name, a, back[name])
			}
		}
	})
}

// FuzzHeader gives the header parser what the checksum of an archive keeps from it.
func FuzzHeader(f *testing.F) {
	f.Add(dict("<f8", "False", "(3, 4)"))
	f.Add("{'descr': [('x', '<f8')], 'shape': (1L,)}")
	f.Add("{'descr': ")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseHeader(text)
		if err != nil {
			return
		}
		if _, err := parseDescr(h.descr); err != nil {
			return
		}
		again, err := parseHeader(dict(h.descr, map[bool]string{true: "True", false: "False"}[h.fortran],
			strings.NewReplacer("[", "(", "]", ")", " ", ",").Replace(fmt.Sprint(h.shape))))
		if err != nil || !slices.Equal(again.shape, h.shape) || again.fortran != h.fortran {
			t.Errorf("%q: %+v became %+v, %v", text, h, again, err)
		}
	})
}
