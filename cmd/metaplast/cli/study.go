package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/data/durable"
	"metaplast/metaopt/run"
	"metaplast/metaopt/study"
)

func studyCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "study", Usage: "train, measure and judge a claim of the paper, with several seeds", ArgsUsage: "[NAME]",
		Description: "Without a name, the studies are listed. The folder of a study holds a run for each seed,\n" +
			"which is resumed where it was left, and at the end verdict.json and table.txt. The first\n" +
			"Ctrl-C saves; the same command goes on.",
		Before: chooseBLAS,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "size", Value: study.Quick, Usage: "`SIZE` of networks and streams: quick, minutes, or full, the paper's: hours to days"},
			&cli.StringFlag{Name: "task", DefaultText: "the study's first", Usage: "of a classification study, the `TASK`: omniglot, or glyphs, which needs no download"},
			&cli.IntFlag{Name: "seeds", DefaultText: "the study's own number", Usage: "train with seeds 1 to `N`"},
			&cli.StringSliceFlag{Name: "set", Usage: "change the configuration of all runs: `PATH=VALUE`, such as task.dir=DIR"},
			&cli.StringFlag{Name: "out", DefaultText: "runs/studies/NAME-SIZE", Usage: "put the study into `DIR`, or go on with the one there"},
			&cli.IntFlag{Name: "workers", DefaultText: "one per CPU", Usage: "compute on `N` threads: as many runs side by side; changes no result"},
			flagBLAS(), flagJSON(),
			flagQuiet(),
		},
		BashComplete: completion.Of(study.Names),
		Action:       func(c *cli.Context) error { return runStudy(u, c) },
	}
}

func runStudy(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 1, "at most one study"); err != nil {
		return err
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	if c.NArg() == 0 {
		return listStudies(u, c.Bool("json"))
	}
	plan, err := planOf(c)
	if err != nil {
		return err
	}
	if c.IsSet("out") && c.String("out") == "" {
		return usagef("--out: want a path, have nothing")
	}
	w := &studyWork{ui: u, plan: plan, dir: filepath.Clean(c.String("out")), workers: n}
	if !c.IsSet("out") {
		w.dir = plan.Dir()
	}
	result, err := w.conclude(c.Bool("quiet"))
	if err != nil {
		return err
	}
	doc, err := encodeJSON(result)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return u.print(doc)
	}
	return u.print(fmt.Appendf(result.Table(), "verdict: %s\n", folder(w.dir).path(study.VerdictFile)))
}

// planOf reads the study, its size, task, seeds and changes.
func planOf(c *cli.Context) (*study.Plan, error) {
	s, err := study.Lookup(c.Args().First())
	if err != nil {
		return nil, badInput(err)
	}
	setting, err := s.Setting(c.String("size"), c.String("task"))
	if err != nil {
		return nil, badInput(err)
	}
	if c.IsSet("seeds") && c.Int("seeds") < 1 {
		return nil, usagef("--seeds: %d, want at least 1", c.Int("seeds"))
	}
	plan, err := study.NewPlan(s, setting, c.StringSlice("set"), c.Int("seeds"))
	return plan, badInput(err)
}

// conclude runs what is left of a study and writes its table and verdict.
func (w *studyWork) conclude(quiet bool) (*study.Result, error) {
	lock, err := w.open()
	if err != nil {
		return nil, err
	}
	defer lock.Unlock()
	result, err := w.run(quiet)
	if err != nil {
		return nil, err
	}
	doc, err := encodeJSON(result)
	if err != nil {
		return nil, err
	}
	f := folder(w.dir)
	return result, errors.Join(f.write(study.TableFile, result.Table()), f.write(study.VerdictFile, doc))
}

// check finds what is wrong before anything is written, and makes or reads the images of the task.
func (w *studyWork) check() error {
	if err := w.vacant(); err != nil {
		return badInput(err)
	}
	task := w.plan.Cells[0].Config.Task
	images := &imageSource{note: w.once}
	if err := images.read(task); err != nil {
		if task.FromFiles() {
			err = fmt.Errorf("%w; --set task.dir=DIR tells where they are, --task glyphs takes built-in characters", err)
		}
		return badInput(err)
	}
	told := false
	for _, cell := range w.plan.Cells {
		recorded, err := w.folder(cell).sameData(images.sampler, "--set task.dir=DIR")
		if err != nil {
			return badInput(err)
		}
		told = told || recorded
	}
	images.tell(told)
	w.sampler = images.sampler
	return nil
}

// open makes the folder of the study and locks it, after all that can be wrong has been checked.
func (w *studyWork) open() (*run.Locked, error) {
	if w.sampler == nil {
		if err := w.check(); err != nil {
			return nil, err
		}
	}
	text, err := w.plan.Encode()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return nil, badInput(err)
	}
	lock, err := run.Lock(w.dir)
	if err != nil {
		return nil, err
	}
	if err := w.sweep(); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	if err := folder(w.dir).write(study.File, text); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return lock, nil
}

// sweep removes what deaths in the middle of writing left behind.
func (w *studyWork) sweep() error {
	names := []string{study.File, study.VerdictFile, study.TableFile}
	for _, cell := range w.plan.Cells {
		names = append(names, measuredFile(cell))
	}
	return durable.RemoveStale(w.dir, names...)
}

// vacant checks that the folder is free, or holds this study and no other.
func (w *studyWork) vacant() error {
	entries, err := os.ReadDir(w.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	if _, err := os.Stat(filepath.Join(w.dir, study.File)); err != nil {
		for _, e := range entries {
			// A death before study.yaml had its name leaves the lock and a temporary file.
			if name := e.Name(); name != "lock" && !strings.HasPrefix(name, "."+study.File) {
				return fmt.Errorf("%s is not empty (%s) and holds no study; choose another folder with --out", w.dir, name)
			}
		}
	}
	for _, cell := range w.plan.Cells {
		f := w.folder(cell)
		if _, err := os.Lstat(f.config()); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		have, err := f.load()
		if err != nil {
			return err
		}
		have.Task.Dir = cell.Config.Task.Dir // may change, see train
		text, err := have.Encode()
		if err != nil {
			return err
		}
		want, err := cell.Config.Encode()
		if err != nil {
			return err
		}
		if !bytes.Equal(text, want) {
			return fmt.Errorf("%s holds a run with other settings than those of this study: choose another folder with --out, or give the --size, --task and --set that it was begun with (%s)",
				f, filepath.Join(w.dir, study.File))
		}
	}
	return nil
}

// listStudies prints the studies with their claims.
func listStudies(u *ui, asJSON bool) error {
	type claim struct {
		ID     string `json:"id"`
		Claim  string `json:"claim"`
		Source string `json:"source"`
	}
	type entry struct {
		Name    string   `json:"name"`
		Summary string   `json:"summary"`
		Arms    []string `json:"arms"`
		Claims  []claim  `json:"claims"`
		Tuning  string   `json:"tuning"`
	}
	var list []entry
	for _, s := range study.Studies() {
		e := entry{Name: s.Name, Summary: s.Summary, Tuning: s.Tuning}
		for _, a := range s.Arms {
			e.Arms = append(e.Arms, a.Name)
		}
		for _, c := range s.Claims {
			e.Claims = append(e.Claims, claim{c.ID, c.Statement, c.Source})
		}
		list = append(list, e)
	}
	if asJSON {
		return u.json(list)
	}
	var b bytes.Buffer
	b.WriteString("studies, for metaplast study NAME, with the claims that they test:\n")
	for _, e := range list {
		fmt.Fprintf(&b, "\n%s: %s\n", e.Name, e.Summary)
		w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
		for _, c := range e.Claims {
			fmt.Fprintf(w, "  %s\t%s\n", c.ID, c.Claim)
		}
		w.Flush()
	}
	return u.print(b.Bytes())
}
