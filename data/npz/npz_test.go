package npz

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"testing"
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

// float32 bit patterns of every kind, NaNs among them, keep their bits.
func TestFloat32Bits(t *testing.T) {
	for i := uint64(0); i < 1<<32; i += 65_519 { // a prime, so that all low bits occur
		bits := uint32(i)
		got, err := narrow(widen(bits))
		if err != nil || got != bits {
			t.Fatalf("%#x became %#x, %v", bits, got, err)
		}
	}
}
