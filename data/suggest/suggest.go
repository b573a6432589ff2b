// Package suggest finds the word that was meant: where a name is not in a list of known ones, the
// error says which of them is most like it.
package suggest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xrash/smetrics"
)

// UnknownError says that a name is not in a list of known ones.
type UnknownError struct {
	Kind    string   // what is named
	Name    string   // the name that was given
	Known   []string // what there is
	Nearest string   // the known name most like it; empty if none is much like it
}

func (e *UnknownError) Error() string {
	text := fmt.Sprintf("unknown %s %q: ", e.Kind, e.Name)
	switch {
	case len(e.Known) == 0:
		return text + "there are none"
	case e.Nearest == "":
		return text + "there are " + strings.Join(e.Known, ", ")
	}
	return text + fmt.Sprintf("did you mean %q? There are %s", e.Nearest, strings.Join(e.Known, ", "))
}

// Unknown makes an UnknownError, or returns nil if name is known. Kind is what is named: "rule",
// "pathway".
func Unknown(kind, name string, known []string) error {
	if slices.Contains(known, name) {
		return nil
	}
	return &UnknownError{Kind: kind, Name: name, Known: known, Nearest: nearest(name, known)}
}

// nearest is the known name that was probably meant: the one that takes the fewest insertions,
// deletions and replacements of characters, if these are few beside the lengths of the names; else
// the first that begins with the name or that the name begins with. Case does not count.
func nearest(name string, known []string) string {
	name = strings.ToLower(name)
	best, least := "", 0
	for _, k := range known {
		d := smetrics.WagnerFischer(name, strings.ToLower(k), 1, 1, 1)
		n := max(len(name), len(k))
		if few := min((n+2)/3, n-1); d <= few && (best == "" || d < least) {
			best, least = k, d
		}
	}
	if best != "" || len(name) < 2 {
		return best
	}
	for _, k := range known {
		if l := strings.ToLower(k); strings.HasPrefix(l, name) || len(l) > 2 && strings.HasPrefix(name, l) {
			return k
		}
	}
	return ""
}

// Closest is the known name that takes the fewest insertions, deletions and replacements of
// characters, the first of several, however many these are. There must be one.
func Closest(name string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int {
		return smetrics.WagnerFischer(name, a, 1, 1, 1) - smetrics.WagnerFischer(name, b, 1, 1, 1)
	})
}
