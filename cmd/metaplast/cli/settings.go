package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"metaplast/metaopt/config"
)

func settingsCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "settings", Usage: "list the settings of a configuration", ArgsUsage: "[PATH]",
		Description: "Every setting with its default, what is legal and what it does; below PATH, such as meta or\n" +
			"task.size, if one is given.",
		Flags: []cli.Flag{
			flagJSON(),
			&cli.BoolFlag{DisableDefaultText: true, Name: "markdown", Usage: "print the tables of docs/settings.md"},
		},
		BashComplete: complete(func() []string { return settingPaths() }),
		Action:       func(c *cli.Context) error { return listSettings(u, c) },
	}
}

func listSettings(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 1, "at most one path"); err != nil {
		return err
	}
	if c.Bool("json") && c.Bool("markdown") {
		return usagef("settings: --json and --markdown exclude each other")
	}
	all, err := config.Settings()
	if err != nil {
		return err
	}
	list := all
	if path := strings.TrimSuffix(c.Args().First(), "."); path != "" {
		list = nil
		for _, s := range all {
			if s.Path == path || strings.HasPrefix(s.Path, path+".") || strings.HasPrefix(s.Path, path+"[") {
				list = append(list, s)
			}
		}
		if len(list) == 0 {
			return usagef("settings: no setting is or is below %q: want a path such as meta, meta.steps or learners.NAME.rule", path)
		}
	}
	switch {
	case c.Bool("json"):
		return u.json(list)
	case c.Bool("markdown"):
		return u.print(settingsMarkdown(list))
	}
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	for _, s := range list {
		fmt.Fprintf(w, "%s\t%s\n\t  %s: %s; default: %s\n", s.Path, s.About, s.Type, s.Range, s.Default)
	}
	w.Flush()
	return u.print(b.Bytes())
}

// settingPaths are the paths of all settings; none where they cannot be listed, which the command
// itself tells.
func settingPaths() []string {
	all, err := config.Settings()
	if err != nil {
		return nil
	}
	var list []string
	for _, s := range all {
		list = append(list, s.Path)
	}
	return list
}

// settingsMarkdown is the tables of docs/settings.md, one for each part of a configuration.
func settingsMarkdown(list []config.Setting) []byte {
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
