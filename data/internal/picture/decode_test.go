package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
	"testing/iotest"
)

func encode(t testing.TB, m image.Image, asJPEG bool) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	if asJPEG {
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 100})
	} else {
		err = png.Encode(&b, m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claims returns a PNG of a few bytes that claims to be w × h pixels large.
func claims(t testing.TB, w, h uint32) []byte {
	raw := encode(t, image.NewGray(image.Rect(0, 0, 1, 1)), false)
	binary.BigEndian.PutUint32(raw[16:], w)
	binary.BigEndian.PutUint32(raw[20:], h)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

var limits = Limits{Bytes: 4096, Side: 64}

func TestDecode(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 20, 10))
	m.Set(3, 4, color.White)
	for _, asJPEG := range []bool{false, true} {
		got, err := Decode(bytes.NewReader(encode(t, m, asJPEG)), limits)
		if err != nil || got.Bounds() != m.Bounds() {
			t.Error(err)
		}
	}
	sound := encode(t, m, false)
	for _, c := range []struct {
		name string
		raw  []byte
		want error
	}{
		{"empty", nil, ErrFormat},
		{"text", []byte("strokes"), ErrFormat},
		{"truncated", sound[:len(sound)-20], ErrFormat},
		{"huge", claims(t, 1<<24, 1<<24), ErrLimit},
		{"overflowing", claims(t, 1<<30, 1<<30), ErrFormat},
		{"wide", claims(t, 65, 1), ErrLimit},
		{"high", claims(t, 1, 65), ErrLimit},
		{"long", append(bytes.Clone(sound), make([]byte, 4096)...), ErrLimit},
	} {
		if got, err := Decode(bytes.NewReader(c.raw), limits); got != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	broken := errors.New("broken disk")
	if _, err := Decode(iotest.ErrReader(broken), limits); !errors.Is(err, broken) {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	m := image.NewPaletted(image.Rect(0, 0, 5, 7), color.Palette{color.Black, color.White})
	f.Add(encode(f, m, false))
	f.Add(encode(f, image.NewRGBA(image.Rect(0, 0, 9, 3)), true))
	f.Add(claims(f, 64, 64))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Decode(bytes.NewReader(raw), limits)
		if err != nil {
			return
		}
		for _, planes := range []struct {
			n  int
			fn func(image.Image) ([]uint8, int, int)
		}{{1, Gray}, {3, RGB}} {
			p, w, h := planes.fn(m)
			if w < 1 || h < 1 || w > limits.Side || h > limits.Side || len(p) != planes.n*w*h {
				t.Fatalf("%d values of %d×%d pixels", len(p), w, h)
			}
			Area(make([]uint8, planes.n*64), 8, p, w, h)
		}
	})
}
