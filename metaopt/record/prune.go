package record

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"metaplast/data/durable"
	"metaplast/data/regular"
)

// errWhole says that there is nothing to be dropped.
var errWhole = errors.New("nothing to drop")

// PruneJSONL removes the records from the file of a JSONL for which drop says so, and a half-written
// end; TensorBoard's files are PruneTensorBoard's. The file is replaced at once, or not touched where it
// has none of them, or is not there. Nothing may write to it.
//
// A *LogError names the first line that is no record.
func PruneJSONL(path string, drop func(step int, kind string) bool) error {
	return prune(path, func(w io.Writer, r *bufio.Reader, _ int64) (dropped int, err error) {
		for n := 1; ; n++ {
			line, err := r.ReadBytes('\n')
			if err == io.EOF {
				return dropped, nil
			}
			if err != nil {
				return 0, err
			}
			rec, err := parseRecord(bytes.TrimSuffix(line, []byte("\n")))
			if err != nil {
				return 0, &LogError{Path: path, Place: fmt.Sprintf("line %d", n), Reason: "not a record: " + err.Error()}
			}
			if drop(rec.Step, rec.Kind) {
				dropped++
				continue
			}
			if _, err := w.Write(line); err != nil {
				return 0, err
			}
		}
	})
}

// PruneTensorBoard is PruneJSONL for the event files below dir. What stays keeps its time.
func PruneTensorBoard(dir string, drop func(step int, kind string) bool) error {
	paths, err := eventFiles(dir)
	if err != nil {
		return err
	}
	for _, path := range paths {
		err := prune(path, func(w io.Writer, r *bufio.Reader, size int64) (dropped int, err error) {
			err = readEvents(path, r, size, func(data []byte, step int64) (bool, error) {
				if drop(int(step), eventKindOf(data)) {
					dropped++
					return true, nil
				}
				_, err := w.Write(appendRecord(nil, data))
				return true, err
			})
			return dropped, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// prune replaces a file by what copied writes of it, unless that drops nothing.
func prune(path string, copied func(w io.Writer, r *bufio.Reader, size int64) (dropped int, err error)) error {
	f, size, err := regular.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	err = durable.Replace(path, "", func(w io.Writer) error {
		b := bufio.NewWriter(w)
		dropped, err := copied(b, bufio.NewReader(f), size)
		if err == nil && dropped == 0 {
			err = errWhole
		}
		return errors.Join(err, b.Flush())
	})
	if errors.Is(err, errWhole) {
		return nil
	}
	return err
}
