package record

import (
	"fmt"
	"io"
	"strings"
)

// Console prints one short line per record, for people and for logs of batch jobs:
//
//	step     500  eval   flp         query_mse 0.4821    ci95 0.03102
//	step     500  eval   oml         query_mse 0.5177    ci95 0.02914
//
// Numbers have four significant digits; see JSONL for all of them. Columns line up as long as
// names are of usual length, and what is longer is not cut. There is no colour and no motion.
// Each line is one Write. The writer stays open.
type Console struct{ w io.Writer }

var _ Recorder = Console{}

// NewConsole returns a Console that prints to w.
func NewConsole(w io.Writer) Console { return Console{w: w} }

// Record prints r.
func (c Console) Record(r Record) error {
	var b strings.Builder
	fmt.Fprintf(&b, "step %7d  %-5s  %-10s", r.Step, r.Kind, r.Learner)
	for _, m := range r.Metrics {
		fmt.Fprintf(&b, "  %s %-8.4g", m.Name, m.Value)
	}
	if r.Message != "" {
		// A line stays a line whatever the message holds.
		b.WriteString("  " + strings.Join(strings.Fields(r.Message), " "))
	}
	_, err := fmt.Fprintln(c.w, strings.TrimRight(b.String(), " "))
	return err
}

// Close does nothing.
func (c Console) Close() error { return nil }
