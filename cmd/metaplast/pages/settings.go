package pages

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"metaplast/metaopt/config"
)

// SettingsText lists settings to people.
func SettingsText(list []config.Setting) []byte {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	for _, s := range list {
		fmt.Fprintf(w, "%s\t%s\n\t  %s: %s; default: %s\n", s.Path, s.About, s.Type, s.Range, s.Default)
	}
	w.Flush()
	return b.Bytes()
}

// SettingsMarkdown is the tables of docs/settings.md, one for each part of a configuration.
func SettingsMarkdown(list []config.Setting) []byte {
	var b bytes.Buffer
	last := "-"
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b config.Setting) int { // those of no part first
		return min(strings.Count(a.Path, "."), 1) - min(strings.Count(b.Path, "."), 1)
	})
	for _, s := range list {
		part, _, nested := strings.Cut(s.Path, ".")
		if !nested {
			part = ""
		}
		if part != last {
			last = part
			title := "The file and the run"
			if part != "" {
				title = "`" + part + "`"
			}
			fmt.Fprintf(&b, "\n## %s\n\n", title)
			markdownRow(&b, "setting", "type", "default", "legal", "what it is")
			fmt.Fprintf(&b, "|%s\n", strings.Repeat(" --- |", 5))
		}
		markdownRow(&b, "`"+s.Path+"`", s.Type, s.Default, s.Range, s.About)
	}
	return bytes.TrimPrefix(b.Bytes(), []byte("\n"))
}
