package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"metaplast/data/regular"
)

var errIdle = errors.New("nothing arrives any more")

// transfer asks for what a part lacks and appends it, in one request. It returns nil once the part
// has a size that the file may have. The part stays for a further request if the download is cut
// off or the disk is full.
func (f Fetcher) transfer(ctx context.Context, set Set, file File, p part) error {
	fail := func(err error, do string) error {
		return &Error{Set: set.Name, File: file.Name, Path: file.URL, Err: err, Do: do}
	}
	version, ok := p.version(file.URL)
	from := p.size()
	if !ok || from > file.largest() {
		p.remove()
		version, from = "", 0
	}
	if from == file.largest() && from > 0 {
		return nil
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	clock := time.AfterFunc(f.idle(), func() { stop(fmt.Errorf("%w for %v", errIdle, f.idle())) })
	defer clock.Stop()

	resp, err := f.ask(ctx, file.URL, from, version)
	if err != nil {
		if errors.Is(context.Cause(ctx), errIdle) {
			err = context.Cause(ctx)
		}
		return fail(err, "check the connection and try again, or install from a file")
	}
	defer resp.Body.Close()
	total, err := begin(resp, file, from)
	if err != nil {
		if errors.Is(err, errRestart) {
			p.remove()
			return f.transfer(ctx, set, file, p)
		}
		return fail(err, "install a copy from a file, or look for a newer version of this program")
	}
	if resp.StatusCode == http.StatusOK {
		from = 0
		p.remove()
		if err := p.note(file.URL, versionOf(resp)); err != nil {
			return f.disk(set, file, p.etag, err)
		}
	}
	out, err := regular.OpenLog(p.path, os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return f.disk(set, file, p.path, err)
	}
	readErr, writeErr := copyParts(f.writer(out), resp.Body, file.largest()+1-from, func(n int64) {
		clock.Reset(f.idle())
		f.report(set, file, from+n, total)
	})
	if writeErr == nil {
		writeErr = out.Sync()
	}
	if err := out.Close(); writeErr == nil {
		writeErr = err
	}
	if writeErr != nil {
		return f.disk(set, file, p.path, writeErr)
	}
	size := p.size()
	switch {
	case size > file.largest():
		p.remove()
		return fail(fmt.Errorf("%w: more than %d bytes, want %s", ErrSize, size-1, file.sizes()), "install a copy from a file")
	case readErr != nil || !file.hasSize(size):
		if cause := context.Cause(ctx); cause != nil {
			readErr = cause
		} else if readErr == nil {
			readErr = io.ErrUnexpectedEOF
		}
		return fail(fmt.Errorf("%w after %d of %s bytes: %w", ErrCut, size, file.sizes(), readErr), "run it again to go on from there")
	}
	return nil
}

// ask sends the request for a file from a byte on, if it is still of that version.
func (f Fetcher) ask(ctx context.Context, url string, from int64, version string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity") // bytes of the file are counted, not of a transfer
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
		if version != "" {
			req.Header.Set("If-Range", version)
		}
	}
	return f.client().Do(req)
}

// errRestart: the part does not fit what the server has.
var errRestart = errors.New("start again")

// begin checks the head of an answer and returns the size of the whole file, 0 if it is unknown.
func begin(resp *http.Response, file File, from int64) (int64, error) {
	var total int64
	switch {
	case resp.StatusCode == http.StatusOK:
		total = max(0, resp.ContentLength)
	case resp.StatusCode == http.StatusPartialContent && from > 0:
		start, all, err := contentRange(resp.Header.Get("Content-Range"))
		if err != nil || start != from {
			return 0, errRestart
		}
		total = all
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && from > 0:
		return 0, errRestart
	default:
		return 0, fmt.Errorf("%w: %s", ErrStatus, resp.Status)
	}
	if total > 0 && !file.hasSize(total) {
		return 0, fmt.Errorf("%w: the server has %d bytes, want %s", ErrSize, total, file.sizes())
	}
	return total, nil
}

// contentRange reads "bytes 100-199/200"; the size may be "*" for unknown.
func contentRange(s string) (start, total int64, err error) {
	bad := fmt.Errorf("content range %q", s)
	span, size, ok := strings.Cut(strings.TrimPrefix(s, "bytes "), "/")
	if !ok || !strings.HasPrefix(s, "bytes ") {
		return 0, 0, bad
	}
	if size != "*" {
		if total, err = strconv.ParseInt(size, 10, 64); err != nil || total < 1 {
			return 0, 0, bad
		}
	}
	first, _, ok := strings.Cut(span, "-")
	if start, err = strconv.ParseInt(first, 10, 64); err != nil || !ok || start < 0 {
		return 0, 0, bad
	}
	return start, total, nil
}

// versionOf returns what If-Range may name: a strong ETag or else the time of the last change. It
// is empty where the server says neither; then the checksum alone tells whether parts fit.
func versionOf(resp *http.Response) string {
	if tag := resp.Header.Get("ETag"); strings.HasPrefix(tag, `"`) && !strings.ContainsAny(tag, "\r\n") {
		return tag
	}
	if t, err := http.ParseTime(resp.Header.Get("Last-Modified")); err == nil {
		return t.UTC().Format(http.TimeFormat)
	}
	return ""
}

// copyParts copies up to limit bytes, tells the number so far after every piece, and returns which
// side failed.
func copyParts(w io.Writer, r io.Reader, limit int64, tell func(int64)) (readErr, writeErr error) {
	r = io.LimitReader(r, limit)
	buf := make([]byte, 64<<10)
	var done int64
	for {
		n, err := r.Read(buf)
		if n > 0 {
			if _, werr := w.Write(buf[:n]); werr != nil {
				return nil, werr
			}
			done += int64(n)
			tell(done)
		}
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return err, nil
		}
	}
}
