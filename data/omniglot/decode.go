package omniglot

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"metaplast/data/internal/picture"
)

// decode writes all drawings of characters to dst, [n,n] each, in their order, on all processors.
func decode(ctx context.Context, dst []uint8, characters []character, n int, path string) error {
	var files []*zip.File
	for _, c := range characters {
		files = append(files, c.drawings...)
	}
	g, ctx := errgroup.WithContext(ctx)
	workers := max(1, min(runtime.GOMAXPROCS(0), len(files)/64))
	for w := range workers {
		g.Go(func() error {
			for i := w * len(files) / workers; i < (w+1)*len(files)/workers; i++ {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if err := decodeOne(dst[i*n*n:(i+1)*n*n], files[i], n); err != nil {
					return &Error{Path: path, Entry: files[i].Name, Err: err, Do: again}
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// decodeOne writes one drawing: 255 where the paper is black, 0 where it is white.
func decodeOne(dst []uint8, f *zip.File, n int) error {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrArchive, err)
	}
	defer r.Close()
	m, err := picture.Decode(r, picture.Limits{Bytes: maxEntryBytes, Side: maxSide})
	switch {
	case errors.Is(err, picture.ErrLimit):
		return fmt.Errorf("%w: %w", ErrLimit, err)
	case errors.Is(err, picture.ErrFormat):
		return fmt.Errorf("%w: %w", ErrImage, err)
	case err != nil: // a checksum of the archive, for example
		return fmt.Errorf("%w: %w", ErrArchive, err)
	}
	pixels, w, h := picture.Gray(m)
	for i, v := range pixels {
		pixels[i] = 255 - v
	}
	picture.Area(dst, n, pixels, w, h)
	return nil
}
