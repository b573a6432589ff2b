package main

import (
	"bytes"
	"fmt"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/config"
	"metaplast/graph"
)

// preset is a line of the listing.
type preset struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
}

func presetNames() []string {
	var list []string
	for _, p := range config.Presets() {
		list = append(list, p.Name)
	}
	return list
}

func presetsCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "presets", Usage: "list the presets of runs and learners, or print one", ArgsUsage: "[NAME]",
		Flags:        []cli.Flag{flagJSON()},
		BashComplete: complete(presetNames),
		Action:       func(c *cli.Context) error { return presets(u, c) },
	}
}

func presets(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 1, "at most one preset of a run"); err != nil {
		return err
	}
	if name := c.Args().First(); name != "" {
		p, err := config.LookupPreset(name)
		if err != nil {
			return badInput(err)
		}
		if c.Bool("json") {
			return u.json(struct {
				preset
				YAML string `json:"yaml"`
			}{preset{p.Name, p.Summary}, string(p.Text)})
		}
		return u.print(p.Text)
	}
	var runs, learners []preset
	for _, p := range config.Presets() {
		runs = append(runs, preset{p.Name, p.Summary})
	}
	for _, l := range graph.Presets() {
		learners = append(learners, preset{l.Name, l.Summary})
	}
	if c.Bool("json") {
		return u.json(map[string][]preset{"runs": runs, "learners": learners})
	}
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "runs, for metaplast train:")
	for _, p := range runs {
		fmt.Fprintf(w, "  %s\t%s\n", p.Name, p.Summary)
	}
	fmt.Fprintln(w, "\nlearners, for learners.NAME.preset:")
	for _, p := range learners {
		fmt.Fprintf(w, "  %s\t%s\n", p.Name, p.Summary)
	}
	w.Flush()
	return u.print(b.Bytes())
}
