package argv

import "github.com/urfave/cli/v2"

// Within are the commands of a command; none if there is no such command.
func Within(list []*cli.Command, names []string) []*cli.Command {
	for _, name := range names {
		var next []*cli.Command
		for _, c := range list {
			if c.HasName(name) {
				next = c.Subcommands
			}
		}
		list = next
	}
	return list
}
