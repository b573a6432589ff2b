package run

import (
	"fmt"
	"path/filepath"

	"metaplast/data/fault"
	"metaplast/metaopt/config"
	"metaplast/metaopt/evaluate"
)

// Comparable opens runs of one task.
func Comparable(dirs []string, from *Source) ([]*Opened, error) {
	var runs []*Opened
	seen := map[Folder]bool{}
	for _, dir := range dirs {
		r, err := Read(dir)
		if err != nil {
			return nil, err
		}
		if seen[r.Dir] {
			return nil, fault.Given(fmt.Errorf("%s is named twice", r.Dir))
		}
		seen[r.Dir] = true
		runs = append(runs, r)
		if key, a, b := config.Differ(runs[0].Config.Task, r.Config.Task); key != "" {
			return nil, fault.Given(fmt.Errorf("%s and %s have different tasks: task.%s is %v and %v; want runs of one task, so that their episodes are the same",
				runs[0].Dir, r.Dir, key, a, b))
		}
	}
	for _, r := range runs { // the first one's, for all
		if err := r.Take(from); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// Subjects are the learners of several runs. Their names are those of the runs, with the run's folder
// before them if there are several.
func Subjects(runs []*Opened) []evaluate.Subject {
	var list []evaluate.Subject
	for _, r := range runs {
		for _, s := range r.Subjects {
			if len(runs) > 1 {
				s.Name = filepath.ToSlash(string(r.Dir)) + "/" + s.Name
			}
			list = append(list, s)
		}
	}
	return list
}
