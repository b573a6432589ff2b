// Package argv tells the flags of a command line from its arguments, and puts them first, where the flag
// parser looks for them.
package argv

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// CompletionFlag asks for completions: it follows the words of the command line, the one under
// the cursor left out unless it begins with "-". It is cli's.
const CompletionFlag = "--generate-bash-completion"

// Reorder puts the flags of a command before its arguments, since the flag parser stops at
// the first argument:
//
//	metaplast train sine-quick --workers 2  →  metaplast train --workers 2 -- sine-quick
//
// and so for the commands of a command. What follows "--" is arguments in any case. A flag whose
// value is missing is an error: the parser would take the "--", or the next flag, for it. program is what
// the program is called there.
func Reorder(app *cli.App, program string, args []string) ([]string, error) {
	if len(args) < 2 || args[len(args)-1] == CompletionFlag {
		return args, nil
	}
	command, first := commandOf(app, args)
	if command == nil {
		return args, nil
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
			if f := FlagNamed(command, a); f == nil || !TakesValue(f) || strings.Contains(a, "=") {
				continue
			}
			next := ""
			if i++; i < len(args) {
				next = args[i]
			}
			if i == len(args) || next == "--" || FlagNamed(command, next) != nil {
				return nil, missingValue(program, strings.Join(args[1:first], " "), a, next)
			}
			flags = append(flags, next)
		}
	}
	if len(rest) > 0 {
		flags = append(append(flags, "--"), rest...)
	}
	return flags, nil
}

// commandOf finds the command that is called, which can be one of a command, and where its own
// arguments begin; nil if there is none.
func commandOf(app *cli.App, args []string) (c *cli.Command, first int) {
	if len(args) < 2 {
		return nil, 0
	}
	if c = app.Command(args[1]); c == nil {
		return nil, 0
	}
	if len(args) > 2 {
		for _, sub := range c.Subcommands {
			if sub.HasName(args[2]) {
				return sub, 3
			}
		}
	}
	return c, 2
}

// FlagNamed is the flag of a command that a word such as "--out" or "--out=x" gives, or nil.
func FlagNamed(c *cli.Command, word string) cli.Flag {
	if len(word) < 2 || word[0] != '-' {
		return nil
	}
	name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
	for _, f := range c.Flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	if slices.Contains(cli.HelpFlag.Names(), name) {
		return cli.HelpFlag
	}
	return nil
}

// TakesValue reports whether a flag is followed by a value.
func TakesValue(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue()
}

// missingValue is the error about a flag that is followed by nothing, or by what is no value.
func missingValue(program, command, flag, next string) error {
	err := fmt.Errorf("%s: %s wants a value, and has none (see %s %s --help)", command, flag, program, command)
	if next != "" && next != "--" {
		err = fmt.Errorf("%w; %s is taken for a flag: write %s=%s if it is the value", err, next, flag, next)
	}
	return err
}

// CommandNames are the names of commands.
func CommandNames(list []*cli.Command) []string {
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	return names
}
