package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/config"
	"metaplast/cmd/metaplast/machine"
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
			&cli.StringFlag{Name: "resume", Usage: "go on with the run in `DIR`"},
			flagWorkers(), flagBLAS(), flagJSON(),
			flagQuiet(),
		}, flagsMemory()...),
		BashComplete: complete(presetNames),
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
	r := &job{ui: u, workers: n, remat: remat, memory: bytes, json: c.Bool("json"), quiet: c.Bool("quiet")}
	preset, file, resume := c.Args().First(), c.String("config"), c.String("resume")
	var given []string
	for _, s := range []struct{ name, value string }{{"PRESET", preset}, {"--config", file}, {"--resume", resume}} {
		if s.value != "" {
			given = append(given, s.name)
		}
	}
	for _, flag := range []string{"config", "resume", "out"} {
		if c.IsSet(flag) && c.String(flag) == "" {
			return usagef("--%s: want a path, have nothing", flag)
		}
	}
	switch {
	case len(given) > 1:
		return usagef("train: %s exclude each other: a run has one configuration", strings.Join(given, " and "))
	case len(given) == 0:
		return usagef("train: want a preset (%s), --config FILE or --resume DIR", strings.Join(presetNames(), ", "))
	case resume != "" && (c.IsSet("set") || c.IsSet("seed") || c.IsSet("out")):
		return usagef("train: --resume takes neither --set, --seed nor --out: a run is resumed as it was begun; start a new one with --config %s",
			folder(resume).config())
	case resume != "":
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
