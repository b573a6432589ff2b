package npz

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

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
