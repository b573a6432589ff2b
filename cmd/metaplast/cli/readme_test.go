package cli

import (
	"regexp"
	"strings"
	"testing"

	"metaplast/cmd/metaplast/pages"
)

// projectRules are the names of the project's own rules, which the README counts.
func projectRules() string {
	var names []string
	for _, r := range pages.Registered(ours).Rules {
		names = append(names, r.Name)
	}
	return strings.Join(names, " ")
}

// checkSummary is the README's count of passed checks. The errors beside it are those of the
// machine that it was written on.
func checkSummary(t *testing.T, readme string) string {
	t.Helper()
	s := regexp.MustCompile(`\d+ of \d+ passed`).FindString(readme)
	if s == "" {
		t.Fatal("README: no summary of metaplast check")
	}
	return s
}
