package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/machine"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
)

// maxWorkers bounds --workers: each has a graph of its own.
const maxWorkers = 1024

func trainCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "train", Usage: "meta-train the learners of a configuration", ArgsUsage: "[PRESET]",
		Description: "The configuration is a preset, a file, or that of a run to be resumed. The run is saved\n" +
			"after the meta-step under way at the first Ctrl-C; the second stops at once.",
		Before: chooseBLAS,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "config", Usage: "read the configuration from `FILE`", TakesFile: true},
			&cli.StringSliceFlag{Name: "set", Usage: "change the configuration: `PATH=VALUE`, such as meta.steps=40; null removes a learner"},
			&cli.Uint64Flag{Name: "seed", DefaultText: "that of the configuration", Usage: "train with seed `N`, the same as --set seed=N"},
			&cli.StringFlag{Name: "out", Usage: "put the run into `DIR` (default: runs/NAME)"},
			&cli.StringFlag{Name: "from", Usage: "begin from the parameters of the learners of the same names in `RUN`, or in a checkpoint of it, such as RUN/checkpoint-000500.npz"},
			&cli.StringFlag{Name: "resume", Usage: "go on with the run in `DIR`; with --set meta.steps=N, a finished one too"},
			&cli.BoolFlag{DisableDefaultText: true, Name: "accept-gap", Usage: "with --resume, go on although records are missing at the end of metrics.jsonl, which is noted in it"},
			flagWorkers(), flagBLAS(), flagJSON(),
			flagQuiet(),
		}, flagsMemory()...),
		BashComplete: completion.Of(config.PresetNames),
		Action:       func(c *cli.Context) error { return train(u, c) },
	}
}

func flagWorkers() cli.Flag {
	return &cli.IntFlag{Name: "workers", DefaultText: "one per processor available",
		Usage: "compute on `N` threads, one episode each, or several if there are fewer episodes; changes no result"}
}

// workers reads --workers.
func workers(c *cli.Context) (int, error) {
	n := c.Int("workers")
	if c.IsSet("workers") && (n < 1 || n > maxWorkers) {
		return 0, usagef("--workers: %d, want from 1 to %d", n, maxWorkers)
	}
	if n == 0 {
		n = machine.Processors()
	}
	return n, nil
}

func train(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 1, "at most one preset"); err != nil {
		return err
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	remat, bytes, err := memory(c)
	if err != nil {
		return err
	}
	r := &job{ui: u, workers: n, remat: remat, memory: bytes, json: c.Bool("json"), quiet: c.Bool("quiet"), acceptGap: c.Bool("accept-gap")}
	preset, file, resume := c.Args().First(), c.String("config"), c.String("resume")
	var given []string
	for _, s := range []struct{ name, value string }{{"PRESET", preset}, {"--config", file}, {"--resume", resume}} {
		if s.value != "" {
			given = append(given, s.name)
		}
	}
	for _, flag := range []string{"config", "resume", "out", "from"} {
		if c.IsSet(flag) && c.String(flag) == "" {
			return usagef("--%s: want a path, have nothing", flag)
		}
	}
	switch {
	case len(given) > 1:
		return usagef("train: %s exclude each other: a run has one configuration", strings.Join(given, " and "))
	case len(given) == 0:
		return usagef("train: want a preset (%s), --config FILE or --resume DIR", strings.Join(config.PresetNames(), ", "))
	case resume != "" && (c.IsSet("from") || c.IsSet("seed") || c.IsSet("out")):
		return usagef("train: --resume takes neither --from, --seed nor --out: a run is resumed as it was begun; start a new one with --config %s",
			folder(resume).config())
	case resume == "" && r.acceptGap:
		return usagef("train: --accept-gap goes with --resume")
	case resume != "":
		r.sets = c.StringSlice("set")
		return r.resume(folder(filepath.Clean(resume)))
	}
	sets, err := settings(c)
	if err != nil {
		return err
	}
	if preset != "" {
		p, err := config.LookupPreset(preset)
		if err != nil {
			if _, e := os.Stat(preset); e == nil {
				err = fmt.Errorf("%w; for a file, use --config %s", err, preset)
			}
			return badInput(err)
		}
		r.config, err = config.Parse("preset "+p.Name, p.Text, sets)
		if err != nil {
			return badInput(err)
		}
	} else if r.config, err = config.Load(file, sets); err != nil {
		return badInput(err)
	}
	if err := r.startFrom(c.String("from"), file); err != nil {
		return err
	}
	r.dir = folder(filepath.Clean(c.String("out")))
	if c.String("out") == "" {
		r.dir = folder(filepath.Join("runs", r.config.Name))
	}
	return r.start()
}

// settings are the changes of --set and --seed to a configuration.
func settings(c *cli.Context) ([]string, error) {
	sets := c.StringSlice("set")
	if !c.IsSet("seed") {
		return sets, nil
	}
	for _, s := range sets {
		if strings.HasPrefix(s, "seed=") {
			return nil, usagef("train: --seed and --set %s exclude each other", s)
		}
	}
	return append(sets, fmt.Sprint("seed=", c.Uint64("seed"))), nil
}

// hint adds how to go on to the error of a run that was interrupted.
func (r *job) hint(err error, step int) error {
	return errors.Join(err, fmt.Errorf("saved after meta-step %d; go on with: %s", step, pasted("train", "--resume", r.dir)))
}

// hintDiverged adds what is left to do to the error of a run that stopped because a learner diverged.
func (r *job) hintDiverged(err error) error {
	sound := checkpoint.SoundPath(r.dir.checkpoint())
	c, e := checkpoint.Load(sound)
	if e != nil {
		return errors.Join(err, fmt.Errorf("%s has no checkpoint from before that: begin a new run with other settings", r.dir))
	}
	return errors.Join(err, fmt.Errorf("the parameters of before, after meta-step %d, are kept; go on from them in a new run with such settings: %s",
		c.Step, pasted("train", "--config", folder(r.dir.config()), "--from", folder(sound), "--out DIR --set PATH=VALUE")))
}

// startFrom reads --from. A configuration that says what its run began from finds that beside it, or
// has to be given it once more.
func (r *job) startFrom(path, file string) error {
	if path != "" {
		return r.from(path)
	}
	if r.config.Start == "" {
		return nil
	}
	if file != "" {
		beside := folder(filepath.Dir(file))
		if start, err := beside.started(r.config); err == nil {
			return r.take(start, string(beside))
		}
	}
	return badInput(fmt.Errorf("start: the configuration begins from parameters with SHA-256 %.12s…, which are not beside it: name the run that they come from with --from RUN", r.config.Start))
}
