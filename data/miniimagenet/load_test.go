package miniimagenet

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"metaplast/data"
)

// shade is the colour of drawing d of class k.
func shade(k, d int) color.RGBA { return color.RGBA{uint8(20 * k), uint8(10 * d), 200, 255} }

// tiny makes a folder of 5, 2 and 3 classes of 6 images, PNG and JPEG in turns, of many shapes.
func tiny(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "images"), 0o755); err != nil {
		t.Fatal(err)
	}
	k := 0
	for _, table := range []struct {
		name    string
		classes int
	}{{"train.csv", 5}, {"val.csv", 2}, {"test.csv", 3}} {
		text := "filename,label\n"
		for range table.classes {
			for d := range 6 {
				m := image.NewRGBA(image.Rect(0, 0, 10+7*k, 9+5*d))
				for i := range m.Bounds().Dx() * m.Bounds().Dy() {
					m.Set(i%m.Bounds().Dx(), i/m.Bounds().Dx(), shade(k, d))
				}
				name := fmt.Sprintf("n%02d_%d.%s", k, d, []string{"png", "jpg"}[d%2])
				f, err := os.Create(filepath.Join(dir, "images", name))
				if err != nil {
					t.Fatal(err)
				}
				if d%2 == 0 {
					err = png.Encode(f, m)
				} else {
					err = jpeg.Encode(f, m, &jpeg.Options{Quality: 100})
				}
				if err := errors.Join(err, f.Close()); err != nil {
					t.Fatal(err)
				}
				text += fmt.Sprintf("%s,n%02d\n", name, k)
			}
			k++
		}
		if err := os.WriteFile(filepath.Join(dir, table.name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func mustLoad(t testing.TB, c Config) *data.Bank {
	t.Helper()
	b, err := Load(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLoad(t *testing.T) {
	b := mustLoad(t, Config{Dir: tiny(t), Size: 12})
	if s := b.Shape(); s[0] != 3 || s[1] != 12 || s[2] != 12 {
		t.Errorf("shape %v", s)
	}
	s := data.Classification{Bank: b, Ways: 2, Shots: 2, Batch: 2, Query: 3}
	k := 0
	for _, split := range []data.Split{data.Train, data.Validation, data.HeldOut} {
		for i := range b.Len(split) {
			c, err := b.Class(split, i)
			if want := (data.Class{Name: fmt.Sprintf("n%02d", k+i), Split: split, Drawings: 6}); err != nil || c != want {
				t.Errorf("%+v, %v, want %+v", c, err, want)
			}
		}
		p, err := s.Plan(1, split, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		e, err := p.Episode()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Spec().Check(e); err != nil {
			t.Error(err)
		}
		x := e.QueryX.Data().([]float64)
		for i, q := range p.Query {
			c := shade(k+q.Class, q.Drawing)
			for plane, v := range []uint8{c.R, c.G, c.B} {
				for j := range 144 {
					want := (float64(v)/255 - Mean[plane]) / Std[plane]
					if got := x[(i*3+plane)*144+j]; got-want > 0.05 || want-got > 0.05 { // JPEG: up to 2/255, over 0.22
						t.Fatalf("%v %+v, plane %d: %v, want %v", split, q, plane, got, want)
					}
				}
			}
		}
		k += b.Len(split)
	}
	if b := mustLoad(t, Config{Dir: tiny(t)}); b.Shape()[1] != 84 || b.Name() != "mini-imagenet" {
		t.Errorf("%s %v", b.Name(), b.Shape())
	}
}

func TestLoadFails(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(dir string) error
		want error
		says string
	}{
		{"no table", func(d string) error { return os.Remove(filepath.Join(d, "val.csv")) }, ErrMissing, "train.csv, val.csv and test.csv"},
		{"no image", func(d string) error { return os.Remove(filepath.Join(d, "images", "n01_2.png")) }, ErrMissing, "train.csv:10: file not found"},
		{"folder", func(d string) error {
			p := filepath.Join(d, "images", "n01_2.png")
			return errors.Join(os.Remove(p), os.Mkdir(p, 0o755))
		}, ErrName, "not a regular file"},
		{"large", func(d string) error { return os.Truncate(filepath.Join(d, "images", "n00_0.png"), limits.Bytes+1) }, ErrLimit, "train.csv:2"},
		{"image in two tables", appendTo("test.csv", "n00_0.png,n09\n"), ErrDuplicate, "image n00_0.png is at"},
		{"class in two tables", func(d string) error {
			return errors.Join(os.Link(filepath.Join(d, "images", "n00_0.png"), filepath.Join(d, "images", "new.png")), appendTo("test.csv", "new.png,n00\n")(d))
		}, ErrDuplicate, "class n00 is at"},
		{"wrong columns", func(d string) error {
			return os.WriteFile(filepath.Join(d, "test.csv"), []byte("file,class\na,b\n"), 0o644)
		}, ErrTable, "test.csv:1"},
	} {
		dir := tiny(t)
		if err := c.edit(dir); err != nil {
			t.Fatal(err)
		}
		b, err := Load(t.Context(), Config{Dir: dir})
		if b != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.says)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, Config{Dir: tiny(t)}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	const want = `dir: "", want a folder with images/, train.csv, val.csv and test.csv
size: 7, want 8 to 512, or 0 for 84
memory: -1, want 1 to 1048576 MiB, or 0 for 512`
	if _, err := Load(t.Context(), Config{Size: 7, Memory: -1}); err == nil || err.Error() != want {
		t.Error(err)
	}
}

func appendTo(table, line string) func(string) error {
	return func(d string) error {
		f, err := os.OpenFile(filepath.Join(d, table), os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		_, err = f.WriteString(line)
		return errors.Join(err, f.Close())
	}
}
