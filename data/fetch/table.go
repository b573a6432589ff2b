package fetch

import (
	"bytes"
	"context"
	"fmt"
	"text/tabwriter"
)

// Statuses is List of data sets, or Verify of each.
func (f Fetcher) Statuses(ctx context.Context, verify bool, sets []Set) ([]Status, error) {
	if !verify {
		return f.List(sets...)
	}
	var all []Status
	for _, s := range sets {
		st, err := f.Verify(ctx, s)
		if err != nil {
			return nil, err
		}
		all = append(all, st...)
	}
	return all, nil
}

// Table shows the state of data sets to people.
func Table(sets []Set, all []Status) []byte {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	for _, set := range sets {
		fmt.Fprintf(w, "%s: %s\n  licence: %s\n", set.Name, set.About, set.License)
		if set.Manual != "" {
			fmt.Fprintf(w, "  by hand: %s\n", set.Manual)
		}
		for _, s := range all {
			if s.Set == set.Name {
				fmt.Fprintf(w, "  %s\t%s\t%.1f MB\t%s\n", s.File, s.State, float64(s.Size)/1e6, s.Path)
			}
		}
	}
	w.Flush()
	return b.Bytes()
}
