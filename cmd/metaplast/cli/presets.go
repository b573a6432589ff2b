package cli

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/goccy/go-yaml"
	"github.com/urfave/cli/v2"

	"metaplast/data/suggest"
	"metaplast/graph"
	"metaplast/metaopt/config"
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
		BashComplete: complete(func() []string { return append(presetNames(), learnerPresetNames()...) }),
		Action:       func(c *cli.Context) error { return presets(u, c) },
	}
}

func presets(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 1, "at most one preset"); err != nil {
		return err
	}
	if name := c.Args().First(); name != "" {
		p, text, err := lookupPreset(name)
		if err != nil {
			return err
		}
		if c.Bool("json") {
			return u.json(struct {
				preset
				YAML string `json:"yaml"`
			}{p, string(text)})
		}
		return u.print(text)
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

func learnerPresetNames() []string {
	var list []string
	for _, l := range graph.Presets() {
		list = append(list, l.Name)
	}
	return list
}

// lookupPreset finds the preset of a run, which is a configuration, or that of a learner, whose
// settings are a part of one.
func lookupPreset(name string) (preset, []byte, error) {
	if p, err := config.LookupPreset(name); err == nil {
		return preset{p.Name, p.Summary}, p.Text, nil
	}
	for _, l := range graph.Presets() {
		if l.Name != name {
			continue
		}
		settings, err := yaml.Marshal(map[string]graph.Learner{l.Name: l.Learner})
		if err != nil {
			return preset{}, nil, fmt.Errorf("preset %s: %w", name, err)
		}
		text := fmt.Appendf(nil, "# %s.\n# The preset of a learner, not of a run: {preset: %s} below learners in a configuration, or\n"+
			"# --set learners.NAME.preset=%s, stands for these settings.\n", strings.TrimSuffix(l.Summary, "."), name, name)
		return preset{l.Name, l.Summary}, append(text, settings...), nil
	}
	return preset{}, nil, badInput(suggest.Unknown("preset", name, append(presetNames(), learnerPresetNames()...)))
}
