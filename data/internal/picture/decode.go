package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // a format of Decode
	_ "image/png"  // a format of Decode
	"io"
)

var (
	// ErrFormat: neither a PNG nor a JPEG image, or a broken one.
	ErrFormat = errors.New("not a PNG or JPEG image")
	// ErrLimit: more bytes or more pixels than the limits allow.
	ErrLimit = errors.New("too large")
)

// Limits bound what an image may cost, before any of it is decoded.
type Limits struct {
	Bytes int64 // of the file
	Side  int   // pixels each way
}

// Decode reads an image of at most l.Bytes bytes and l.Side × l.Side pixels. Sizes are checked
// before pixels are decoded. Its errors wrap ErrFormat, ErrLimit or the reader's own.
func Decode(r io.Reader, l Limits) (image.Image, error) {
	raw, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(raw)) > l.Bytes {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrLimit, l.Bytes)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if c.Width < 1 || c.Height < 1 {
		return nil, fmt.Errorf("%w: %d×%d pixels", ErrFormat, c.Width, c.Height)
	}
	if c.Width > l.Side || c.Height > l.Side {
		return nil, fmt.Errorf("%w: %d×%d pixels, want at most %d×%d", ErrLimit, c.Width, c.Height, l.Side, l.Side)
	}
	m, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return m, nil
}
