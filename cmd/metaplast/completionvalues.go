package main

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/study"
	"metaplast/data"
	"metaplast/graph/blas"
)

// valuesOf are the values that a flag can be completed with; none where the shell should offer
// files, or nothing.
func valuesOf(c *cli.Context, flag string) []string {
	switch flag {
	case "resume":
		return runFolders()
	case "from":
		if c.Command.Name == "train" {
			return runFolders()
		}
	case "blas":
		return append(blas.Names(), "auto")
	case "split":
		return []string{data.HeldOut.String(), data.Validation.String()}
	case "size":
		return study.Sizes()
	case "dtype":
		return []string{"float32", "float64"}
	case "machine":
		return []string{"planned", "tape"}
	}
	return nil
}

// runFolders are the folders of runs that are near: here, in runs, and in studies there.
func runFolders() []string { return foldersWith("config.yaml") }

// reportFolders are those that report takes: of runs and of studies.
func reportFolders() []string { return append(foldersWith("config.yaml"), foldersWith(studyFile)...) }

func foldersWith(name string) []string {
	var list []string
	for _, pattern := range []string{"*", "runs/*", "runs/*/*", "runs/studies/*/*"} {
		found, err := filepath.Glob(filepath.Join(filepath.FromSlash(pattern), name))
		if err != nil {
			continue // only of a bad pattern
		}
		for _, f := range found {
			if info, err := os.Stat(f); err == nil && info.Mode().IsRegular() {
				list = append(list, filepath.Dir(f))
			}
		}
	}
	slices.Sort(list)
	return list
}
