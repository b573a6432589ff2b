package omniglot

import (
	"archive/zip"
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

// The order of the characters is that of their paths, however they are packed, and what is not a
// drawing but harmless is passed over.
func TestReadIndex(t *testing.T) {
	all := entries(t, background, []string{"A", "A-B", "B_(C)"}, 2, 3)
	slices.Reverse(all)
	all = append(all, entry{background + "/", nil}, entry{background + "/A/", nil}, entry{background + "/A/character01/", nil},
		entry{"__MACOSX/" + background + "/._A", []byte("x")}, entry{background + "/.DS_Store", []byte("x")})
	raw := archive(t, all...)
	got, err := readIndex(bytes.NewReader(raw), int64(len(raw)), "a.zip", background)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range got {
		names = append(names, c.name)
		if len(c.drawings) != 3 || !slices.IsSortedFunc(c.drawings, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("%s has %d drawings", c.name, len(c.drawings))
		}
	}
	if want := []string{"A-B/character01", "A-B/character02", "A/character01", "A/character02", "B_(C)/character01", "B_(C)/character02"}; !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}

func TestReadIndexRefuses(t *testing.T) {
	sound := entries(t, background, []string{"A"}, 2, 3)
	raw := archive(t, sound...)
	with := func(e ...entry) []byte { return archive(t, append(slices.Clone(sound), e...)...) }
	for _, c := range []struct {
		name string
		raw  []byte
		want error
		text string
	}{
		{"empty file", nil, ErrArchive, "fetch the archive again"},
		{"text", []byte("<html>404</html>"), ErrArchive, ""},
		{"truncated", raw[:len(raw)-30], ErrArchive, ""},
		{"cut in the middle", raw[:len(raw)/2], ErrArchive, ""},
		{"no entries", archive(t), ErrClasses, "no drawings"},
		{"outside", with(entry{background + "/A/../../../etc/x.png", nil}), ErrEntry, ""},
		{"absolute", with(entry{"/etc/A/b/x.png", nil}), ErrEntry, ""},
		{"up", with(entry{"../" + background + "/A/b/x.png", nil}), ErrEntry, ""},
		{"backslash", with(entry{background + `/A/b/..\..\x.png`, nil}), ErrEntry, ""},
		{"drive", with(entry{background + "/A/C:/x.png", nil}), ErrEntry, "leads out of the archive"},
		{"another archive", archive(t, entries(t, evaluation, []string{"A"}, 1, 1)...), ErrEntry, "another archive under this name"},
		{"too deep", with(entry{background + "/A/b/c/x.png", nil}), ErrEntry, "alphabet/character/drawing.png"},
		{"too shallow", with(entry{background + "/A/x.png", nil}), ErrEntry, "alphabet/character/drawing.png"},
		{"not a png", with(entry{background + "/A/b/x.jpg", nil}), ErrEntry, "drawing.png"},
		{"twice", with(sound[4]), ErrEntry, "twice"},
		{"bomb", with(entry{background + "/A/b/x.png", make([]byte, maxEntryBytes+1)}), ErrLimit, "65537 bytes, want at most 65536"},
	} {
		_, err := readIndex(bytes.NewReader(c.raw), int64(len(c.raw)), "a.zip", background)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.text)
		}
		if e, ok := errors.AsType[*Error](err); !ok || e.Path != "a.zip" || e.Do == "" {
			t.Errorf("%s: %+v", c.name, e)
		}
	}
}

// Whatever an archive holds, it is read or refused; nothing is decoded beyond the limits.
func FuzzArchive(f *testing.F) {
	sound := archive(f, entries(f, background, []string{"A", "B"}, 1, 2)...)
	f.Add(sound)
	f.Add(sound[:len(sound)-9])
	f.Add(archive(f, entry{background + "/../x.png", nil}))
	f.Add(archive(f, entry{background + "/A/b/x.png", claim(paper(f, 1), 1<<20)}))
	f.Add(archive(f, entry{background + "/A/b/x.png", []byte("text")}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		all, err := readIndex(bytes.NewReader(raw), int64(len(raw)), "a.zip", background)
		if err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.Path != "a.zip" {
				t.Errorf("%v is not an *Error", err)
			}
			return
		}
		n := 0
		for _, c := range all {
			n += len(c.drawings)
		}
		if err := decode(t.Context(), make([]uint8, n*64), all, 8, "a.zip"); err != nil {
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Errorf("%v is not an *Error", err)
			}
		}
	})
}
