package omniglot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"metaplast/data"
	"metaplast/data/fetch"
	"metaplast/data/regular"
)

// Info is how a bank came about.
type Info struct {
	Background, Evaluation fetch.Sum // of the archives
	Known                  bool      // both checksums are ones that fetch knows
	Cache                  string    // path of the cache; empty with NoCache
	FromCache              bool      // nothing had to be decoded
	CacheErr               error     // why a cache that was there was not used, or why none could be written; to be shown as a warning
}

// Load returns the characters as a bank named "omniglot" with drawings [1,Size,Size]. Its classes
// have names such as "Greek/character03" and are sorted by them within background and evaluation,
// as in the archives. It decodes on all processors, and gives the same bytes on any number of them
// and from the cache.
//
// The bank's origin has the identity of the drawings before rotations: the Digest of their bank, which
// how the archives were packed is no part of. Computing it takes some 20 ms for the whole data set at
// 28×28.
//
// It fails with the faults of Validate, an *Error, or the cause of a cancelled context. A cache that
// is corrupt or cannot be written is no failure but a note in Info and the origin.
func Load(ctx context.Context, c Config) (*data.Bank, Info, error) {
	if err := c.Validate(); err != nil {
		return nil, Info{}, err
	}
	c, err := c.withDefaults()
	if err != nil {
		return nil, Info{}, err
	}
	h, pixels, info, err := load(ctx, c)
	if err != nil {
		return nil, info, err
	}
	b, err := c.bank(h, pixels, info)
	return b, info, err
}

// load returns all drawings, from the cache or from the archives.
func load(ctx context.Context, c Config) (header, []uint8, Info, error) {
	var info Info
	h := header{Size: c.Size}
	for _, a := range []struct {
		name string
		sum  *fetch.Sum
		hash *string
	}{{fetch.BackgroundZip, &info.Background, &h.Background}, {fetch.EvaluationZip, &info.Evaluation, &h.Evaluation}} {
		sum, err := sumArchive(ctx, filepath.Join(c.Dir, a.name))
		if err != nil {
			return header{}, nil, info, err
		}
		*a.sum, *a.hash = sum, sum.SHA256
	}
	info.Known = known(info)
	if !c.NoCache {
		dir, err := fetch.Dir(c.Root, fetch.Omniglot)
		if err != nil {
			return header{}, nil, info, err
		}
		info.Cache = h.file(dir)
		cached, pixels, err := readCache(info.Cache, h)
		if err == nil {
			info.FromCache = true
			return cached, pixels, info, nil
		}
		if !absent(err) {
			info.CacheErr = &Error{Path: info.Cache, Err: err, Do: "it is written anew"}
		}
	}
	pixels, err := c.archives(ctx, &h)
	if err != nil {
		return header{}, nil, info, err
	}
	if !c.NoCache {
		if err := writeCache(info.Cache, h, pixels); err != nil {
			info.CacheErr = errors.Join(info.CacheErr, &Error{Path: info.Cache, Err: fmt.Errorf("no cache could be written: %w", err),
				Do: fmt.Sprintf("set %s to a folder with space, or decode at every start", fetch.RootEnv)})
		}
	}
	return h, pixels, info, nil
}

func sumArchive(ctx context.Context, path string) (fetch.Sum, error) {
	sum, err := fetch.SumFile(ctx, path)
	switch {
	case err == nil:
		return sum, nil
	case ctx.Err() != nil:
		return sum, context.Cause(ctx)
	case errors.Is(err, os.ErrNotExist):
		return sum, &Error{Path: path, Err: fmt.Errorf("%w: %w", ErrMissing, err),
			Do: "run metaplast data fetch omniglot, or name the folder of the two archives as dir"}
	}
	return sum, &Error{Path: path, Err: err}
}

// known tells whether fetch knows the checksums of both archives.
func known(info Info) bool {
	set, err := fetch.Lookup(fetch.Omniglot)
	if err != nil {
		return false
	}
	for i, sum := range []fetch.Sum{info.Background, info.Evaluation} {
		if !slices.Contains(set.Files[i].Sums, sum) {
			return false
		}
	}
	return true
}

// archives decodes both archives and fills in the classes of the header.
func (c Config) archives(ctx context.Context, h *header) ([]uint8, error) {
	var parts [2][]character
	drawings := 0
	for i, name := range []string{fetch.BackgroundZip, fetch.EvaluationZip} {
		path := filepath.Join(c.Dir, name)
		f, size, err := regular.Open(path)
		if err != nil {
			return nil, &Error{Path: path, Err: err}
		}
		defer f.Close()
		if parts[i], err = readIndex(f, size, path, strings.TrimSuffix(name, ".zip")); err != nil {
			return nil, err
		}
		for _, ch := range parts[i] {
			h.Classes = append(h.Classes, cacheClass{Name: ch.name, Evaluation: i == 1, Drawings: len(ch.drawings)})
			drawings += len(ch.drawings)
		}
	}
	n := h.bytes()
	if n < 0 {
		return nil, &Error{Path: c.Dir, Err: fmt.Errorf("%w: %d drawings of %d×%d pixels, want at most %d bytes", ErrLimit, drawings, c.Size, c.Size, maxBytes), Do: "choose a smaller size"}
	}
	pixels := make([]uint8, n)
	rest := pixels
	for i, name := range []string{fetch.BackgroundZip, fetch.EvaluationZip} {
		n := 0
		for _, ch := range parts[i] {
			n += len(ch.drawings) * c.Size * c.Size
		}
		if err := decode(ctx, rest[:n], parts[i], c.Size, filepath.Join(c.Dir, name)); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	return pixels, nil
}
