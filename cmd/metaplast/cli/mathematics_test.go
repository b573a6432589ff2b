package cli

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"metaplast/metaopt/measure"
)

// TestDocsRetention asks that the page's formula of retention, for losses, has the sign of what
// measure.Retain computes. The sentence before a list of formulas may turn their sign.
func TestDocsRetention(t *testing.T) {
	text := page(t, filepath.Join("docs", "mathematics.md"))
	m := regexp.MustCompile(`\n    retention +[LR]\[(j(?:\+a)?)\]\[j\] − [LR]\[(j(?:\+a)?)\]\[j\]`).FindStringSubmatchIndex(text)
	if m == nil {
		t.Fatal("no formula of retention")
	}
	losses := [][]float64{{1, 9}, {3, 2}} // of task 0: 1 after its own turn, 3 after the next
	at := map[string]float64{"j": losses[0][0], "j+a": losses[1][0]}
	want := at[text[m[2]:m[3]]] - at[text[m[4]:m[5]]]
	before := text[:m[0]]
	list := before[:strings.LastIndex(before, "\n\n")+1] // up to the list that it is in
	if intro := list[strings.LastIndex(strings.TrimSpace(list), "\n\n")+1:]; strings.Contains(intro, "change sign") {
		want = -want
	}
	r, err := measure.Retain(losses)
	if err != nil {
		t.Fatal(err)
	}
	if r.ByAge[1] != want {
		t.Errorf("by the page retention is %v, by measure.Retain %v", want, r.ByAge[1])
	}
}
