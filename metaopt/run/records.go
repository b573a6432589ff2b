package run

import (
	"errors"
	"time"

	"metaplast/metaopt/record"
)

// records hands the records to the files, which are opened after all that can be wrong has
// been checked.
type records struct{ record.Multi }

// open opens the files, which keep what they have up to meta-step last. Without a clock there are no
// event files, each of whose records has a time.
func (r *records) open(f Folder, last int, now func() time.Time) error {
	jsonl, err := record.OpenJSONL(f.Metrics(), last)
	if err != nil {
		return err
	}
	r.Multi = append(r.Multi, jsonl)
	if now == nil {
		return nil
	}
	if err := r.openBoard(f, last, now); err != nil {
		return errors.Join(err, r.Close())
	}
	return nil
}

// openBoard opens the event files. Where they hold less than metrics.jsonl they are made anew from it.
func (r *records) openBoard(f Folder, last int, now func() time.Time) error {
	board, err := record.OpenTensorBoard(f.Path("tensorboard"), last, now)
	if err != nil {
		return err
	}
	r.Multi = append(r.Multi, board)
	events := map[string]int{}
	each := func(do func(record.Record) error) error {
		return record.ReadJSONL(f.Metrics(), func(rec record.Record) error {
			if len(rec.Metrics) == 0 {
				return nil
			}
			return do(rec)
		})
	}
	if err := each(func(rec record.Record) error { events[rec.Learner]++; return nil }); err != nil {
		return err
	}
	for learner, n := range events {
		if board.Events(learner) < n {
			if err := board.Restart(); err != nil {
				return err
			}
			return each(board.Record)
		}
	}
	return nil
}
