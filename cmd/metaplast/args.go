package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// reorder puts the flags of a command before its arguments, since the flag parser stops at
// the first argument:
//
//	metaplast train sine-quick --workers 2  →  metaplast train --workers 2 -- sine-quick
//
// and so for the commands of a command. What follows "--" is arguments in any case.
func reorder(app *cli.App, args []string) []string {
	if len(args) < 2 || args[len(args)-1] == "--generate-bash-completion" {
		return args
	}
	at := slices.IndexFunc(app.Commands, func(c *cli.Command) bool { return c.HasName(args[1]) })
	if at < 0 {
		return args
	}
	command, first := app.Commands[at], 2
	if len(args) > 2 {
		for _, c := range command.Subcommands {
			if c.HasName(args[2]) {
				command, first = c, 3
			}
		}
	}
	valued := map[string]bool{}
	for _, f := range command.Flags {
		if d, ok := f.(cli.DocGenerationFlag); ok && d.TakesValue() {
			for _, n := range f.Names() {
				valued[n] = true
			}
		}
	}
	flags := slices.Clone(args[:first])
	var rest []string
	for i := first; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			rest = append(rest, args[i+1:]...)
			i = len(args)
		case len(a) < 2 || a[0] != '-':
			rest = append(rest, a)
		default:
			flags = append(flags, a)
			if valued[strings.TrimLeft(a, "-")] && i+1 < len(args) {
				i++
				flags = append(flags, args[i])
			}
		}
	}
	if len(rest) > 0 {
		flags = append(append(flags, "--"), rest...)
	}
	return flags
}
