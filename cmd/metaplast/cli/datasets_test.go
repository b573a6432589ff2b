package cli

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// drawing writes a picture of which each n is another.
func drawing(w io.Writer, n int) error {
	m := image.NewRGBA(image.Rect(0, 0, 24, 24))
	for i := range 24 * 24 {
		m.Set(i%24, i/24, color.White)
		if (i%24)*(n%7+1)/5 == i/24 || i%24 == n%23 {
			m.Set(i%24, i/24, color.RGBA{uint8(n), uint8(3 * n), 0, 255})
		}
	}
	return png.Encode(w, m)
}

// miniImagenet runs "miniimagenet DIR": a folder like mini-ImageNet's, with 4 classes for each
// split and 6 images each.
func miniImagenet(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: miniimagenet dir")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Join(dir, "images"), 0o755))
	for s, table := range []string{"train.csv", "val.csv", "test.csv"} {
		text := "filename,label\n"
		for k := range 4 {
			for d := range 6 {
				name := fmt.Sprintf("n%d%d_%d.png", s, k, d)
				text += fmt.Sprintf("%s,n%d%d\n", name, s, k)
				f, err := os.Create(filepath.Join(dir, "images", name))
				ts.Check(err)
				ts.Check(errors.Join(drawing(f, 40*s+10*k+d), f.Close()))
			}
		}
		ts.Check(os.WriteFile(filepath.Join(dir, table), []byte(text), 0o644))
	}
}

// omniglotArchives runs "omniglot DIR [ARCHIVE ENTRY FILE]": a folder with small archives, four
// alphabets of two characters and one of three, 20 drawings each; ENTRY of ARCHIVE (background or
// evaluation) is FILE instead of a drawing, or is added. For FILE, GOOD is a drawing, and HUGE one
// that says it has 60000×60000 pixels.
func omniglotArchives(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 && len(args) != 4 {
		ts.Fatalf("usage: omniglot dir [background|evaluation entry file]")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o755))
	for set, characters := range map[string][]string{"background": {"A1", "A2", "B1", "B2", "C1", "C2", "D1", "D2"}, "evaluation": {"Y1", "Y2", "Y3"}} {
		name := "images_" + set
		bodies := map[string]func(io.Writer) error{}
		for k, c := range characters {
			for d := range 20 {
				bodies[fmt.Sprintf("%s/%s/character0%s/%04d_%02d.png", name, c[:1], c[1:], k, d+1)] = func(w io.Writer) error { return drawing(w, 20*k+d) }
			}
		}
		if len(args) == 4 && set == args[1] {
			bodies[args[2]] = body(ts, args[3])
		}
		f, err := os.Create(filepath.Join(dir, name+".zip"))
		ts.Check(err)
		z := zip.NewWriter(f)
		for entry, body := range bodies {
			w, err := z.Create(entry)
			ts.Check(err)
			ts.Check(body(w))
		}
		ts.Check(errors.Join(z.Close(), f.Close()))
	}
}

// body is the content of an archive's entry; see omniglotArchives.
func body(ts *testscript.TestScript, file string) func(io.Writer) error {
	if file != "GOOD" && file != "HUGE" {
		text := ts.ReadFile(file)
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	var b bytes.Buffer
	ts.Check(drawing(&b, 0))
	raw := b.Bytes()
	if file == "HUGE" { // the chunk that a PNG begins with: length, IHDR, width, height, five bytes, checksum
		binary.BigEndian.PutUint32(raw[16:], 60000)
		binary.BigEndian.PutUint32(raw[20:], 60000)
		binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	}
	return func(w io.Writer) error { _, err := w.Write(raw); return err }
}

// truncate runs "truncate FILE BYTES".
func truncate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: truncate file bytes")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}
