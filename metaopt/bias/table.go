package bias

import (
	"bytes"
	"fmt"
	"text/tabwriter"
)

// Row is what truncation to so many inner steps costs.
type Row struct {
	Steps  int    `json:"steps"`
	Groups []Bias `json:"groups"`
}

// Table shows rows to people.
func Table(all []Row, steps, episodes int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "meta-gradients through the last K of %d inner steps against the exact ones,\nmeans over %d episodes: cosine, ratio of norms\n\n", steps, episodes)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "learner\tgroup\tK\tcosine\tratio")
	for i := range all[0].Groups {
		for _, k := range all {
			g := k.Groups[i]
			fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\n", g.Learner, g.Group, k.Steps, g.Cosine.Brief(), g.Ratio.Brief())
		}
	}
	w.Flush()
	return b.Bytes()
}
