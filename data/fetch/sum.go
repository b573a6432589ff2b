package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"metaplast/data/regular"
)

// SumFile returns the checksum and the size of a regular file. It fails with the error of the system, or the
// cause of a cancelled context.
func SumFile(ctx context.Context, path string) (Sum, error) {
	f, _, err := regular.Open(path)
	if err != nil {
		return Sum{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, reader{ctx, f})
	if err != nil {
		return Sum{}, err
	}
	return Sum{SHA256: hex.EncodeToString(h.Sum(nil)), Size: n}, nil
}

// reader ends with the cause of its context.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.r.Read(p)
}
