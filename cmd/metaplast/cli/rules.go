package cli

import (
	"github.com/urfave/cli/v2"
	"metaplast/cmd/metaplast/pages"
)

func rulesCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "rules", Usage: "list the rules, pathways, modulators and activations with formula and source",
		Flags: []cli.Flag{
			flagJSON(),
			&cli.BoolFlag{DisableDefaultText: true, Name: "markdown", Usage: "print the tables of docs/rules.md, presets of learners included"},
		},
		Action: func(c *cli.Context) error {
			if err := exactly(c, 0, 0, "no argument"); err != nil {
				return err
			}
			if c.Bool("json") && c.Bool("markdown") {
				return usagef("rules: --json and --markdown exclude each other")
			}
			all := pages.Registered(nil)
			if c.Bool("json") {
				return u.json(all)
			}
			if c.Bool("markdown") {
				return u.print(all.Markdown())
			}
			return u.print(all.Text())
		},
	}
}
