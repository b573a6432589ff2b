package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/machine"
	"metaplast/metaopt/config"
	"metaplast/metaopt/run"
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
	j := &job{ui: u, Options: runOptions(u.tell), json: c.Bool("json"), quiet: c.Bool("quiet")}
	j.Workers, j.Remat, j.Memory, j.AcceptGap = n, remat, bytes, c.Bool("accept-gap")
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
			run.Folder(resume).ConfigFile())
	case resume == "" && j.AcceptGap:
		return usagef("train: --accept-gap goes with --resume")
	case resume != "":
		j.Set = c.StringSlice("set")
		dir := filepath.Clean(resume)
		return j.train(run.Folder(dir), func(o run.Options) (*run.Run, error) { return run.Reopen(dir, o) })
	}
	sets, err := settings(c)
	if err != nil {
		return err
	}
	cfg, err := asked(preset, file, sets)
	if err != nil {
		return badInput(err)
	}
	if j.From, err = origin(cfg, c.String("from"), file); err != nil {
		return err
	}
	dir := filepath.Clean(c.String("out"))
	if c.String("out") == "" {
		dir = filepath.Join("runs", cfg.Name)
	}
	return j.train(run.Folder(dir), func(o run.Options) (*run.Run, error) { return run.Create(dir, cfg, o) })
}

// asked is the configuration of a preset, or of a file, with changes.
func asked(preset, file string, sets []string) (*config.Config, error) {
	if preset == "" {
		return config.Load(file, sets)
	}
	p, err := config.LookupPreset(preset)
	if err != nil {
		if _, e := os.Stat(preset); e == nil {
			err = fmt.Errorf("%w; for a file, use --config %s", err, preset)
		}
		return nil, err
	}
	return config.Parse("preset "+p.Name, p.Text, sets)
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

// origin reads --from. A configuration that says what its run began from finds that beside it, or
// has to be given it once more.
func origin(cfg *config.Config, path, file string) (*run.Origin, error) {
	if path != "" {
		from, err := run.From(path, cfg)
		if err != nil {
			return nil, fmt.Errorf("--from: %w", err)
		}
		return from, from.Check(cfg)
	}
	if cfg.Start == "" {
		return nil, nil
	}
	if file != "" {
		if from, err := run.FromStart(run.Folder(filepath.Dir(file)), cfg); err == nil {
			return from, nil
		}
	}
	return nil, usagef("start: the configuration begins from parameters with SHA-256 %.12s…, which are not beside it: name the run that they come from with --from RUN", cfg.Start)
}
