package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"metaplast/cmd/metaplast/report"
	"metaplast/cmd/metaplast/study"
	"metaplast/data/regular"
)

// isStudy reports whether a folder is that of a study.
func isStudy(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, studyFile))
	return err == nil
}

// reportStudy makes the report of a study from its verdict.
func reportStudy(dir string) (*report.Document, error) {
	path := filepath.Join(dir, verdictFile)
	text, err := regular.Read(path, maxNotes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, badInput(fmt.Errorf("%s: the study has no %s yet; the command that it was begun with, %s NAME, goes on with it", dir, verdictFile, pasted("study")))
	}
	if err != nil {
		return nil, badInput(err)
	}
	var r study.Result
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, badInput(fmt.Errorf("%s: not the verdict of a study: %w", path, err))
	}
	config, err := regular.Read(filepath.Join(dir, studyFile), maxNotes)
	if err != nil {
		return nil, badInput(err)
	}
	var facts []report.Fact
	for _, run := range r.Runs {
		for i, s := range folder(filepath.Join(dir, run.Run)).starts() {
			facts = append(facts, report.Fact{Name: fmt.Sprintf("seed %d, start %d", run.Seed, i+1), Value: s.String()})
		}
	}
	for i, c := range r.Commands {
		if rest, ok := strings.CutPrefix(c, study.Program+" "); ok {
			r.Commands[i] = programName() + " " + rest
		}
	}
	return report.NewStudy(r, string(config), facts), nil
}
