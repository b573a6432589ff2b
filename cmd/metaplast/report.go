package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/report"
)

func reportCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "report", Usage: "make a page with figures about a run or a study", ArgsUsage: "RUN|STUDY",
		Description: "Measures the learners of a run on held-out episodes. Writes report.html, which needs no\n" +
			"other file, report.json with the key figures, and figures/ with each figure as SVG and PNG.\n" +
			"A report that is there is replaced.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", DefaultText: "report, in the folder of the run or study", Usage: "put the report into `DIR`"},
			&cli.IntFlag{Name: "episodes", DefaultText: "those of the run", Usage: "measure a run on `N` episodes"},
			flagSplit(), flagWorkers(), flagBLAS(),
			flagJSON(), flagQuiet(),
		},
		Before:       chooseBLAS,
		BashComplete: complete(reportFolders),
		Action:       func(c *cli.Context) error { return makeReport(u, c) },
	}
}

func makeReport(u *ui, c *cli.Context) error {
	if err := exactly(c, 1, 1, "the folder of one run or study"); err != nil {
		return err
	}
	n, err := workers(c)
	if err != nil {
		return err
	}
	dir := filepath.Clean(c.Args().First())
	out := c.String("out")
	if c.IsSet("out") && out == "" {
		return usagef("--out: want a path, have nothing")
	}
	if out == "" {
		out = filepath.Join(dir, "report")
	}
	if err := reportable(out); err != nil {
		return badInput(err)
	}
	commit := stopAtSignal(u)
	doc, err := documentOf(u, c, dir, out, n)
	if err != nil {
		return err
	}
	files, err := doc.Files()
	if err != nil {
		return err
	}
	commit()
	for _, f := range files {
		if err := writeBelow(out, f.Path, f.Text); err != nil {
			return err
		}
	}
	made := struct {
		Report  string `json:"report"`
		Figures string `json:"figures"`
		Numbers string `json:"numbers"`
	}{filepath.Join(out, "report.html"), filepath.Join(out, "figures"), filepath.Join(out, "report.json")}
	if c.Bool("json") {
		return u.json(made)
	}
	return u.print(fmt.Appendf(nil, "report:  %s\nfigures: %s\nnumbers: %s\n", made.Report, made.Figures, made.Numbers))
}

// documentOf makes the report of a study, or measures a run and makes its. It will be put into out.
func documentOf(u *ui, c *cli.Context, dir, out string, workers int) (*report.Document, error) {
	if isStudy(dir) {
		for _, flag := range []string{"episodes", "split"} {
			if c.IsSet(flag) {
				return nil, usagef("--%s: a study has its measurements already: leave it out", flag)
			}
		}
		return reportStudy(dir, out)
	}
	r, err := openRun(dir)
	if err != nil {
		return nil, err
	}
	split, err := splitFlag(c, r.cfg)
	if err != nil {
		return nil, err
	}
	if err := episodesFlag(c, r.cfg); err != nil {
		return nil, err
	}
	p := newCounter(u.err, c.Bool("quiet"))
	defer p.close()
	m := &measurer{openedRun: r, split: split, workers: workers, progress: p}
	return m.document(context.Background())
}

// reportable checks that a report can be put into a folder: it does not exist, is empty, or holds
// a report.
func reportable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	if len(entries) == 0 {
		return nil
	}
	for _, e := range entries {
		switch e.Name() {
		case "report.html", "report.json", "figures":
		default:
			return fmt.Errorf("%s holds something else than a report (%s); choose another folder with --out", dir, e.Name())
		}
	}
	return nil
}

// writeBelow writes a file, whole, and the folders it is in. path has slashes.
func writeBelow(dir, path string, text []byte) error {
	to := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return renameio.WriteFile(to, text, 0o644, renameio.WithTempDir(filepath.Dir(to)))
}
