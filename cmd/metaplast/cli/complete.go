package cli

import (
	"metaplast/cmd/metaplast/completion"
	"strings"

	"github.com/urfave/cli/v2"
)

func completionCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "print a completion script for a shell", ArgsUsage: "bash|zsh|fish",
		Description: "For bash: source <(metaplast completion bash)\n" +
			"Commands, flags, presets, run folders and the paths of --set are completed.",
		BashComplete: completion.Of(func() []string { return completion.Shells }),
		Action: func(c *cli.Context) error {
			if err := exactly(c, 1, 1, "one of "+strings.Join(completion.Shells, ", ")); err != nil {
				return err
			}
			text, err := completion.Script(c.Args().First())
			if err != nil {
				return err
			}
			return u.print(text)
		},
	}
}
