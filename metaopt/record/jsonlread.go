package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"metaplast/data/regular"
)

// ReadJSONL hands the records of a file that JSONL has written to visit, in order. A last line
// without its newline is none. A *LogError names the first line that is no record; an error of visit
// ends the reading and is returned.
func ReadJSONL(path string, visit func(Record) error) error {
	f, _, err := regular.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		rec, err := parseRecord(line)
		if err != nil {
			return &LogError{Path: path, Place: fmt.Sprintf("line %d", n), Reason: "not a record: " + err.Error()}
		}
		if err := visit(rec); err != nil {
			return err
		}
	}
}

// parseRecord is the way back from Record to a line.
func parseRecord(line []byte) (Record, error) {
	var doc struct {
		Step    *int
		Kind    string
		Learner string
		Metrics json.RawMessage
		Message string
	}
	if err := json.Unmarshal(line, &doc); err != nil {
		return Record{}, err
	}
	if doc.Step == nil {
		return Record{}, fmt.Errorf("no step")
	}
	rec := Record{Step: *doc.Step, Kind: doc.Kind, Learner: doc.Learner, Message: doc.Message}
	if doc.Metrics == nil {
		return rec, nil
	}
	// The order of the metrics is part of the record, which a map would lose.
	d := json.NewDecoder(bytes.NewReader(doc.Metrics))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return rec, fmt.Errorf("metrics: want an object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return rec, err
		}
		value, err := d.Token()
		if err != nil {
			return rec, err
		}
		v, err := strconv.ParseFloat(fmt.Sprint(value), 64)
		if err != nil {
			return rec, fmt.Errorf("metric %v: %v is no number", name, value)
		}
		rec.Metrics = append(rec.Metrics, Metric{name.(string), v})
	}
	return rec, nil
}
