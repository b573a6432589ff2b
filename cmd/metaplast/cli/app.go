// Package cli is the command line of metaplast: flags, progress, tables and exit codes around what the
// packages below it do. A program of somebody else's has all of it, with its own rules, pathways,
// modulators, optimisers and estimators:
//
//	func main() { os.Exit(cli.Main(os.Args, cli.Rule(Covariance{}))) }
package cli

import (
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/argv"
	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/invocation"
	"metaplast/cmd/metaplast/machine"
	"metaplast/data"
	"metaplast/data/suggest"
	"metaplast/metaopt"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/config"
	"metaplast/metaopt/optim"
	"metaplast/metaopt/study"
	"metaplast/rules"
)

// Option adds something of the caller's to the program before it begins.
type Option func() error

// Rule adds a local rule, which learners may then name.
func Rule(r rules.Rule) Option { return func() error { return rules.Register(r) } }

// Pathway adds a feedback pathway, which learners may then name.
func Pathway(p rules.Pathway) Option { return func() error { return rules.RegisterPathway(p) } }

// Modulator adds a third factor, which learners may then name.
func Modulator(m rules.Modulator) Option { return func() error { return rules.RegisterModulator(m) } }

// Optimizer adds a method of the outer loop, which meta.optimizer may then name.
func Optimizer(m optim.Method) Option { return func() error { return optim.Register(m) } }

// Estimator adds a way to compute meta-gradients, which meta.estimator may then name.
func Estimator(e metaopt.Estimation) Option {
	return func() error { return metaopt.RegisterEstimation(e) }
}

// Task adds a kind of task, which configurations may then name.
func Task(t data.Task) Option { return func() error { return config.RegisterTask(t) } }

// Measure adds a number of an episode, which reports, exports and studies then have.
func Measure(m analysis.Measure) Option { return func() error { return analysis.RegisterMeasure(m) } }

// Study adds a study, after what it names.
func Study(s study.Study) Option { return func() error { return study.Register(s) } }

// Main is the whole program but for the exit. args are those of the process, with its name first. It
// returns the exit code: 0 done, 1 failed, 2 wrong usage, configuration or input, 3 a derivative check
// failed, 130 interrupted after a checkpoint. No panic leaves it.
func Main(args []string, options ...Option) (code int) {
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
	for _, add := range options {
		if err := add(); err != nil {
			u.report(badInput(err))
			return exitUsage
		}
	}
	return u.run(args)
}

// run runs the command that args ask for and returns the exit code.
func (u *ui) run(args []string) int {
	app := newApp(u)
	if len(args) > 1 && args[1] == "--version" {
		args = append([]string{args[0], "version"}, args[2:]...)
	}
	if n := len(args) - 1; n > 0 && args[n] == argv.CompletionFlag {
		// cli completes nothing where there is a "--", and runs the command instead. One under the
		// cursor begins a flag, which complete sees in os.Args; after another there are no flags.
		if args[n-1] == "--" {
			args = append(slices.Clone(args[:n-1]), argv.CompletionFlag)
		}
		if slices.Contains(args, "--") {
			return exitOK
		}
	}
	args, err := argv.Reorder(app, invocation.Program(), args)
	err = badInput(err)
	if err == nil {
		err = app.Run(args)
	}
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
			checkCommand(u), biasCommand(u), benchCommand(u), metagradCommand(), dataCommand(u),
			presetsCommand(u), settingsCommand(u), rulesCommand(u), graphCommand(u), versionCommand(u), completionCommand(u), helpCommand(u),
		},
		// cli adds no --help beside a command of that name. For --version see run.
		Flags:  []cli.Flag{&cli.BoolFlag{DisableDefaultText: true, Name: "version", Usage: "print the version"}, cli.HelpFlag},
		Writer: u.out, ErrWriter: u.err,
		HideVersion:               true,
		HideHelpCommand:           true,
		EnableBashCompletion:      true,
		DisableSliceFlagSeparator: true, // --set network.hidden=[64,64] is one value
		ExitErrHandler:            func(*cli.Context, error) {},
		// What measures needs less than what trains, and garbage is collected in time, too.
		Before: func(*cli.Context) error {
			machine.LimitHeap(machine.Memory())
			return nil
		},
		OnUsageError: usageError,
	}
	app.Action = func(c *cli.Context) error {
		if name := c.Args().First(); name != "" {
			return badInput(suggest.Unknown("command", name, argv.CommandNames(app.Commands)))
		}
		return cli.ShowAppHelp(c)
	}
	completion.All(app.Commands)
	for _, cmd := range app.Commands {
		cmd.OnUsageError = usageError
		cmd.HideHelpCommand = true
	}
	return app
}

// usageError is what the flag parser complains about.
func usageError(c *cli.Context, err error, _ bool) error {
	name := invocation.Program()
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != "metaplast" {
		name += " " + strings.TrimPrefix(c.Command.HelpName, "metaplast ")
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

// flagQuiet is --quiet of the commands that show progress.
func flagQuiet() cli.Flag {
	return &cli.BoolFlag{DisableDefaultText: true, Name: "quiet", Aliases: []string{"q"}, Usage: "show no progress"}
}

// flagJSON is --json of the commands that report.
func flagJSON() cli.Flag {
	return &cli.BoolFlag{DisableDefaultText: true, Name: "json", Usage: "print one JSON document instead of a table"}
}
