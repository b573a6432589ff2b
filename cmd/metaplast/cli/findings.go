package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/build"
	"metaplast/metaopt/run"
	"metaplast/metaopt/study"
)

func findingsCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "findings", Usage: "run all studies and write one page of their verdicts",
		Description: "Every study is put into a folder of its own in that of --out, which holds " + study.FindingsFile + " at the\n" +
			"end. Hours: the first Ctrl-C saves; the same command goes on.",
		Before: chooseBLAS,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "size", Value: study.Quick, Usage: "`SIZE` of networks and streams: quick, hours in all, or full, the paper's: weeks"},
			&cli.IntFlag{Name: "seeds", Value: 10, Usage: "train with seeds 1 to `N`"},
			&cli.StringSliceFlag{Name: "only", Usage: "run `STUDY` alone; the page tells of the others what is finished"},
			&cli.StringSliceFlag{Name: "set", Usage: "change the configuration of all runs: `PATH=VALUE`; task.dir=DIR is for classification only"},
			&cli.StringFlag{Name: "out", Value: filepath.Join("runs", "findings"), Usage: "put the studies into `DIR`, or go on with those there"},
			&cli.IntFlag{Name: "workers", DefaultText: "one per CPU", Usage: "compute on `N` threads: as many runs side by side; changes no result"},
			flagBLAS(),
			flagQuiet(),
		},
		Action: func(c *cli.Context) error { return findings(u, c) },
	}
}

// findings runs what is left of all studies and writes the page.
func findings(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 0, "no argument"); err != nil {
		return err
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	if c.String("out") == "" {
		return usagef("--out: want a path, have nothing")
	}
	works, err := allStudies(u, c, n)
	if err != nil {
		return err
	}
	var results []*study.Result
	var folders []string
	for _, w := range works {
		result, err := w.conclude(c.Bool("quiet"))
		if err != nil {
			return err
		}
		u.notef("%s: %s", w.Plan.Study.Name, study.Verdicts(result))
		results = append(results, result)
		for _, cell := range w.Plan.Cells {
			folders = append(folders, string(w.Folder(cell)))
		}
	}
	out := run.Folder(filepath.Clean(c.String("out")))
	page := study.Findings(results, append([]string{madeWith(c)}, study.MadeBy(folders)...))
	if err := out.Write(study.FindingsFile, page); err != nil {
		return err
	}
	return u.print(fmt.Appendf(page, "\npage: %s\n", out.Path(study.FindingsFile)))
}

// allStudies are the studies to run, all of which can be: whatever is wrong is found before the
// first one starts.
func allStudies(u *ui, c *cli.Context, threads int) ([]*studyWork, error) {
	only := c.StringSlice("only")
	for _, name := range only {
		if _, err := study.Lookup(name); err != nil {
			return nil, badInput(fmt.Errorf("--only: %w", err))
		}
	}
	var works []*studyWork
	for _, s := range study.Studies() {
		if only != nil && !slices.Contains(only, s.Name) {
			continue
		}
		setting, err := s.Setting(c.String("size"), "")
		if err != nil {
			return nil, badInput(err)
		}
		changes := c.StringSlice("set")
		if setting.Task == "sine" {
			changes = slices.DeleteFunc(slices.Clone(changes), func(s string) bool { return strings.HasPrefix(s, "task.dir=") })
		}
		if c.Int("seeds") < 1 {
			return nil, usagef("--seeds: %d, want at least 1", c.Int("seeds"))
		}
		plan, err := study.NewPlan(s, setting, changes, c.Int("seeds"))
		if err != nil {
			return nil, badInput(err)
		}
		w := workOf(u, plan, filepath.Join(c.String("out"), s.Name), threads)
		if err := w.check(); err != nil {
			return nil, err
		}
		works = append(works, w)
	}
	return works, nil
}

// madeWith is how the page was asked for.
func madeWith(c *cli.Context) string {
	args := []string{"metaplast", "findings", "--size", c.String("size"), "--seeds", fmt.Sprint(c.Int("seeds"))}
	for _, s := range c.StringSlice("only") {
		args = append(args, "--only", s)
	}
	v := build.This()
	version := v.Version
	if v.Revision != "" {
		version += " revision " + v.Revision
	}
	return fmt.Sprintf("Made by `%s` of metaplast %s on %s.", strings.Join(args, " "), version, time.Now().UTC().Format("2006-01-02"))
}
