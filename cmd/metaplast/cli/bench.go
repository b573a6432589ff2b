package cli

import (
	"context"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/progress"
	"metaplast/metaopt"
	"metaplast/metaopt/bench"
	"metaplast/metaopt/config"
	"metaplast/metaopt/run"
)

func benchCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "bench", Usage: "measure the meta-steps of a configuration against the limit of the machine", ArgsUsage: "[PRESET]",
		Description: "Builds the episode of a preset (sine-quick if none is named), takes meta-steps and tells\n" +
			"how long they take, how long they would if nothing but the processor or its memory set the\n" +
			"pace (the limit), how long at the rates of the library of matrix products (the roofline),\n" +
			"and where time goes. The processor's pace is that of multiply-adds in registers, of the\n" +
			"instruction set in use (METAPLAST_KERNELS). Nothing is written.",
		Before: chooseBLAS,
		Flags: append([]cli.Flag{
			flagConfig(), flagSet(),
			&cli.IntFlag{Name: "repeat", Value: 5, Usage: "measure `N` meta-steps after one to warm up"},
			flagWorkers(), flagBLAS(), flagJSON(), flagQuiet(),
		}, flagsMemory()...),
		BashComplete: completion.Of(config.PresetNames),
		Action:       func(c *cli.Context) error { return benchmark(u, c) },
	}
}

// maxRepeat bounds --repeat: more tells nothing.
const maxRepeat = 1 << 20

func benchmark(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 1, "at most one preset"); err != nil {
		return err
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	remat, memory, err := memory(c)
	if err != nil {
		return err
	}
	if r := c.Int("repeat"); r < 1 || r > maxRepeat {
		return usagef("--repeat: %d, want from 1 to %d", r, maxRepeat)
	}
	cfg, err := chosen(c)
	if err != nil {
		return err
	}
	images := &run.Source{Note: u.tell}
	if err := images.Read(cfg.Task); err != nil {
		return badInput(err)
	}
	images.Tell(false)
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	r, err := bench.Run(context.Background(), cfg.Name, metaopt.Plan{Graph: cfg.Graph(), Sampler: images.Sampler,
		Settings: cfg.Settings(), Seed: cfg.Seed, Workers: n, Remat: remat, Memory: memory}, bench.Options{Repeat: c.Int("repeat"), Done: p.Count("meta-step")})
	if err != nil {
		return err
	}
	p.Close()
	return u.answer(c, r)
}
