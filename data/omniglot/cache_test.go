package omniglot

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"metaplast/data"
)

func TestCache(t *testing.T) {
	c := Config{Dir: tiny(t), Root: t.TempDir(), Size: 12, Partial: true}
	want, first := mustLoad(t, c)
	if first.FromCache || filepath.Dir(first.Cache) != filepath.Join(c.Root, "omniglot") {
		t.Errorf("%+v", first)
	}
	again, second := mustLoad(t, c)
	if !second.FromCache || digest(t, again) != digest(t, want) {
		t.Errorf("%+v, or another bank", second)
	}
	// Splits are no part of the cache; size and archives are.
	other := c
	other.Validation, other.Rotations = 1, true
	if _, info := mustLoad(t, other); !info.FromCache {
		t.Error("the splits are decoded again")
	}
	other.Size = 13
	if _, info := mustLoad(t, other); info.FromCache {
		t.Error("another size comes from the cache")
	}
	other = c
	other.Dir = write(t, archive(t, entries(t, background, []string{"A", "B", "C", "E"}, 2, 6)...), archive(t, entries(t, evaluation, []string{"Y"}, 3, 6)...))
	if _, info := mustLoad(t, other); info.FromCache {
		t.Error("other archives come from the cache")
	}

	sound, err := os.ReadFile(first.Cache)
	if err != nil {
		t.Fatal(err)
	}
	flip := func(i int) []byte {
		b := bytes.Clone(sound)
		b[(i+len(b))%len(b)] ^= 4
		return b
	}
	for name, raw := range map[string][]byte{
		"empty": nil, "magic": flip(0), "version": flip(len(magic) - 2), "header length": flip(len(magic)), "long header": flip(len(magic) + 3),
		"header": flip(len(magic) + 10), "first pixel": flip(len(sound) - 32 - 84*144), "last pixel": flip(-33), "checksum": flip(-1),
		"truncated": sound[:len(sound)-1], "half": sound[:len(sound)/2], "longer": append(bytes.Clone(sound), 0),
	} {
		if err := os.WriteFile(first.Cache, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		b, info, err := Load(t.Context(), c)
		if err != nil || info.FromCache || !errors.Is(info.CacheErr, ErrCache) || !strings.Contains(info.CacheErr.Error(), "written anew") {
			t.Errorf("%s: %+v, %v", name, info, err)
			continue
		}
		if digest(t, b) != digest(t, want) {
			t.Errorf("%s: another bank", name)
		}
		if got, err := os.ReadFile(first.Cache); err != nil || !bytes.Equal(got, sound) {
			t.Errorf("%s: the cache is not written anew: %v", name, err)
		}
	}
	if all, _ := os.ReadDir(filepath.Dir(first.Cache)); len(all) != 3 {
		t.Errorf("left behind: %v", all)
	}
}

// A cache that cannot be written is told of and does no harm.
func TestCacheUnwritable(t *testing.T) {
	root := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(root, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	b, info, err := Load(t.Context(), Config{Dir: tiny(t), Root: root, Partial: true})
	if err != nil || b.Len(data.Train) != 2 || info.CacheErr == nil || b.Origin().Notes != info.CacheErr || !strings.Contains(info.CacheErr.Error(), "no cache could be written") {
		t.Errorf("%+v, %v", info, err)
	}
}

// The identity is that of the drawings: archives packed in another way, the cache, a folder elsewhere and
// rotations have the same one, and one other drawing another one.
func TestIdentity(t *testing.T) {
	root := t.TempDir()
	origin := func(c Config) data.Origin {
		t.Helper()
		c.Root, c.Partial, c.Size = root, true, 12
		b, _ := mustLoad(t, c)
		o := b.Origin()
		if o == nil || o.Dir != c.Dir || o.Notes != nil || o.Archives != data.Unknown {
			t.Fatalf("%+v", o)
		}
		return *o
	}
	first, rest := entries(t, background, []string{"A", "B", "C", "D"}, 2, 6), entries(t, evaluation, []string{"Y"}, 3, 6)
	here := origin(Config{Dir: write(t, archive(t, first...), archive(t, rest...))})
	if here.Classes != 11 || here.Drawings != 66 {
		t.Errorf("%+v", here)
	}
	if again := origin(Config{Dir: here.Dir}); again != here {
		t.Errorf("%+v from the cache, %+v from the archives", again, here)
	}
	slices.Reverse(first)
	there := origin(Config{Dir: write(t, archive(t, first...), archive(t, rest...)), Rotations: true})
	if !there.Same(here.Identity) || there.Dir == here.Dir {
		t.Errorf("%+v of the same drawings, packed in another order, have %+v", here, there)
	}
	first[0].body, first[1].body = first[1].body, first[0].body
	if other := origin(Config{Dir: write(t, archive(t, first...), archive(t, rest...))}); other.Same(here.Identity) {
		t.Error("two drawings that changed places are the same data set")
	}
}
