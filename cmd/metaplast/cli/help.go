package cli

import (
	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/argv"
	"metaplast/cmd/metaplast/completion"
	"metaplast/data/suggest"
)

// helpCommand is "metaplast help train", the same as "metaplast train --help".
func helpCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "help", Usage: "tell about a command", ArgsUsage: "[COMMAND…]",
		BashComplete: func(c *cli.Context) {
			completion.Offer(c, argv.CommandNames(argv.Within(c.App.Commands, c.Args().Slice())))
		},
		Action: func(c *cli.Context) error {
			list := c.App.Commands
			for _, name := range c.Args().Slice() {
				if err := suggest.Unknown("command", name, argv.CommandNames(list)); err != nil {
					return badInput(err)
				}
				list = argv.Within(list, []string{name})
			}
			return newApp(u).RunContext(c.Context, append(append([]string{c.App.Name}, c.Args().Slice()...), "--help"))
		},
	}
}
