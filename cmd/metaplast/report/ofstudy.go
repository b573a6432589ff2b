package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"metaplast/cmd/metaplast/invocation"
	"metaplast/data/fault"
	"metaplast/data/regular"
	"metaplast/metaopt/run"
	"metaplast/metaopt/study"
)

// IsStudy reports whether a folder is that of a study.
func IsStudy(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, study.File))
	return err == nil
}

// OfStudy makes the report of a study from its verdict and the metrics of its runs. It will be put
// into out.
func OfStudy(dir, out string) (*Document, error) {
	path := filepath.Join(dir, study.VerdictFile)
	text, err := regular.Read(path, run.MaxDocument)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Given(fmt.Errorf("%s: the study has no %s yet; the command that it was begun with, %s NAME, goes on with it", dir, study.VerdictFile, invocation.Command("study")))
	}
	if err != nil {
		return nil, fault.Given(err)
	}
	var r study.Result
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fault.Given(fmt.Errorf("%s: not the verdict of a study: %w", path, err))
	}
	config, err := regular.Read(filepath.Join(dir, study.File), run.MaxDocument)
	if err != nil {
		return nil, fault.Given(err)
	}
	var facts []Fact
	var seeds []Seed
	for _, seed := range r.Runs {
		s, err := seedOf(r, seed, dir, out)
		if err != nil {
			return nil, fault.Given(err)
		}
		seeds = append(seeds, s)
		for i, s := range run.Folder(filepath.Join(dir, seed.Run)).Starts() {
			facts = append(facts, Fact{Name: fmt.Sprintf("seed %d, start %d", seed.Seed, i+1), Value: s.String()})
		}
	}
	for i, c := range r.Commands {
		if rest, ok := strings.CutPrefix(c, study.Program+" "); ok {
			r.Commands[i] = invocation.Program() + " " + rest
		}
	}
	return NewStudy(r, string(config), facts, seeds), nil
}

// seedOf finds how the arms of a run of a study trained, and the run's own report.
func seedOf(r study.Result, of study.RunResult, dir, out string) (Seed, error) {
	at := run.Folder(filepath.Join(dir, of.Run))
	s := Seed{Seed: of.Seed, Report: Link{Name: fmt.Sprintf("seed %d", of.Seed), Command: invocation.Command("report", at)}}
	metrics, err := run.ReadMetrics(at.Metrics())
	switch {
	case errors.Is(err, fs.ErrNotExist): // the report says that they are not there
	case err != nil:
		return s, err
	default:
		s.Curves = map[string]Curve{}
		for _, a := range r.Arms {
			s.Curves[a.Name] = curveOf(metrics[a.Name])
		}
	}
	page := at.Path(filepath.Join("report", "report.html"))
	if _, err := os.Stat(page); err != nil {
		return s, nil
	}
	from, err := filepath.Abs(out)
	if err != nil {
		return s, err
	}
	if page, err = filepath.Abs(page); err != nil {
		return s, err
	}
	if page, err = filepath.Rel(from, page); err != nil {
		return s, err
	}
	s.Report.Page, s.Report.Command = filepath.ToSlash(page), ""
	return s, nil
}
