package checkpoint

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestCheckpointTruncated(t *testing.T) {
	b := encoded(t, sample())
	for n := range b {
		if _, err := decoded(b[:n]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%d of %d bytes: %v", n, len(b), err)
		}
	}
	if _, err := decoded(append(slices.Clone(b), 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("one byte more: %v", err)
	}
	// Through the file system, with the message.
	path := filepath.Join(t.TempDir(), "checkpoint.npz")
	for _, n := range []int{0, 1, 63, 64, 65, len(b) / 2, len(b) - 1} {
		write(t, path, b[:n])
		_, err := Load(path)
		if e, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrDamaged) || e.Path != path || e.Fallback != "" {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestCheckpointFlipped(t *testing.T) {
	b := encoded(t, sample())
	for i := range b {
		bit := byte(1) << (i % 8)
		b[i] ^= bit
		if _, err := decoded(b); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d: %v", i, err)
		}
		b[i] ^= bit
	}
}

// reseal makes the seal of b match, as a forger would.
func reseal(b []byte) []byte {
	sum := sha256.Sum256(b[:len(b)-sealLen])
	return hex.AppendEncode(slices.Clone(b[:len(b)-sealLen]), sum[:])
}

// Behind a sound seal, nonsense must give errors or a valid checkpoint, and no panic.
func TestCheckpointForged(t *testing.T) {
	b, rng := encoded(t, sample()), rand.New(rand.NewPCG(5, 6))
	for i := 0; i < len(b)-sealLen; i += 1 + rng.IntN(7) { // FuzzDecodeCheckpoint goes on
		bad := slices.Clone(b)
		bad[i] ^= byte(1 + rng.IntN(255))
		checkForged(t, reseal(bad))
	}
	for range 200 {
		bad := slices.Clone(b)
		for range 1 + rng.IntN(6) {
			at := rng.IntN(len(bad) - sealLen)
			switch rng.IntN(3) {
			case 0:
				bad[at] = byte(rng.Uint32())
			case 1:
				bad = slices.Delete(bad, at, at+1)
			case 2:
				bad = slices.Insert(bad, at, bad[at])
			}
		}
		checkForged(t, reseal(bad))
	}
}

func checkForged(t testing.TB, b []byte) {
	t.Helper()
	c, err := decoded(b)
	if err == nil {
		err = c.validate()
	}
	if err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrMismatch) {
		t.Fatalf("%v", err)
	}
}

// rewrite copies an archive with its entries changed, and seals it.
func rewrite(t testing.TB, b []byte, change func(name string, body []byte) (string, []byte)) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		name, body := change(f.Name, body)
		if name == "" {
			continue
		}
		e, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		e.Write(body)
	}
	w.SetComment(strings.Repeat("0", sealLen))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return reseal(out.Bytes())
}

func TestCheckpointContent(t *testing.T) {
	b := encoded(t, sample())
	edit := func(old, new string) func(string, []byte) (string, []byte) {
		return func(name string, body []byte) (string, []byte) {
			if name == "state.json" {
				if !bytes.Contains(body, []byte(old)) {
					t.Fatalf("no %q in %s", old, body)
				}
				body = bytes.Replace(body, []byte(old), []byte(new), 1)
			}
			return name, body
		}
	}
	rename := func(old, new string) func(string, []byte) (string, []byte) {
		return func(name string, body []byte) (string, []byte) {
			if name == old {
				name = new
			}
			return name, body
		}
	}
	for _, c := range []struct {
		name   string
		change func(string, []byte) (string, []byte)
		is     error
		want   string
	}{
		{"as it is", rename("", ""), nil, ""},
		{"newer format", edit(`"version": 1`, `"version": 2`), ErrMismatch, "format version 2, this program reads version 1"},
		{"other format", edit("metaplast checkpoint", "else"), ErrDamaged, `format "else"`},
		{"unknown key", edit(`"seed"`, `"sead"`), ErrDamaged, "sead"},
		{"no JSON", edit(`{`, `[`), ErrDamaged, "state.json"},
		{"two documents", edit("\n}\n", "\n}\n{}"), ErrDamaged, "state.json"},
		{"negative step", edit(`"step": 500`, `"step": -1`), ErrDamaged, "step -1"},
		{"counters", edit(`"diverged": 2`, `"diverged": 0`), ErrDamaged, "diverged"},
		{"learner twice", edit(`"name": "oml"`, `"name": "flp"`), ErrDamaged, `two learners "flp"`},
		{"learner outside", edit(`"name": "oml"`, `"name": "../x"`), ErrDamaged, `"../x"`},
		{"huge layout", edit("     \"shape\": [\n      2\n", "     \"shape\": [\n      1099511627776\n"), ErrDamaged, "extents"},
		{"no state", rename("state.json", ""), ErrDamaged, "first entry"},
		{"array missing", rename("oml/alpha.npy", ""), ErrDamaged, "11 arrays"},
		{"array renamed", rename("oml/alpha.npy", "oml/beta.npy"), ErrDamaged, `"oml/beta.npy", want oml/alpha.npy`},
		{"array cut", func(name string, body []byte) (string, []byte) {
			if name == "flp/W0.npy" {
				body = body[:len(body)-8]
			}
			return name, body
		}, ErrDamaged, "flp/W0"},
		{"array reshaped", func(name string, body []byte) (string, []byte) {
			return name, bytes.Replace(body, []byte("(2, 3)"), []byte("(3, 2)"), 1)
		}, ErrDamaged, "shape [3 2], want [2 3]"},
		{"array of integers", func(name string, body []byte) (string, []byte) {
			return name, bytes.Replace(body, []byte("<f8"), []byte("xyz"), 1)
		}, ErrDamaged, "xyz"},
	} {
		_, err := decoded(rewrite(t, b, c.change))
		if c.is == nil && err != nil || c.is != nil && (!errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzDecodeCheckpoint(f *testing.F) {
	f.Add(encoded(f, sample()))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > sealLen {
			checkForged(t, reseal(b))
		}
	})
}
