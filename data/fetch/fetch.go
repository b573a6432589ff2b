package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Fetcher brings data sets into a root. The zero value is ready for use. Methods must not work on
// one set of one root at the same time, in one process or in several: no harm comes of it, since
// checksums are compared before anything is installed, but both may fail.
type Fetcher struct {
	Root     string         // folder; empty for that of Root("")
	Client   *http.Client   // nil for one that gives a server 30 s to answer
	Idle     time.Duration  // how long a download may stand still; 0 means 60 s
	Progress func(Progress) // told of every piece that arrives, from the goroutine of the call; may be nil

	wrap func(io.Writer) io.Writer // what downloads and copies are written through; nil for none
}

// Progress is how far a download or a copy is.
type Progress struct {
	Set, File   string
	Done, Total int64 // bytes; Total is 0 while unknown
}

// retries is how often one call takes up a download that was cut off, each time only if something
// has arrived since.
const retries = 5

// Fetch downloads the files of a set that are not installed, or not soundly. A download that was
// interrupted goes on where it stopped, if the server allows it and has the same version.
//
// It stops at the first file that fails, with an *Error around ErrManual, ErrStatus, ErrSize,
// ErrChecksum, ErrCut, ErrFull or an error of the net or the disk, or with the cause of a cancelled
// context. Run it again to go on.
func (f Fetcher) Fetch(ctx context.Context, set Set) error {
	if len(set.Files) == 0 {
		return &Error{Set: set.Name, Err: ErrManual, Do: set.Manual}
	}
	dir, err := f.prepare(set)
	if err != nil {
		return err
	}
	for _, file := range set.Files {
		path := filepath.Join(dir, file.Name)
		switch sum, err := SumFile(ctx, path); {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == nil && file.has(sum):
			continue
		}
		if err := f.download(ctx, set, file, path); err != nil {
			return err
		}
	}
	return nil
}

// prepare creates the folder of a set.
func (f Fetcher) prepare(set Set) (string, error) {
	dir, err := Dir(f.Root, set.Name)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", f.disk(set, File{}, dir, err)
	}
	return dir, nil
}

// download brings one file to path.
func (f Fetcher) download(ctx context.Context, set Set, file File, path string) error {
	fresh := false
	for try := 0; ; try++ {
		p := newPart(path)
		before := p.size()
		err := f.transfer(ctx, set, file, p)
		switch {
		case err == nil:
			err = f.accept(ctx, set, file, p, path)
			if !errors.Is(err, ErrChecksum) || before == 0 || fresh {
				return err
			}
			fresh = true // the first part may have been of another version: once more, from the start
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !errors.Is(err, ErrCut) || try >= retries || p.size() <= before:
			return err
		}
	}
}

// accept installs a complete part, or removes one that is not what it should be.
func (f Fetcher) accept(ctx context.Context, set Set, file File, p part, path string) error {
	sum, err := SumFile(ctx, p.path)
	if err != nil {
		return f.disk(set, file, p.path, err)
	}
	if !file.has(sum) {
		p.remove()
		return &Error{Set: set.Name, File: file.Name, Path: file.URL, Do: "try again, or install a copy from a file",
			Err: fmt.Errorf("%w: SHA-256 %s of %d bytes, want %s", ErrChecksum, sum.SHA256, sum.Size, file.hashes())}
	}
	if err := os.Rename(p.path, path); err != nil {
		return f.disk(set, file, path, err)
	}
	p.remove()
	return nil
}

// disk makes an error of the system an *Error, and says so where there is no space.
func (f Fetcher) disk(set Set, file File, path string, err error) error {
	e := &Error{Set: set.Name, File: file.Name, Path: path, Err: err}
	if isFull(err) {
		e.Err = fmt.Errorf("%w: %w", ErrFull, err)
		e.Do = fmt.Sprintf("free %d bytes, or set %s to a folder on another disk", file.largest(), RootEnv)
	}
	return e
}

func (f Fetcher) client() *http.Client {
	if f.Client != nil {
		return f.Client
	}
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   30 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		ForceAttemptHTTP2:     true,
		DisableKeepAlives:     true,
	}}
}

func (f Fetcher) idle() time.Duration {
	if f.Idle > 0 {
		return f.Idle
	}
	return time.Minute
}

func (f Fetcher) report(set Set, file File, done, total int64) {
	if f.Progress != nil {
		f.Progress(Progress{Set: set.Name, File: file.Name, Done: done, Total: total})
	}
}

// writer is what a file is written through.
func (f Fetcher) writer(w io.Writer) io.Writer {
	if f.wrap != nil {
		return f.wrap(w)
	}
	return w
}
