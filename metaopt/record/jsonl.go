package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// JSONL records one JSON object per line:
//
//	{"step":20,"kind":"train","learner":"flp","metrics":{"loss":0.25,"grad_norm":"NaN"}}
//
//	step     integer
//	learner  left out if empty, as is message, the last key
//	metrics  in the order recorded; numbers in the shortest form that reads back as the same
//	         float64; what JSON has no number for is a string: "NaN", "+Inf", "-Inf"
//
// The bytes depend on the records alone. See Recorder for what is on the disk when.
type JSONL struct {
	log *logFile
	buf []byte
}

var (
	_ Recorder = (*JSONL)(nil)
	_ Flusher  = (*JSONL)(nil)
)

// CreateJSONL starts a new file. It fails, with fs.ErrExist, where there is one.
func CreateJSONL(path string) (*JSONL, error) {
	l, err := createLog(path)
	if err != nil {
		return nil, err
	}
	return &JSONL{log: l}, nil
}

// OpenJSONL continues a file from the checkpoint of meta-step last: it cuts off the records
// with a step beyond last, from the first of them on, and a last line without its newline. It
// starts a new file where there is none.
//
// A *LogError names the first line before the cut that is no record.
func OpenJSONL(path string, last int) (*JSONL, error) {
	l, _, err := reopenLog(path, func(r *bufio.Reader, _ int64) (int64, error) {
		var kept int64
		for n := 1; ; n++ {
			line, err := r.ReadBytes('\n')
			if err == io.EOF {
				return kept, nil
			}
			if err != nil {
				return 0, err
			}
			var rec struct{ Step *int }
			if err := json.Unmarshal(line, &rec); err != nil || rec.Step == nil {
				return 0, &LogError{Path: path, Place: fmt.Sprintf("line %d", n), Reason: "not a record"}
			}
			if *rec.Step > last {
				return kept, nil
			}
			kept += int64(len(line))
		}
	})
	if err != nil {
		return nil, err
	}
	return &JSONL{log: l}, nil
}

// Record appends a line.
func (j *JSONL) Record(r Record) error {
	if err := r.check(); err != nil {
		return err
	}
	b := append(j.buf[:0], `{"step":`...)
	b = strconv.AppendInt(b, int64(r.Step), 10)
	b = appendString(append(b, `,"kind":`...), r.Kind)
	if r.Learner != "" {
		b = appendString(append(b, `,"learner":`...), r.Learner)
	}
	b = append(b, `,"metrics":{`...)
	for i, m := range r.Metrics {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, m.Name), ':')
		b = appendNumber(b, m.Value)
	}
	b = append(b, '}')
	if r.Message != "" {
		b = appendString(append(b, `,"message":`...), r.Message)
	}
	j.buf = append(b, "}\n"...)
	return j.log.append(j.buf)
}

// Flush brings all records to the disk.
func (j *JSONL) Flush() error { return j.log.Flush() }

// Close flushes and closes the file.
func (j *JSONL) Close() error { return j.log.Close() }

// appendNumber appends v as a JSON number or, where there is none, as a string.
func appendNumber(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(strconv.AppendFloat(append(b, '"'), v, 'g', -1, 64), '"')
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}

// appendString appends s as a JSON string, with what is not UTF-8 replaced by U+FFFD, and
// without the escapes of < > & that only HTML needs.
func appendString(b []byte, s string) []byte {
	var w bytes.Buffer
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(errors.Join(errors.New("metaopt: a string cannot be JSON"), err)) // cannot happen
	}
	return append(b, bytes.TrimSuffix(w.Bytes(), []byte("\n"))...)
}
