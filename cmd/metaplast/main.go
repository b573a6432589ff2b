// Command metaplast meta-trains local plasticity learners and their gradient baselines. Run
// it without arguments for its commands.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/urfave/cli/v2"

	"metaplast/rules"
)

func main() { os.Exit(run(os.Args)) }

// run is the whole program but for the exit.
func run(args []string) (code int) {
	u := &ui{out: os.Stdout, err: os.Stderr}
	defer func() {
		if r := recover(); r != nil {
			u.notef("internal error: %v; please report it with the command that led to it", r)
			if os.Getenv("METAPLAST_DEBUG") == "1" {
				u.err.Write(debug.Stack())
			}
			code = exitFailed
		}
	}()
	// A reader that goes away, as in "metaplast train | head", is an error of the write and
	// must not kill a run that is writing a checkpoint.
	signal.Ignore(syscall.SIGPIPE)
	app := newApp(u)
	err := app.Run(reorder(app, args))
	if err != nil {
		u.report(err)
	}
	return exitCode(err)
}

func newApp(u *ui) *cli.App {
	app := &cli.App{
		Name:  "metaplast",
		Usage: "meta-learn how networks learn: local plasticity and feedback, beside gradient descent",
		Description: "Exit codes: 0 done, 1 failed, 2 wrong usage, configuration or input, 3 a derivative\n" +
			"check failed, 130 interrupted after a checkpoint.",
		Commands: []*cli.Command{
			trainCommand(u), evalCommand(u),
			compareCommand(u), exportCommand(u), studyCommand(u), findingsCommand(u), reportCommand(u),
			checkCommand(u), benchCommand(u), metagradCommand(u), dataCommand(u),
			presetsCommand(u), rulesCommand(u), graphCommand(u), versionCommand(u), completionCommand(u),
		},
		Writer: u.out, ErrWriter: u.err,
		HideVersion:               true,
		HideHelpCommand:           true,
		EnableBashCompletion:      true,
		DisableSliceFlagSeparator: true, // --set network.hidden=[64,64] is one value
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              usageError,
	}
	app.Action = func(c *cli.Context) error {
		name := c.Args().First()
		if name == "" {
			return cli.ShowAppHelp(c)
		}
		var known []string
		for _, cmd := range app.Commands {
			known = append(known, cmd.Name)
		}
		return badInput(rules.Unknown("command", name, known))
	}
	for _, cmd := range app.Commands {
		cmd.OnUsageError = usageError
		cmd.HideHelpCommand = true
	}
	return app
}

// usageError is what the flag parser complains about.
func usageError(c *cli.Context, err error, _ bool) error {
	name := "metaplast"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != "metaplast" {
		name += " " + c.Command.Name
	}
	return badInput(fmt.Errorf("%w (see %s --help)", err, name))
}

// exactly checks the number of arguments of a command.
func exactly(c *cli.Context, least, most int, what string) error {
	switch n := c.NArg(); {
	case n < least:
		return usagef("%s: want %s", c.Command.Name, what)
	case n > most:
		return usagef("%s: unexpected argument %q: want %s", c.Command.Name, c.Args().Get(most), what)
	}
	return nil
}

// flagJSON is --json of the commands that report.
func flagJSON() cli.Flag {
	return &cli.BoolFlag{DisableDefaultText: true, Name: "json", Usage: "print one JSON document instead of a table"}
}
