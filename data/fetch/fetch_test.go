package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// content is a file of 200 kB.
func content(seed byte) []byte {
	b := make([]byte, 200_000)
	for i := range b {
		seed = seed*73 + 41 + byte(i>>8)
		b[i] = seed
	}
	return b
}

func sumOf(b []byte) Sum {
	h := sha256.Sum256(b)
	return Sum{SHA256: hex.EncodeToString(h[:]), Size: int64(len(b))}
}

// server gives one file and can be made to misbehave.
type server struct {
	mu       sync.Mutex
	body     []byte
	etag     string
	modified string
	noRange  bool
	status   int
	chunked  bool // do not tell the length
	lie      string
	cut      []int // bytes after which the connection breaks, answer by answer
	requests []http.Header
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Header.Clone())
	if s.status != 0 {
		w.WriteHeader(s.status)
		return
	}
	if s.etag != "" {
		w.Header().Set("ETag", s.etag)
	}
	if s.modified != "" {
		w.Header().Set("Last-Modified", s.modified)
	}
	body, code := s.body, http.StatusOK
	var from int
	if n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); n == 1 && !s.noRange {
		if v := r.Header.Get("If-Range"); v == "" || v == s.etag || v == s.modified {
			if from >= len(body) {
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
				return
			}
			head := fmt.Sprintf("bytes %d-%d/%d", from, len(body)-1, len(body))
			if s.lie != "" {
				head = s.lie
			}
			w.Header().Set("Content-Range", head)
			body, code = body[from:], http.StatusPartialContent
		}
	}
	if !s.chunked {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(code)
	if len(s.cut) > 0 {
		n := s.cut[0]
		s.cut = s.cut[1:]
		_, _ = w.Write(body[:min(n, len(body))])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body)
}

// rig is a server, a root and the set that is to get from one to the other.
type rig struct {
	*server
	Fetcher
	set  Set
	path string // where the file is to be
}

func newRig(t *testing.T) *rig {
	t.Helper()
	s := &server{body: content(1), etag: `"v1"`}
	hs := httptest.NewServer(s)
	t.Cleanup(hs.Close)
	r := &rig{server: s, Fetcher: Fetcher{Root: t.TempDir()}}
	r.set = Set{Name: "tiny", Files: []File{{Name: "a.zip", URL: hs.URL + "/a.zip", Sums: []Sum{sumOf(s.body)}}}}
	r.path = filepath.Join(r.Root, "tiny", "a.zip")
	return r
}

// installed tells whether the right file is there and nothing else.
func (r *rig) installed(t *testing.T) {
	t.Helper()
	got, err := os.ReadFile(r.path)
	if err != nil || sumOf(got) != r.set.Files[0].Sums[0] {
		t.Errorf("%d bytes installed, %v", len(got), err)
	}
	if names := r.names(t); len(names) != 1 {
		t.Errorf("the folder has %v", names)
	}
}

func (r *rig) names(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(r.path))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// absent tells whether the file is not installed, and how much of it has arrived.
func (r *rig) absent(t *testing.T, arrived int) {
	t.Helper()
	if _, err := os.Stat(r.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is there: %v", r.path, err)
	}
	if n := newPart(r.path).size(); n != int64(arrived) {
		t.Errorf("%d bytes have arrived, want %d", n, arrived)
	}
}

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

// Cut off again and again, within a call and between calls; every byte is sent once.
func TestResume(t *testing.T) {
	for _, c := range []struct {
		name, etag, modified, ifRange string
		chunked                       bool
	}{
		{"etag", `"v1"`, "", `"v1"`, false},
		{"weak etag", `W/"v1"`, "", "", false},
		{"date", "", "Tue, 01 Dec 2015 10:00:00 GMT", "Tue, 01 Dec 2015 10:00:00 GMT", false},
		{"nothing", "", "", "", false},
		{"chunked", `"v1"`, "", `"v1"`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.etag, r.modified, r.chunked = c.etag, c.modified, c.chunked
			r.cut = []int{50_000, 0}
			err := r.Fetch(t.Context(), r.set)
			if !errors.Is(err, ErrCut) || !strings.Contains(err.Error(), "after 50000 of 200000 bytes") {
				t.Fatal(err)
			}
			r.absent(t, 50_000)
			if s, _ := r.List(r.set); s[0].State != Partial || s[0].Size != 50_000 {
				t.Errorf("%+v", s)
			}
			r.cut = []int{60_000, 70_000}
			if err := r.Fetch(t.Context(), r.set); err != nil {
				t.Fatal(err)
			}
			r.installed(t)
			var ranges []string
			for i, h := range r.requests {
				ranges = append(ranges, h.Get("Range"))
				if i > 0 && h.Get("If-Range") != c.ifRange {
					t.Errorf("If-Range %q, want %q", h.Get("If-Range"), c.ifRange)
				}
			}
			if got, want := strings.Join(ranges, " "), " bytes=50000- bytes=50000- bytes=110000- bytes=180000-"; got != want {
				t.Errorf("asked for %q, want %q", got, want)
			}
		})
	}
}

// Servers and parts that do not fit: the result is the whole file, or an error and no file.
func TestResumeMisfits(t *testing.T) {
	part := func(t *testing.T, r *rig, b []byte, url, version string) {
		t.Helper()
		if _, err := r.prepare(r.set); err != nil {
			t.Fatal(err)
		}
		p := newPart(r.path)
		if err := errors.Join(os.WriteFile(p.path, b, 0o644), p.note(url, version)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name     string
		edit     func(t *testing.T, r *rig)
		requests int
	}{
		{"no ranges", func(t *testing.T, r *rig) {
			r.noRange = true
			part(t, r, r.body[:1000], r.set.Files[0].URL, `"v1"`)
		}, 1},
		{"new version", func(t *testing.T, r *rig) { part(t, r, content(9)[:1000], r.set.Files[0].URL, `"v0"`) }, 1},
		{"new version that cannot be told", func(t *testing.T, r *rig) {
			r.etag = ""
			part(t, r, content(9)[:1000], r.set.Files[0].URL, "")
		}, 2},
		{"another URL", func(t *testing.T, r *rig) { part(t, r, content(9)[:1000], "http://elsewhere.invalid/", "") }, 1},
		{"no note", func(t *testing.T, r *rig) {
			part(t, r, content(9)[:1000], "", "")
			_ = os.Remove(newPart(r.path).etag)
		}, 1},
		{"complete", func(t *testing.T, r *rig) { part(t, r, r.body, r.set.Files[0].URL, `"v1"`) }, 0},
		{"complete but wrong", func(t *testing.T, r *rig) { part(t, r, content(9), r.set.Files[0].URL, `"v1"`) }, 1},
		{"too long", func(t *testing.T, r *rig) {
			part(t, r, append(bytes.Clone(r.body), 1), r.set.Files[0].URL, `"v1"`)
		}, 1},
		{"another range", func(t *testing.T, r *rig) {
			r.lie = "bytes 5-199999/200000"
			part(t, r, r.body[:1000], r.set.Files[0].URL, `"v1"`)
		}, 2},
		{"nonsense range", func(t *testing.T, r *rig) {
			r.lie = "octets 1"
			part(t, r, r.body[:1000], r.set.Files[0].URL, `"v1"`)
		}, 2},
		{"not satisfiable", func(t *testing.T, r *rig) {
			f := &r.set.Files[0]
			f.Sums = append(f.Sums, sumOf(append(bytes.Clone(r.body), 7, 7)))
			part(t, r, append(bytes.Clone(r.body), 7), f.URL, `"v1"`)
		}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			c.edit(t, r)
			if err := r.Fetch(t.Context(), r.set); err != nil {
				t.Fatal(err)
			}
			r.installed(t)
			if len(r.requests) != c.requests {
				t.Errorf("%d requests, want %d", len(r.requests), c.requests)
			}
		})
	}
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

// A server that falls silent is given up, and what has arrived is kept.
func TestIdle(t *testing.T) {
	body := content(1)
	silent := make(chan struct{})
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Range") == "" {
			w.Header().Set("Content-Length", "200000")
			_, _ = w.Write(body[:1000])
			_ = http.NewResponseController(w).Flush()
		}
		<-silent
	}))
	defer hs.Close()
	defer close(silent)
	f := Fetcher{Root: t.TempDir(), Idle: 50 * time.Millisecond}
	set := Set{Name: "tiny", Files: []File{{Name: "a.zip", URL: hs.URL, Sums: []Sum{sumOf(body)}}}}
	for range 2 {
		err := f.Fetch(t.Context(), set)
		if !errors.Is(err, errIdle) {
			t.Error(err)
		}
		if n := newPart(filepath.Join(f.Root, "tiny", "a.zip")).size(); n != 1000 {
			t.Errorf("%d bytes kept", n)
		}
	}
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
