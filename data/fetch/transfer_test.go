package fetch

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

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

func TestContentRange(t *testing.T) {
	for _, c := range []struct {
		text         string
		start, total int64
		ok           bool
	}{
		{"bytes 100-199/200", 100, 200, true},
		{"bytes 0-0/1", 0, 1, true},
		{"bytes 5-9/*", 5, 0, true},
		{"", 0, 0, false}, {"bytes */200", 0, 0, false}, {"bytes 1-2", 0, 0, false}, {"bytes x-2/3", 0, 0, false},
		{"bytes 1/3", 0, 0, false}, {"bytes 1-2/x", 0, 0, false}, {"bytes 1-2/-3", 0, 0, false}, {"1-2/3", 0, 0, false},
	} {
		start, total, err := contentRange(c.text)
		if start != c.start || total != c.total || (err == nil) != c.ok {
			t.Errorf("%q: %d, %d, %v", c.text, start, total, err)
		}
	}
}
