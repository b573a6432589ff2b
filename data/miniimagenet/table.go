package miniimagenet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Limits of a table. The real ones have up to 38,400 rows of 30 bytes.
const (
	maxTable = 16 << 20 // bytes
	maxRows  = 1 << 19
)

// row is a line of a table.
type row struct {
	file, label string
	line        int
}

// readTable reads a table: a line "filename,label", then one for each image. A byte order mark at
// the start is passed over. path is the table's, for messages.
func readTable(r io.Reader, path string) ([]row, error) {
	fail := func(line int, err error, do string) ([]row, error) {
		return nil, &Error{Path: path, Line: line, Err: err, Do: do}
	}
	limited := &io.LimitedReader{R: r, N: maxTable + 1}
	buf := bufio.NewReader(limited)
	if bom, err := buf.Peek(3); err == nil && string(bom) == "\ufeff" {
		_, _ = buf.Discard(3) // has just been read
	}
	c := csv.NewReader(buf)
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	var rows []row
	for first := true; ; first = false {
		fields, err := c.Read()
		if limited.N <= 0 || len(rows) > maxRows {
			return fail(0, fmt.Errorf("%w: want at most %d rows in %d bytes", ErrLimit, maxRows, maxTable), "")
		}
		if err == io.EOF && !first {
			break
		}
		if err != nil {
			if parse, ok := errors.AsType[*csv.ParseError](err); ok {
				return fail(parse.Line, fmt.Errorf("%w: %w", ErrTable, parse.Err), "write it as CSV with the columns filename,label")
			}
			if err == io.EOF {
				err = fmt.Errorf("%w: it is empty", ErrTable)
			}
			return fail(0, err, "write it as CSV with the columns filename,label")
		}
		line, _ := c.FieldPos(0)
		if first {
			if len(fields) != 2 || fields[0] != "filename" || fields[1] != "label" {
				return fail(line, fmt.Errorf("%w: columns %.200q, want filename,label", ErrTable, strings.Join(fields, ",")), "")
			}
			continue
		}
		if len(fields) != 2 {
			return fail(line, fmt.Errorf("%w: %d columns, want 2: filename,label", ErrTable, len(fields)), "")
		}
		r := row{file: strings.Clone(fields[0]), label: strings.Clone(fields[1]), line: line}
		if !filepath.IsLocal(r.file) || strings.ContainsAny(r.file, "\\:\x00") || filepath.Clean(r.file) != r.file || r.file == "." {
			return fail(line, fmt.Errorf("%w: %.200q, want a file in the folder images", ErrName, r.file), "")
		}
		if r.label == "" {
			return fail(line, fmt.Errorf("%w: no label", ErrTable), "")
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return fail(0, fmt.Errorf("%w: no images in it", ErrTable), "")
	}
	return rows, nil
}
