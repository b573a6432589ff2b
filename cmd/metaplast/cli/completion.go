package cli

import (
	"embed"
	"fmt"
	"os"
	"slices"
	"strings"

	"metaplast/data/suggest"

	"github.com/urfave/cli/v2"
)

// completionFlag asks for completions: it follows the words of the command line, the one under
// the cursor left out unless it begins with "-". It is cli's.
const completionFlag = "--generate-bash-completion"

//go:embed completion/*
var completions embed.FS

var shells = []string{"bash", "zsh", "fish"}

func completionCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "print a completion script for a shell", ArgsUsage: "bash|zsh|fish",
		Description: "For bash: source <(metaplast completion bash)\n" +
			"Commands, flags, presets, run folders and the paths of --set are completed.",
		BashComplete: complete(func() []string { return shells }),
		Action: func(c *cli.Context) error {
			if err := exactly(c, 1, 1, "one of "+strings.Join(shells, ", ")); err != nil {
				return err
			}
			shell := c.Args().First()
			if err := suggest.Unknown("shell", shell, shells); err != nil {
				return badInput(err)
			}
			text, err := completions.ReadFile("completion/metaplast." + shell)
			if err != nil {
				return err
			}
			return u.print(text)
		},
	}
}

// completeAll gives the commands that have no completion of their own that of flags and commands.
func completeAll(list []*cli.Command) {
	for _, c := range list {
		if c.BashComplete == nil {
			c.BashComplete = complete(func() []string { return commandNames(c.Subcommands) })
		}
		completeAll(c.Subcommands)
	}
}

// complete offers the flags where one has been begun, the values of a flag after it, and names as
// arguments. The shell chooses those that begin with the word under the cursor.
func complete(names func() []string) cli.BashCompleteFunc {
	return func(c *cli.Context) {
		words := os.Args[:len(os.Args)-1] // without completionFlag
		last := words[len(words)-1]
		switch f := flagNamed(c.Command, last); {
		case f != nil && takesValue(f) && !strings.Contains(last, "="):
			offer(c, valuesOf(c, f.Names()[0], words))
		case f != nil && takesValue(f):
			flag, _, _ := strings.Cut(last, "=")
			for _, v := range valuesOf(c, f.Names()[0], words) {
				offer(c, []string{flag + "=" + v})
			}
		case strings.HasPrefix(last, "-"):
			offer(c, flagsLeft(c.Command, words))
		default:
			offer(c, names())
		}
	}
}

func offer(c *cli.Context, words []string) {
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
		given := slices.ContainsFunc(words[:len(words)-1], func(w string) bool { return flagNamed(c, w) == f })
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
