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
	"metaplast/data"
	"metaplast/data/npz"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/evaluate"
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

// exported is export.json, and what export --json prints.
type exported struct {
	Format      string         `json:"format"`
	Version     int            `json:"version"`
	Run         string         `json:"run"`
	Fingerprint string         `json:"fingerprint"`
	MetaSteps   int            `json:"meta_steps"`
	Seed        uint64         `json:"seed"`
	Split       string         `json:"split"`
	Episode     uint64         `json:"episode"`
	Every       int            `json:"every"`
	Episodes    int            `json:"episodes"`
	Learners    []string       `json:"learners"`
	Arrays      []exportedFile `json:"arrays"`
	Tables      []string       `json:"tables"`
}

// exportedFile lists the arrays of an archive.
type exportedFile struct {
	File   string          `json:"file"`
	Arrays []exportedArray `json:"arrays"`
}

type exportedArray struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

const (
	exportFormat  = "metaplast export"
	exportVersion = 1
	exportFile    = "export.json" // says what is in the others
)

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
	r, err := openRun(c.Args().First(), imagesOf(u, c))
	if err != nil {
		return err
	}
	split, err := splitFlag(c, r.cfg)
	if err != nil {
		return err
	}
	out := r.dir.path("export")
	if c.IsSet("out") {
		out = filepath.Clean(c.String("out"))
	}
	into := exportFolder(out, c.Bool("force"))
	if err := into.Usable(); err != nil {
		return badInput(err)
	}
	if err := into.Sweep(); err != nil {
		u.notef("what an earlier %s left behind cannot be removed: %v", into.Kind, err)
	}
	if info, err := os.Stat(filepath.Dir(out)); err != nil || !info.IsDir() {
		return usagef("--out: the folder %s does not exist", filepath.Dir(out))
	}
	subjects := r.subjects
	if err := fits(r.sampler.Spec(), c.Int("every"), subjects); err != nil {
		return badInput(err)
	}
	e := exported{Format: exportFormat, Version: exportVersion, Run: string(r.dir), Fingerprint: r.saved.Fingerprint, MetaSteps: r.saved.Step,
		Seed: r.cfg.Seed, Split: split.String(), Episode: c.Uint64("episode"), Every: c.Int("every"), Episodes: c.Int("episodes")}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	files, err := e.compute(context.Background(), p, r, subjects, split, n)
	p.Close()
	if err != nil {
		return err
	}
	text, err := encodeJSON(e)
	if err != nil {
		return err
	}
	commit()
	if err := into.Write(append(files, outfolder.File{Name: exportFile, Text: text})); err != nil {
		return err
	}
	if c.Bool("json") {
		return u.json(e)
	}
	return u.print(e.table(out))
}

// exportFolder is where an export is put.
func exportFolder(dir string, force bool) outfolder.Folder {
	return outfolder.Folder{Dir: dir, Kind: "export", Mark: exportFile, Keep: keptFiles, Force: force}
}

// fits refuses an episode whose arrays no archive can hold, with the --every that would do.
func fits(spec data.Spec, every int, subjects []evaluate.Subject) error {
	for k := every; ; k *= 2 {
		n, err := export.Values(spec, (spec.Steps+k-1)/k, subjects)
		switch {
		case err != nil:
			return err
		case n <= npz.MaxElements && k == every:
			return nil
		case n <= npz.MaxElements:
			return fmt.Errorf("--every %d: the episode has too many values for an archive, %d at most: --every %d would do", every, npz.MaxElements, k)
		case k >= spec.Steps:
			return fmt.Errorf("one inner step has %d values, an archive %d at most: no episode of this run can be exported", n, npz.MaxElements)
		}
	}
}

// compute makes the contents of all files but export.json.
func (e *exported) compute(ctx context.Context, p *progress.Shown, r *openedRun, subjects []evaluate.Subject, split data.Split, workers int) ([]outfolder.File, error) {
	ep, err := r.sampler.Sample(e.Seed, split, 0, e.Episode)
	if err != nil {
		return nil, err
	}
	var learners []export.Learner
	for _, s := range subjects {
		t, err := analysis.Record(ctx, s, ep, e.Every)
		if err != nil {
			return nil, err
		}
		if !isFinite(t.QueryLoss) {
			p.Note("warning: %s diverges in episode %d: its arrays hold numbers that are not finite", s.Name, e.Episode)
		}
		e.Learners = append(e.Learners, s.Name)
		learners = append(learners, export.Learner{Name: s.Name, Layout: s.Layout, Theta: s.Theta, Trace: t})
	}
	all, err := analysis.Analyse(ctx, subjects, r.sampler, analysis.Options{Episodes: e.Episodes, Split: split, Seed: e.Seed, Workers: workers, Done: p.Count("episode")})
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if a.Diverged > 0 {
			p.Note("note: %s diverges in %d of %d episodes: they are left out of its measures", a.Learner, a.Diverged, a.Episodes)
		}
	}
	measures, err := export.Measures(all)
	if err != nil {
		return nil, err
	}
	text, err := encodeJSON(all)
	if err != nil {
		return nil, err
	}
	files := []outfolder.File{{Name: "measures.json", Text: text}}
	for _, a := range []struct {
		name   string
		arrays []npz.Named
	}{{"parameters.npz", export.Parameters(learners)}, {"episode.npz", export.Episode(ep, learners)}, {"measures.npz", measures}} {
		files = append(files, outfolder.File{Name: a.name, Arrays: a.arrays})
		listed := exportedFile{File: a.name}
		for _, v := range a.arrays {
			listed.Arrays = append(listed.Arrays, exportedArray{v.Name, v.Shape})
		}
		e.Arrays = append(e.Arrays, listed)
	}
	for _, t := range export.Tables(learners, all) {
		text, err := t.CSV()
		if err != nil {
			return nil, err
		}
		files = append(files, outfolder.File{Name: t.Name, Text: text})
		e.Tables = append(e.Tables, t.Name)
	}
	return files, nil
}

// table tells people what was written.
func (e *exported) table(out string) []byte {
	text := fmt.Sprintf("%s: episode %d and measures over %d episodes of %d learners, after %d meta-steps\n\n", out, e.Episode, e.Episodes, len(e.Learners), e.MetaSteps)
	for _, f := range e.Arrays {
		text += fmt.Sprintf("%-16s %d arrays\n", f.File, len(f.Arrays))
	}
	for _, t := range append([]string{"measures.json"}, e.Tables...) {
		text += t + "\n"
	}
	return []byte(text + "export.json      what is in them\n")
}
