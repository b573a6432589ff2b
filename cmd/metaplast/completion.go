package main

import (
	"embed"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/rules"
)

//go:embed completion/*
var completions embed.FS

var shells = []string{"bash", "zsh", "fish"}

func completionCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "print a completion script for a shell", ArgsUsage: "bash|zsh|fish",
		Description:  "For bash: source <(metaplast completion bash)",
		BashComplete: complete(func() []string { return shells }),
		Action: func(c *cli.Context) error {
			if err := exactly(c, 1, 1, "one of "+strings.Join(shells, ", ")); err != nil {
				return err
			}
			shell := c.Args().First()
			if err := rules.Unknown("shell", shell, shells); err != nil {
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

// complete offers names as arguments, and the flags where a flag has been begun.
func complete(names func() []string) cli.BashCompleteFunc {
	return func(c *cli.Context) {
		// The shell's script puts the word under the cursor before the flag that asks.
		if n := len(os.Args); n > 2 && strings.HasPrefix(os.Args[n-2], "-") {
			cli.DefaultCompleteWithFlags(c.Command)(c)
			return
		}
		for _, n := range names() {
			fmt.Fprintln(c.App.Writer, n)
		}
	}
}
