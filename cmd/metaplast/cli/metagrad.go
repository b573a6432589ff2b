package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/urfave/cli/v2"
	"gorgonia.org/tensor"

	"metaplast/cmd/metaplast/invocation"
	"metaplast/data/npz"
	"metaplast/data/suggest"
	"metaplast/graph/engine"
	"metaplast/metaopt/metagrad"
)

func metagradCommand() *cli.Command {
	return &cli.Command{
		Name: "metagrad", Usage: "compute loss, final weights and meta-gradients of one episode",
		Description: "The case is a folder with case.json and inputs.npz. The result is one NPZ archive with\n" +
			"loss, final_W0 …, and grad_NAME for every parameter of the case.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "case", Usage: "read the case from `DIR`"},
			&cli.StringFlag{Name: "dtype", DefaultText: "what the case says", Usage: "compute in float64 or float32 "},
			&cli.StringFlag{Name: "out", Usage: "write the results to `FILE.npz`"},
			&cli.StringFlag{Name: "machine", Value: "planned", Usage: "run the graph on the planned machine or on Gorgonia's tape"},
			&cli.IntFlag{Name: "remat", Usage: "on the planned machine, keep the weights of every `K`-th inner step only; changes no result"},
			flagWorkers(), flagBLAS(),
		},
		Before: chooseBLAS,
		Action: func(c *cli.Context) error { return runCase(c) },
	}
}

func runCase(c *cli.Context) error {
	if err := exactly(c, 0, 0, "--case DIR and --out FILE.npz"); err != nil {
		return err
	}
	for _, name := range []string{"case", "out"} {
		if c.String(name) == "" {
			return usagef("metagrad: --%s is missing (see %s)", name, invocation.Command("metagrad", "--help"))
		}
	}
	threads, err := workers(c)
	if err != nil {
		return err
	}
	if c.Int("remat") < 0 {
		return usagef("--remat: %d, want 0 or a distance in inner steps", c.Int("remat"))
	}
	planned := engine.Planned(engine.Options{Threads: threads, Remat: c.Int("remat")})
	machines := map[string]engine.Machine{"planned": planned, "sequential": planned, "tape": engine.Tape}
	dtypes := map[string]tensor.Dtype{"float32": tensor.Float32, "float64": tensor.Float64}
	if err := suggest.Unknown("machine", c.String("machine"), []string{"planned", "sequential", "tape"}); err != nil {
		return badInput(fmt.Errorf("--machine: %w", err))
	}
	episode, err := metagrad.Load(c.String("case"))
	if err != nil {
		return badInput(err)
	}
	dtype := episode.Dtype
	if c.IsSet("dtype") {
		dtype = c.String("dtype")
	}
	if err := suggest.Unknown("dtype", dtype, []string{"float32", "float64"}); err != nil {
		return badInput(fmt.Errorf("--dtype: %w", err))
	}
	out := c.String("out")
	if info, err := os.Stat(filepath.Dir(out)); err != nil || !info.IsDir() {
		return usagef("--out: the folder %s does not exist", filepath.Dir(out))
	}
	if info, err := os.Stat(out); err == nil && !info.Mode().IsRegular() {
		return usagef("--out: %s is not a file", out)
	}
	arrays, err := episode.Run(dtypes[dtype], machines[c.String("machine")])
	if err != nil {
		return err
	}
	text, err := npz.Encode(arrays)
	if err != nil {
		return err
	}
	return renameio.WriteFile(out, text, 0o644, renameio.WithTempDir(filepath.Dir(out)))
}
