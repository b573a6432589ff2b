package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
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
