package pages

import (
	"bytes"
	"fmt"
	"text/tabwriter"

	"metaplast/metaopt/study"
)

// Study is a study in the listing.
type Study struct {
	Name    string   `json:"name"`
	Summary string   `json:"summary"`
	Arms    []string `json:"arms"`
	Claims  []Claim  `json:"claims"`
	Tuning  string   `json:"tuning"`
}

// Claim is a claim that a study tests.
type Claim struct {
	ID     string `json:"id"`
	Claim  string `json:"claim"`
	Source string `json:"source"`
}

// StudyList describes all studies.
func StudyList() []Study {
	var list []Study
	for _, s := range study.Studies() {
		e := Study{Name: s.Name, Summary: s.Summary, Tuning: s.Tuning}
		for _, a := range s.Arms {
			e.Arms = append(e.Arms, a.Name)
		}
		for _, c := range s.Claims {
			e.Claims = append(e.Claims, Claim{c.ID, c.Statement, c.Source})
		}
		list = append(list, e)
	}
	return list
}

// StudiesText lists studies to people, with the claims that they test.
func StudiesText(list []Study) []byte {
	var b bytes.Buffer
	b.WriteString("studies, for metaplast study NAME, with the claims that they test:\n")
	for _, e := range list {
		fmt.Fprintf(&b, "\n%s: %s\n", e.Name, e.Summary)
		w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
		for _, c := range e.Claims {
			fmt.Fprintf(w, "  %s\t%s\n", c.ID, c.Claim)
		}
		w.Flush()
	}
	return b.Bytes()
}
