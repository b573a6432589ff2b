package omniglot

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"metaplast/data/fetch"
)

// entry is a file of a test's archive.
type entry struct {
	name string
	body []byte
}

// archive packs entries.
func archive(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.body) > 0 {
			if _, err := w.Write(e.body); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// paper returns a drawing of 21×21 pixels with a stroke in row i of white paper, as PNG.
func paper(t testing.TB, i int) []byte {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, 21, 21), color.Palette{color.White, color.Black})
	for x := range 21 {
		m.SetColorIndex(x, i%21, 1)
	}
	for y := range i / 21 {
		m.SetColorIndex(5, y, 1)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claim makes a PNG say that it is n pixels wide and high.
func claim(raw []byte, n uint32) []byte {
	raw = bytes.Clone(raw)
	binary.BigEndian.PutUint32(raw[16:], n)
	binary.BigEndian.PutUint32(raw[20:], n)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

// entries are drawings of alphabets: so many characters each, so many drawings each.
func entries(t testing.TB, root string, alphabets []string, characters, drawings int) []entry {
	var all []entry
	n := 0
	for _, a := range alphabets {
		for c := range characters {
			for d := range drawings {
				all = append(all, entry{fmt.Sprintf("%s/%s/character%02d/%04d_%02d.png", root, a, c+1, n/drawings, d+1), paper(t, n)})
				n++
			}
		}
	}
	return all
}

const (
	background = "images_background"
	evaluation = "images_evaluation"
)

// write writes both archives of a test into a folder.
func write(t testing.TB, bg, ev []byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, raw := range map[string][]byte{fetch.BackgroundZip: bg, fetch.EvaluationZip: ev} {
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// tiny is a folder of small archives: 4 alphabets of 2 characters and 2 of 3, 6 drawings each.
func tiny(t testing.TB) string {
	t.Helper()
	return write(t, archive(t, entries(t, background, []string{"A", "B", "C", "D"}, 2, 6)...),
		archive(t, entries(t, evaluation, []string{"Y", "Z"}, 3, 6)...))
}
