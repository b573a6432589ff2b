package cli

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/rules"
)

// ruleInfo is a rule or pathway in JSON.
type ruleInfo struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
	Formula string `json:"formula"`
	Source  string `json:"source"`
}

func ruleNames() []string {
	var list []string
	for _, r := range rules.Rules() {
		list = append(list, r.Info().Name)
	}
	return list
}

func rulesCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "rules", Usage: "list the rules and pathways with formula and source",
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
			local, pathways := registered()
			if c.Bool("json") {
				return u.json(map[string][]ruleInfo{"rules": local, "pathways": pathways})
			}
			if c.Bool("markdown") {
				return u.print(rulesMarkdown(local, pathways))
			}
			var b bytes.Buffer
			for _, group := range []struct {
				title string
				list  []ruleInfo
			}{{"rules: how a synapse changes", local}, {"pathways: how the top-down signal reaches a layer", pathways}} {
				fmt.Fprintf(&b, "%s\n\n", group.title)
				for _, i := range group.list {
					fmt.Fprintf(&b, "  %s\n    %s\n      %s\n    %s\n\n", i.Name, i.Summary,
						strings.ReplaceAll(strings.TrimSpace(i.Formula), "\n", "\n      "), i.Source)
				}
			}
			return u.print(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
		},
	}
}

// registered describes all rules and pathways.
func registered() (local, pathways []ruleInfo) {
	for _, r := range rules.Rules() {
		local = append(local, ruleInfo(r.Info()))
	}
	for _, p := range rules.Pathways() {
		pathways = append(pathways, ruleInfo(p.Info()))
	}
	return local, pathways
}
