package study

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"metaplast/metaopt/run"
)

// Verdicts is a line about a finished study.
func Verdicts(r *Result) string {
	var parts []string
	for _, c := range r.Claims {
		parts = append(parts, c.ID+" "+c.Verdict)
	}
	return strings.Join(parts, ", ")
}

// MadeBy tells with what the runs were computed, a line for each kind of start, and when.
func MadeBy(runs []string) []string {
	var kinds []string
	var from, to time.Time
	for _, dir := range runs {
		for _, s := range run.Folder(dir).Starts() {
			if from.IsZero() || s.Time.Before(from) {
				from = s.Time
			}
			if s.Time.After(to) {
				to = s.Time
			}
			kind := fmt.Sprintf("Computed with metaplast %s, %s, %s, %s, matrix products of %s, own kernels in %s.", s.Version, s.Go, s.System, s.CPU, s.BLAS, s.Tiles)
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	if !from.IsZero() {
		kinds = append(kinds, fmt.Sprintf("The first run was started on %s, the last on %s UTC.", from.Format("2006-01-02 15:04"), to.Format("2006-01-02 15:04")))
	}
	return kinds
}
