// Package completion offers a shell what the word under the cursor can be: commands, flags and their
// values, presets, folders of runs. The shells' own part is in scripts.
package completion

import (
	"embed"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/argv"
	"metaplast/data/suggest"
)

//go:embed scripts/*
var scripts embed.FS

// Shells are those that there is a script for.
var Shells = []string{"bash", "zsh", "fish"}

// Script is what a shell reads to complete the program's commands.
func Script(shell string) ([]byte, error) {
	if err := suggest.Unknown("shell", shell, Shells); err != nil {
		return nil, err
	}
	return scripts.ReadFile("scripts/metaplast." + shell)
}

// All gives the commands that have no completion of their own that of flags and commands.
func All(list []*cli.Command) {
	for _, c := range list {
		if c.BashComplete == nil {
			c.BashComplete = Of(func() []string { return argv.CommandNames(c.Subcommands) })
		}
		All(c.Subcommands)
	}
}

// Of offers the flags where one has been begun, the values of a flag after it, and names as
// arguments. The shell chooses those that begin with the word under the cursor.
func Of(names func() []string) cli.BashCompleteFunc {
	return func(c *cli.Context) {
		words := os.Args[:len(os.Args)-1] // without completionFlag
		last := words[len(words)-1]
		switch f := argv.FlagNamed(c.Command, last); {
		case f != nil && argv.TakesValue(f) && !strings.Contains(last, "="):
			Offer(c, valuesOf(c, f.Names()[0], words))
		case f != nil && argv.TakesValue(f):
			flag, _, _ := strings.Cut(last, "=")
			for _, v := range valuesOf(c, f.Names()[0], words) {
				Offer(c, []string{flag + "=" + v})
			}
		case strings.HasPrefix(last, "-"):
			Offer(c, flagsLeft(c.Command, words))
		default:
			Offer(c, names())
		}
	}
}

// Offer prints words, one a line, for the shell to choose from.
func Offer(c *cli.Context, words []string) {
	for _, w := range words {
		fmt.Fprintln(c.App.Writer, w)
	}
}

// flagsLeft are the flags of a command that can still be given and begin with the last word.
func flagsLeft(c *cli.Command, words []string) []string {
	last := words[len(words)-1]
	var list []string
	for _, f := range c.Flags {
		_, repeats := f.(*cli.StringSliceFlag)
		given := slices.ContainsFunc(words[:len(words)-1], func(w string) bool { return argv.FlagNamed(c, w) == f })
		if given && !repeats {
			continue
		}
		for _, n := range f.Names() {
			if n = "--" + n; len(n) == 3 {
				n = n[1:]
			}
			if strings.HasPrefix(n, last) {
				list = append(list, n)
			}
		}
	}
	return list
}
