package continual

import (
	"fmt"
	"io"
	"text/tabwriter"

	"metaplast/metaopt/measure"
)

// Head begins the documents about a run's learners. Seed and split are those of the plan and of what is
// asked; whoever asks says the rest.
type Head struct {
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"` // of the configuration
	Seed        uint64 `json:"seed"`
	Split       string `json:"split"`
	MetaSteps   int    `json:"meta_steps"`
}

// Mean is a mean with its 95 % interval.
type Mean struct {
	Mean measure.Number `json:"mean"`
	Low  measure.Number `json:"low95"`
	High measure.Number `json:"high95"`
}

func meanOf(i measure.Interval) Mean {
	return Mean{measure.Number(i.Estimate), measure.Number(i.Low), measure.Number(i.High)}
}

// percent shows it to people, without the sign; a single run has no interval.
func (a Mean) percent() string {
	if a.Low != a.Low {
		return fmt.Sprintf("%.1f", 100*a.Mean)
	}
	return fmt.Sprintf("%.1f [%.1f, %.1f]", 100*float64(a.Mean), 100*float64(a.Low), 100*float64(a.High))
}

// columns aligns cells that are separated by tabs.
func columns(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }
