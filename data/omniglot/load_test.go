package omniglot

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"metaplast/data"
	"metaplast/data/fetch"
)

func mustLoad(t testing.TB, c Config) (*data.Bank, Info) {
	t.Helper()
	b, info, err := Load(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if info.CacheErr != nil {
		t.Error(info.CacheErr)
	}
	return b, info
}

func digest(t testing.TB, b *data.Bank) [32]byte {
	t.Helper()
	d, err := b.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// names lists the classes of a split.
func names(t testing.TB, b *data.Bank, split data.Split) string {
	t.Helper()
	var all []string
	for i := range b.Len(split) {
		c, err := b.Class(split, i)
		if err != nil || c.Split != split {
			t.Fatal(c, err)
		}
		all = append(all, c.Name)
	}
	return strings.ReplaceAll(strings.Join(all, " "), "character0", "")
}

func TestLoad(t *testing.T) {
	dir := tiny(t)
	for _, c := range []struct {
		c                        Config
		train, validation, heldi string
	}{
		{Config{Size: 8}, "A/1 A/2", "B/1 B/2 C/1 C/2 D/1 D/2", "Y/1 Y/2 Y/3 Z/1 Z/2 Z/3"},
		{Config{Size: 21, Validation: 1}, "A/1 A/2 B/1 B/2 C/1 C/2", "D/1 D/2", "Y/1 Y/2 Y/3 Z/1 Z/2 Z/3"},
		{Config{Validation: NoValidation}, "A/1 A/2 B/1 B/2 C/1 C/2 D/1 D/2", "", "Y/1 Y/2 Y/3 Z/1 Z/2 Z/3"},
		{Config{Rotations: true}, "A/1 A/2 A/1@90 A/2@90 A/1@180 A/2@180 A/1@270 A/2@270",
			"B/1 B/2 C/1 C/2 D/1 D/2 B/1@90 B/2@90 C/1@90 C/2@90 D/1@90 D/2@90 B/1@180 B/2@180 C/1@180 C/2@180 D/1@180 D/2@180 B/1@270 B/2@270 C/1@270 C/2@270 D/1@270 D/2@270",
			"Y/1 Y/2 Y/3 Z/1 Z/2 Z/3 Y/1@90 Y/2@90 Y/3@90 Z/1@90 Z/2@90 Z/3@90 Y/1@180 Y/2@180 Y/3@180 Z/1@180 Z/2@180 Z/3@180 Y/1@270 Y/2@270 Y/3@270 Z/1@270 Z/2@270 Z/3@270"},
	} {
		c.c.Dir, c.c.Partial, c.c.NoCache = dir, true, true
		b, info := mustLoad(t, c.c)
		if info.FromCache || info.Known || info.Cache != "" {
			t.Errorf("%+v", info)
		}
		for split, want := range map[data.Split]string{data.Train: c.train, data.Validation: c.validation, data.HeldOut: c.heldi} {
			if got := names(t, b, split); got != want {
				t.Errorf("%+v: %v has %s, want %s", c.c, split, got, want)
			}
		}
	}
}

// Strokes are 1 and paper is 0, and drawing d of a class is its d-th file.
func TestStrokes(t *testing.T) {
	b, _ := mustLoad(t, Config{Dir: tiny(t), Size: 21, Partial: true, NoCache: true, Validation: NoValidation})
	got := make([]uint8, 21*21)
	for class := range 8 {
		for d := range 6 {
			if err := b.Bytes(got, data.Train, class, d); err != nil {
				t.Fatal(err)
			}
			i := class*6 + d
			for y := range 21 {
				for x := range 21 {
					want := uint8(0)
					if y == i%21 || x == 5 && y < i/21 {
						want = 255
					}
					if got[y*21+x] != want {
						t.Fatalf("class %d, drawing %d: pixel %d,%d is %d, want %d", class, d, y, x, got[y*21+x], want)
					}
				}
			}
		}
	}
}

func TestLoadFails(t *testing.T) {
	bg, ev := archive(t, entries(t, background, []string{"A", "B", "C", "D"}, 2, 6)...), archive(t, entries(t, evaluation, []string{"Y"}, 3, 6)...)
	bad := func(body []byte) []byte { return archive(t, entry{evaluation + "/Y/character01/x.png", body}) }
	torn := bytes.Clone(ev)
	torn[30+len(evaluation+"/Y/character01/0000_01.png")+20] ^= 0xff // behind the first entry's head
	for _, c := range []struct {
		name string
		c    Config
		dir  string
		want error
		text string
	}{
		{"missing", Config{}, t.TempDir(), ErrMissing, "data fetch omniglot"},
		{"small", Config{}, write(t, bg, ev), ErrClasses, "want 20"},
		{"truncated", Config{Partial: true}, write(t, bg, ev[:len(ev)-9]), ErrArchive, "images_evaluation.zip"},
		{"swapped", Config{Partial: true}, write(t, ev, bg), ErrEntry, "another archive under this name"},
		{"the same twice", Config{Partial: true}, write(t, bg, bg), ErrEntry, "another archive under this name"},
		{"a class in both", Config{Partial: true}, write(t, bg, archive(t, entries(t, evaluation, []string{"A"}, 3, 6)...)), data.ErrDuplicate, "A/character01"},
		{"not an image", Config{Partial: true}, write(t, bg, bad([]byte("text"))), ErrImage, "Y/character01/x.png"},
		{"huge", Config{Partial: true}, write(t, bg, bad(claim(paper(t, 1), 1025))), ErrLimit, "1025×1025 pixels, want at most 1024×1024"},
		{"torn", Config{Partial: true}, write(t, bg, torn), ErrArchive, "Y/character01/0000_01.png"},
	} {
		c.c.Dir, c.c.Root = c.dir, t.TempDir()
		b, _, err := Load(t.Context(), c.c)
		if b != nil || err == nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.text)
		}
		if _, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%s: %v is not an *Error", c.name, err)
		}
	}
	for _, c := range []struct {
		c    Config
		want string
	}{
		{Config{Size: 7, Validation: -2}, "size: 7, want 8 to 256, or 0 for 28\nvalidation: -2, want 1 to 29 of the 30 alphabets, 0 for 3, or -1 for none"},
		{Config{Size: 257, Validation: 30}, "size: 257, want 8 to 256, or 0 for 28\nvalidation: 30, want 1 to 29 of the 30 alphabets, 0 for 3, or -1 for none"},
		{Config{Validation: 4, Partial: true, NoCache: true, Dir: write(t, bg, ev)}, "validation: 4, want at most 3, which leaves one of 4 alphabets for meta-training"},
	} {
		if _, _, err := Load(t.Context(), c.c); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Load(ctx, Config{Dir: write(t, bg, ev), Partial: true}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestSameBytesOnAnyNumberOfWorkers(t *testing.T) {
	c := Config{Dir: write(t, archive(t, entries(t, background, []string{"A", "B"}, 10, 20)...), archive(t, entries(t, evaluation, []string{"Y"}, 3, 6)...)),
		Validation: 1, Partial: true, NoCache: true}
	want, _ := mustLoad(t, c)
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	for _, n := range []int{1, 3, 7} {
		runtime.GOMAXPROCS(n)
		if b, _ := mustLoad(t, c); digest(t, b) != digest(t, want) {
			t.Errorf("%d workers decode other drawings", n)
		}
	}
}

// An installed set is found without naming its folder.
func TestDefaultDir(t *testing.T) {
	t.Setenv(fetch.RootEnv, t.TempDir())
	dir, err := fetch.Dir("", fetch.Omniglot)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(tiny(t), dir); err != nil {
		t.Fatal(err)
	}
	if b, info := mustLoad(t, Config{Partial: true}); b.Len(data.HeldOut) != 6 || filepath.Dir(info.Cache) != dir {
		t.Errorf("%+v", info)
	}
}
