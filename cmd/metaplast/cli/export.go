package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/export"
	"metaplast/cmd/metaplast/outfolder"
	"metaplast/cmd/metaplast/progress"
	"metaplast/metaopt/run"
)

func exportCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "export", Usage: "write parameters, updates and measures of a run as NPZ and CSV", ArgsUsage: "RUN",
		Description: "parameters.npz has the meta-parameters of the last checkpoint; episode.npz one held-out episode\n" +
			"with every fast weight, update and gradient of its inner steps; measures.npz, measures.json and\n" +
			"five CSV files how updates differ from gradients over several episodes. docs/export.md describes\n" +
			"the arrays. The folder appears with all its files or not at all; --force replaces an export that is there.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", DefaultText: "RUN/export", Usage: "write into the new folder `DIR`"},
			flagForce("export"),
			&cli.Uint64Flag{Name: "episode", Usage: "record the held-out episode number `N`"},
			&cli.IntFlag{Name: "every", Value: 1, Usage: "of that, keep every `K`-th inner step"},
			&cli.IntFlag{Name: "episodes", Value: 20, Usage: "measure on `N` episodes"},
			&cli.StringFlag{Name: "split", DefaultText: "heldout", Usage: "of a classification run, take the classes of `SPLIT`: heldout (meta-test) or validation"},
			flagTaskDir(), flagWorkers(), flagBLAS(), flagJSON(), flagQuiet(),
		},
		Before:       chooseBLAS,
		BashComplete: completion.Of(completion.RunFolders),
		Action:       func(c *cli.Context) error { return exportRun(u, c) },
	}
}

func exportRun(u *ui, c *cli.Context) error {
	if err := exactly(c, 1, 1, "the folder of one run"); err != nil {
		return err
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	for _, name := range []string{"every", "episodes"} {
		if c.Int(name) < 1 {
			return usagef("--%s: %d, want at least 1", name, c.Int(name))
		}
	}
	commit := stopAtSignal(u)
	r, err := run.Open(c.Args().First(), imagesOf(u, c))
	if err != nil {
		return err
	}
	split, err := splitFlag(c, r.Config)
	if err != nil {
		return err
	}
	out := r.Dir.Path("export")
	if c.IsSet("out") {
		out = filepath.Clean(c.String("out"))
	}
	into := exportFolder(out, c.Bool("force"))
	if err := ready(u, into); err != nil {
		return err
	}
	if info, err := os.Stat(filepath.Dir(out)); err != nil || !info.IsDir() {
		return usagef("--out: the folder %s does not exist", filepath.Dir(out))
	}
	subjects := r.Subjects
	if err := export.Fits(r.Sampler.Spec(), c.Int("every"), subjects); err != nil {
		return badInput(fmt.Errorf("--every %d: %w", c.Int("every"), err))
	}
	e := export.Document{Format: export.Format, Version: export.Version, Run: string(r.Dir), Fingerprint: r.Saved.Fingerprint, MetaSteps: r.Saved.Step,
		Seed: r.Config.Seed, Split: split.String(), Episode: c.Uint64("episode"), Every: c.Int("every"), Episodes: c.Int("episodes")}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	what := export.Measuring{Subjects: subjects, Sampler: r.Sampler, Split: split, Workers: n, Note: p.Note, Count: p.Count}
	files, err := e.Compute(context.Background(), what, run.EncodeJSON)
	p.Close()
	if err != nil {
		return err
	}
	commit()
	if err := into.Write(files); err != nil {
		return err
	}
	if c.Bool("json") {
		return u.json(e)
	}
	return u.print(e.Table(out))
}

// exportFolder is where an export is put.
func exportFolder(dir string, force bool) outfolder.Folder {
	return outfolder.Folder{Dir: dir, Kind: "export", Mark: export.DocumentFile, Keep: keptFiles, Force: force}
}
