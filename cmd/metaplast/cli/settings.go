package cli

import (
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/pages"
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
		BashComplete: completion.Of(completion.SettingPaths),
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
		return u.print(pages.SettingsMarkdown(list))
	}
	return u.print(pages.SettingsText(list))
}
