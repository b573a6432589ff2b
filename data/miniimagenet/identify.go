package miniimagenet

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"

	"metaplast/data"
	"metaplast/data/regular"
)

// read is how many images identify reads, if there are more than that.
const read = 64

// identify returns a SHA-256 of what the tables and the images say: name and split of every class in
// order, the size of every file in the order of its rows, and the bytes of 64 files, evenly spread
// over all; of all files where there are no more. To read all 60,000 of the real ones takes minutes,
// and a start has to wait for it. So it tells one data set from another, and images of other sizes or in
// another order; of an image that another of as many bytes was put in place of it may know nothing.
// Names and folder of the files are no part of it.
func identify(ctx context.Context, classes []data.Class, files [][]imageFile) ([]byte, error) {
	h := sha256.New()
	number := func(n int64) { h.Write(binary.LittleEndian.AppendUint64(nil, uint64(n))) }
	var all []imageFile
	for k, c := range classes {
		number(int64(len(c.Name)))
		io.WriteString(h, c.Name)
		number(int64(c.Split))
		number(int64(len(files[k])))
		for _, f := range files[k] {
			number(f.size)
		}
		all = append(all, files[k]...)
	}
	n := min(read, len(all))
	for i := range n {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		f := all[i*len(all)/n]
		if err := copyFile(h, f.path); err != nil {
			return nil, &Error{Path: f.path, Err: err, Do: "replace the file, or remove its row"}
		}
	}
	return h.Sum(nil), nil
}

func copyFile(w io.Writer, path string) error {
	f, _, err := regular.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, io.LimitReader(f, limits.Bytes))
	return err
}
