package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"

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
// evaluation) is FILE instead of a drawing, or is added.
func omniglotArchives(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 && len(args) != 4 {
		ts.Fatalf("usage: omniglot dir [background|evaluation entry file]")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o755))
	for name, alphabets := range map[string]map[string]int{"background": {"A": 2, "B": 2, "C": 2, "D": 2}, "evaluation": {"Y": 3}} {
		name := "images_" + name
		bodies := map[string]func(io.Writer) error{}
		n := 0
		for alphabet, characters := range alphabets {
			for c := range characters {
				for d := range 20 {
					n++
					bodies[fmt.Sprintf("%s/%s/character%02d/%04d_%02d.png", name, alphabet, c+1, n/20, d+1)] = func(w io.Writer) error { return drawing(w, n) }
				}
			}
		}
		if len(args) == 4 && name == "images_"+args[1] {
			bodies[args[2]] = func(w io.Writer) error { _, err := io.WriteString(w, ts.ReadFile(args[3])); return err }
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
