package fetch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestVerify(t *testing.T) {
	r := newRig(t)
	check := func(list, verify State, want error, text string) {
		t.Helper()
		all, err := r.List(r.set)
		if err != nil || len(all) != 1 || all[0].State != list || all[0].Path != r.path {
			t.Errorf("%+v, %v, want %v", all, err, list)
		}
		all, err = r.Verify(t.Context(), r.set)
		if len(all) != 1 || all[0].State != verify || !errors.Is(err, want) {
			t.Errorf("%+v, %v, want %v, %v", all, err, verify, want)
		}
		if want != nil && !strings.Contains(err.Error(), text) {
			t.Errorf("%v does not say %q", err, text)
		}
	}
	check(Missing, Missing, ErrMissing, "not installed; fetch it")
	write := func(path string, b []byte) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, b, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write(newPart(r.path).path, r.body[:10])
	check(Partial, Partial, ErrMissing, "10 of 200000 bytes have arrived")
	write(r.path, r.body)
	check(Present, Sound, nil, "")
	if all, _ := r.Verify(t.Context(), r.set); all[0].SHA256 != r.set.Files[0].Sums[0].SHA256 || all[0].Size != 200_000 {
		t.Errorf("%+v", all)
	}
	write(r.path, content(3))
	check(Present, Corrupt, ErrChecksum, sumOf(content(3)).SHA256)
	write(r.path, r.body[:100])
	check(Corrupt, Corrupt, ErrSize, "100 bytes, want 200000")
	if err := errors.Join(os.Remove(r.path), os.Mkdir(r.path, 0o755)); err != nil {
		t.Fatal(err)
	}
	if all, err := r.Verify(t.Context(), r.set); err == nil || all[0].State != Corrupt {
		t.Errorf("a folder is %+v, %v", all, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Verify(ctx, r.set); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
