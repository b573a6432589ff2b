package cli

import (
	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/pages"
	"metaplast/graph"
	"metaplast/metaopt/config"
)

func presetsCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "presets", Usage: "list the presets of runs and learners, or print one", ArgsUsage: "[NAME]",
		Flags:        []cli.Flag{flagJSON()},
		BashComplete: completion.Of(func() []string { return append(config.PresetNames(), graph.PresetNames()...) }),
		Action:       func(c *cli.Context) error { return presets(u, c) },
	}
}

func presets(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 1, "at most one preset"); err != nil {
		return err
	}
	if name := c.Args().First(); name != "" {
		p, text, err := pages.LookupPreset(name)
		if err != nil {
			return badInput(err)
		}
		if c.Bool("json") {
			return u.json(struct {
				pages.Preset
				YAML string `json:"yaml"`
			}{p, string(text)})
		}
		return u.print(text)
	}
	var runs, learners []pages.Preset
	for _, p := range config.Presets() {
		runs = append(runs, pages.Preset{Name: p.Name, Summary: p.Summary})
	}
	for _, l := range graph.Presets() {
		learners = append(learners, pages.Preset{Name: l.Name, Summary: l.Summary})
	}
	if c.Bool("json") {
		return u.json(map[string][]pages.Preset{"runs": runs, "learners": learners})
	}
	return u.print(pages.PresetsText(runs, learners))
}
