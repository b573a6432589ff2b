package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestFetch(t *testing.T) {
	r := newRig(t)
	var last Progress
	r.Progress = func(p Progress) {
		if p.Done <= last.Done {
			t.Errorf("%+v after %+v", p, last)
		}
		last = p
	}
	if err := r.Fetch(t.Context(), r.set); err != nil {
		t.Fatal(err)
	}
	r.installed(t)
	if want := (Progress{"tiny", "a.zip", 200_000, 200_000}); last != want {
		t.Errorf("%+v, want %+v", last, want)
	}
	if err := r.Fetch(t.Context(), r.set); err != nil || len(r.requests) != 1 {
		t.Errorf("%v, %d requests: a sound file is fetched again", err, len(r.requests))
	}
	if err := os.WriteFile(r.path, []byte("rotten"), 0o644); err != nil {
		t.Fatal(err)
	}
	last = Progress{}
	if err := r.Fetch(t.Context(), r.set); err != nil {
		t.Fatal(err)
	}
	r.installed(t)
}

func TestFetchFails(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(r *rig)
		want error
		text string
	}{
		{"checksum", func(r *rig) { r.body = content(2) }, ErrChecksum, "SHA-256 " + sumOf(content(2)).SHA256 + " of 200000 bytes, want " + sumOf(content(1)).SHA256},
		{"too long", func(r *rig) { r.body = append(content(1), 0) }, ErrSize, "the server has 200001 bytes, want 200000"},
		{"too long, untold", func(r *rig) { r.body, r.chunked = append(content(1), make([]byte, 99)...), true }, ErrSize, "more than 200000 bytes"},
		{"too short", func(r *rig) { r.body = r.body[:100] }, ErrSize, "the server has 100 bytes, want 200000"},
		{"not found", func(r *rig) { r.status = 404 }, ErrStatus, "404 Not Found"},
		{"a stray part", func(r *rig) { r.status = 206 }, ErrStatus, "206"},
		{"manual", func(r *rig) { r.set.Files, r.set.Manual = nil, "write a letter" }, ErrManual, "write a letter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			c.edit(r)
			err := r.Fetch(t.Context(), r.set)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("%v, want %v with %q", err, c.want, c.text)
			}
			if e, ok := errors.AsType[*Error](err); !ok || e.Set != "tiny" || e.Do == "" {
				t.Errorf("%+v", e)
			}
			r.absent(t, 0)
			if names := r.names(t); len(names) != 0 {
				t.Errorf("left behind: %v", names)
			}
		})
	}
}

// full is a disk with room for a number of bytes.
type full struct {
	w    io.Writer
	room *int
}

func (f full) Write(p []byte) (int, error) {
	if len(p) > *f.room {
		return 0, &os.PathError{Op: "write", Path: "a.zip.part", Err: syscall.ENOSPC}
	}
	*f.room -= len(p)
	return f.w.Write(p)
}

func TestFullDisk(t *testing.T) {
	r := newRig(t)
	room := 100_000
	r.wrap = func(w io.Writer) io.Writer { return full{w, &room} }
	err := r.Fetch(t.Context(), r.set)
	if !errors.Is(err, ErrFull) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "free 200000 bytes") {
		t.Fatal(err)
	}
	arrived := 100_000 - room
	r.absent(t, arrived)
	from := filepath.Join(t.TempDir(), "copy")
	if err := os.WriteFile(from, r.body, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := r.Install(t.Context(), r.set, from); !errors.Is(err, ErrFull) {
		t.Error(err)
	}
	r.absent(t, arrived)
	if names := r.names(t); len(names) != 2 {
		t.Errorf("the folder has %v", names)
	}
	r.wrap = nil
	if err := r.Fetch(t.Context(), r.set); err != nil {
		t.Fatal(err)
	}
	r.installed(t)
	if got := r.requests[len(r.requests)-1].Get("Range"); got != fmt.Sprintf("bytes=%d-", arrived) {
		t.Errorf("asked for %q", got)
	}
}

func TestFetchCancelled(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	r.Progress = func(Progress) { cancel(why) }
	if err := r.Fetch(ctx, r.set); !errors.Is(err, why) {
		t.Error(err)
	}
	if _, err := os.Stat(r.path); err == nil {
		t.Error("installed all the same")
	}
	r.Progress = nil
	if err := r.Fetch(t.Context(), r.set); err != nil {
		t.Fatal(err)
	}
	r.installed(t)
}

func TestUnreachable(t *testing.T) {
	r := newRig(t)
	hs := httptest.NewServer(http.NotFoundHandler())
	r.set.Files[0].URL = hs.URL
	hs.Close()
	err := r.Fetch(t.Context(), r.set)
	if e, ok := errors.AsType[*Error](err); !ok || !strings.Contains(e.Do, "install from a file") {
		t.Error(err)
	}
	r.Root = filepath.Join(r.Root, "file")
	if err := os.WriteFile(r.Root, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := r.Fetch(t.Context(), r.set); err == nil || !strings.Contains(err.Error(), r.Root) {
		t.Error(err)
	}
}
