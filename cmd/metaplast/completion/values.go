package completion

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/data"
	"metaplast/graph/blas"
	"metaplast/metaopt/config"
	"metaplast/metaopt/study"
	"metaplast/rules"
)

// valuesOf are the values that a flag can be completed with; none where the shell should offer
// files, or nothing.
func valuesOf(c *cli.Context, flag string, words []string) []string {
	switch flag {
	case "set":
		return settingWords(words)
	case "resume":
		return RunFolders()
	case "from":
		if c.Command.Name == "train" {
			return RunFolders()
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

// settingWords are the words that --set can be followed by: "PATH=", or "PATH=VALUE" where the
// values are known. Learners are those of the preset that has been named, else of all.
func settingWords(words []string) []string {
	var learners []string
	for _, p := range config.Presets() {
		if !slices.Contains(words, p.Name) && slices.ContainsFunc(config.PresetNames(), func(n string) bool { return slices.Contains(words, n) }) {
			continue
		}
		cfg, err := config.Parse(p.Name, p.Text, nil)
		if err != nil {
			continue // a preset's faults are told where it is used
		}
		for _, l := range cfg.Learners {
			if !slices.Contains(learners, l.Name) {
				learners = append(learners, l.Name)
			}
		}
	}
	settings, err := config.Settings()
	if err != nil {
		return nil // told by the command itself
	}
	var list []string
	for _, s := range settings {
		if strings.Contains(s.Path, "[]") || s.Path == config.Extends {
			continue // of the entries of a list; of files
		}
		paths := []string{s.Path}
		if rest, ok := strings.CutPrefix(s.Path, "learners.NAME"); ok {
			paths = nil
			for _, l := range learners {
				paths = append(paths, "learners."+l+rest)
			}
		}
		for _, p := range paths {
			if len(s.Values) == 0 {
				list = append(list, p+"=")
			}
			for _, v := range s.Values {
				list = append(list, p+"="+v)
			}
		}
	}
	for _, l := range learners {
		list = append(list, "learners."+l+"=null")
	}
	return list
}

// RunFolders are the folders of runs that are near: here, in runs, and in studies there.
func RunFolders() []string { return foldersWith("config.yaml") }

// ReportFolders are those that report takes: of runs and of studies.
func ReportFolders() []string {
	return append(foldersWith("config.yaml"), foldersWith(study.File)...)
}

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

// SettingPaths are the paths of all settings; none where they cannot be listed, which the command
// itself tells.
func SettingPaths() []string {
	all, err := config.Settings()
	if err != nil {
		return nil
	}
	var list []string
	for _, s := range all {
		list = append(list, s.Path)
	}
	return list
}

// RuleNames are the names of all rules.
func RuleNames() []string {
	var list []string
	for _, r := range rules.Rules() {
		list = append(list, r.Info().Name)
	}
	return list
}
