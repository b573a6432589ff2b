package main

import (
	"fmt"
	"strings"
	"sync"

	"metaplast/cmd/metaplast/study"
	"metaplast/metaopt"
)

// studyProgress shows the runs of a study, several of which are under way, as one.
type studyProgress struct {
	mu       sync.Mutex
	progress *progress
	cells    int
	steps    map[uint64]int            // done, by seed
	diverged map[uint64]map[string]int // training episodes, by seed and arm
	last     map[uint64]string         // evaluation, by seed
	done     int                       // cells
}

func newStudyProgress(p *progress, cells int) *studyProgress {
	return &studyProgress{progress: p, cells: cells, steps: map[uint64]int{}, diverged: map[uint64]map[string]int{}, last: map[uint64]string{}}
}

// of is what the run of a seed reports to.
func (s *studyProgress) of(seed uint64) func(metaopt.Progress) {
	return func(now metaopt.Progress) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.steps[seed] = now.Step
		if len(now.Evaluations) > 0 {
			s.last[seed] = evaluations(now.Evaluations)
			return
		}
		if s.diverged[seed] == nil {
			s.diverged[seed] = map[string]int{}
		}
		all := metaopt.Progress{Steps: s.cells * now.Steps}
		for _, n := range s.steps {
			all.Step += n
		}
		for _, l := range now.Learners {
			s.diverged[seed][l.Name] = l.Diverged
			l.Diverged = 0
			for _, d := range s.diverged {
				l.Diverged += d[l.Name]
			}
			all.Learners = append(all.Learners, l)
		}
		s.progress.update(all)
	}
}

// trained tells that a cell's run is finished.
func (s *studyProgress) trained(c study.Cell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done++
	s.steps[c.Seed] = c.Config.Meta.Steps
	if s.progress.quiet {
		return
	}
	text := fmt.Sprintf("seed %d is trained, %d of %d", c.Seed, s.done, s.cells)
	if e := s.last[c.Seed]; e != "" {
		text += ": held-out loss " + e
	}
	s.progress.note("%s", strings.TrimSpace(text))
}

// finished is the number of runs that are trained.
func (s *studyProgress) finished() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done
}

func (s *studyProgress) close() { s.progress.close() }
