package fetch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInstall(t *testing.T) {
	r := newRig(t)
	dir := t.TempDir()
	other := filepath.Join(dir, "downloaded (1).zip")
	if err := errors.Join(os.WriteFile(other, r.body, 0o600), os.WriteFile(filepath.Join(dir, "a.zip"), r.body, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{other, dir} {
		if err := r.Install(t.Context(), r.set, from); err != nil {
			t.Fatal(err)
		}
		r.installed(t)
		if info, err := os.Stat(r.path); err != nil || info.Mode().Perm() != 0o644 {
			t.Error(info.Mode(), err)
		}
		if err := os.Remove(r.path); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.requests) != 0 {
		t.Error("the server was asked")
	}
}

func TestInstallFails(t *testing.T) {
	dir := t.TempDir()
	wrong := filepath.Join(dir, "wrong.zip")
	if err := os.WriteFile(wrong, content(5), 0o644); err != nil {
		t.Fatal(err)
	}
	right := filepath.Join(dir, "right.zip")
	if err := os.WriteFile(right, content(1), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		paths []string
		want  error
		text  string
	}{
		{"wrong", []string{right, wrong}, ErrChecksum, wrong + ": wrong checksum: SHA-256 " + sumOf(content(5)).SHA256},
		{"missing", []string{filepath.Join(dir, "no")}, os.ErrNotExist, "no"},
		{"empty folder", []string{t.TempDir()}, ErrMissing, "the folder has no a.zip"},
		{"nothing", nil, ErrMissing, "name the files"},
	} {
		r := newRig(t)
		err := r.Install(t.Context(), r.set, c.paths...)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", c.name, err)
		}
		r.absent(t, 0)
		if names := r.names(t); len(names) != 0 {
			t.Errorf("%s: left behind: %v", c.name, names)
		}
	}
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Install(ctx, r.set, right); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	r.set.Files = nil
	if err := r.Install(t.Context(), r.set, right); !errors.Is(err, ErrManual) {
		t.Error(err)
	}
}
