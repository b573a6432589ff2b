package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/progress"
	"metaplast/metaopt"
	"metaplast/metaopt/bench"
	"metaplast/metaopt/config"
)

func benchCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "bench", Usage: "measure the meta-steps of a configuration against the machine's roofline", ArgsUsage: "[PRESET]",
		Description: "Builds the episode of a preset (sine-quick if none is named), takes meta-steps and tells\n" +
			"how long they take, how long they would at the machine's measured rates, and where time\n" +
			"goes. Nothing is written.",
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
	images := &imageSource{note: u.once}
	if err := images.read(cfg.Task); err != nil {
		return badInput(err)
	}
	images.tell(false)
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	r, err := bench.Run(context.Background(), cfg.Name, metaopt.Plan{Graph: cfg.Graph(), Sampler: images.sampler,
		Settings: cfg.Settings(), Seed: cfg.Seed, Workers: n, Remat: remat, Memory: memory}, bench.Options{Repeat: c.Int("repeat"), Done: p.Count("meta-step")})
	if err != nil {
		return err
	}
	p.Close()
	if c.Bool("json") {
		return u.json(r)
	}
	return u.print(benchTable(r))
}

// benchTable is the report for people.
func benchTable(r *bench.Report) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %s; %d inner steps, %d episodes per meta-step, %d threads, blas %s\n%s\n\n",
		r.Name, strings.Join(r.Learners, ", "), r.InnerSteps, r.Episodes, r.Threads, r.BLAS, r.Kernels)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(w, "%s\t%s\n", name, fmt.Sprintf(format, args...)) }
	row("build and plan", "%.2f s, %d nodes", r.BuildSeconds, r.Nodes)
	row("meta-step", "%.4g s, median of %d (%.4g to %.4g; the first took %.4g)", r.SecondsPerMetaStep, r.MetaSteps, r.FastestSeconds, r.SlowestSeconds, r.FirstSeconds)
	row("roofline", "%.4g s: %.4g GFLOP in matrix products, %.4g GB through memory", r.RooflineSeconds, r.FLOPs/1e9, r.Bytes/1e9)
	row("measured rates", "%.1f GFLOP/s at those shapes, %.1f GB/s", r.ProductRate/1e9, r.Bandwidth/1e9)
	row("fraction reached", "%.2f", r.RooflineFraction)
	row("memory", "%.3f GB resident at most (%.3f after the first meta-step, %.3f after the last), %.3f GB planned, remat %d",
		float64(r.PeakRSS)/1e9, float64(r.FirstRSS)/1e9, float64(r.LastRSS)/1e9, float64(r.SlabBytes)/1e9, r.Remat)
	row("allocations", "%.1f per meta-step, %.0f bytes", r.AllocsPerMetaStep, r.BytesPerMetaStep)
	w.Flush()
	fmt.Fprintf(&b, "\none episode on one thread, by kind of kernel:\n\n")
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "kind\truns\tseconds\tshare\tGFLOP/s\t\n")
	for _, k := range r.Profile {
		rate := ""
		if k.FLOPs > 0 {
			rate = fmt.Sprintf("%.1f", k.FLOPs/k.Seconds/1e9)
		}
		fmt.Fprintf(w, "%s\t%d\t%.4f\t%.1f %%\t%s\t\n", k.Kind, k.Runs, k.Seconds, 100*k.Share, rate)
	}
	w.Flush()
	return b.Bytes()
}
