package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/outfolder"
	"metaplast/cmd/metaplast/progress"
	"metaplast/cmd/metaplast/report"
	"metaplast/metaopt/run"
)

func reportCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "report", Usage: "make a page with figures about a run or a study", ArgsUsage: "RUN|STUDY",
		Description: "Measures the learners of a run on held-out episodes. Writes report.html, which needs no\n" +
			"other file, report.json with the key figures, and figures/ with each figure as SVG and PNG.\n" +
			"A report that is there is replaced, whole; --force replaces one that other files were put into, with them.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", DefaultText: "report, in the folder of the run or study", Usage: "put the report into `DIR`"},
			flagForce("report"),
			&cli.IntFlag{Name: "episodes", DefaultText: "those of the run", Usage: "measure a run on `N` episodes"},
			flagSplit(), flagTaskDir(), flagWorkers(), flagBLAS(),
			flagJSON(), flagQuiet(),
		},
		Before:       chooseBLAS,
		BashComplete: completion.Of(completion.ReportFolders),
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
	into := reportFolder(filepath.Clean(out), c.Bool("force"))
	if err := ready(u, into); err != nil {
		return err
	}
	commit := stopAtSignal(u)
	doc, err := documentOf(u, c, dir, out, n)
	if err != nil {
		return err
	}
	made, err := doc.Files()
	if err != nil {
		return err
	}
	var files []outfolder.File
	for _, f := range made {
		files = append(files, outfolder.File{Name: f.Path, Text: f.Text})
	}
	commit()
	if err := os.MkdirAll(filepath.Dir(into.Dir), 0o755); err != nil {
		return err
	}
	if err := into.Write(files); err != nil {
		return err
	}
	paths := struct {
		Report  string `json:"report"`
		Figures string `json:"figures"`
		Numbers string `json:"numbers"`
	}{filepath.Join(out, "report.html"), filepath.Join(out, "figures"), filepath.Join(out, "report.json")}
	if c.Bool("json") {
		return u.json(paths)
	}
	return u.print(fmt.Appendf(nil, "report:  %s\nfigures: %s\nnumbers: %s\n", paths.Report, paths.Figures, paths.Numbers))
}

// documentOf makes the report of a study, or measures a run and makes its. It will be put into out.
func documentOf(u *ui, c *cli.Context, dir, out string, workers int) (*report.Document, error) {
	if report.IsStudy(dir) {
		for _, flag := range []string{"episodes", "split", "task-dir"} {
			if c.IsSet(flag) {
				return nil, usagef("--%s: a study has its measurements already: leave it out", flag)
			}
		}
		return report.OfStudy(dir, out)
	}
	r, err := run.Open(dir, imagesOf(u, c))
	if err != nil {
		return nil, err
	}
	split, err := splitFlag(c, r.Config)
	if err != nil {
		return nil, err
	}
	if err := episodesFlag(c, r.Config); err != nil {
		return nil, err
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	note := func(format string, args ...any) {
		if !p.Quiet {
			p.Note(format, args...)
		}
	}
	m := &report.OfRun{Opened: r, Split: split, Workers: workers, Note: note, Count: p.Count, Advised: advised}
	return m.Document(context.Background())
}

// reportFolder is where a report is put: it replaces another without --force.
func reportFolder(dir string, force bool) outfolder.Folder {
	return outfolder.Folder{Dir: dir, Kind: "report", Mark: "report.json", Own: []string{"report.html", "report.json", "figures"}, Keep: keptFiles, Force: force}
}
