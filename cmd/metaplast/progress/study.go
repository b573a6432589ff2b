package progress

import (
	"fmt"
	"strings"
	"sync"

	"metaplast/metaopt"
	"metaplast/metaopt/study"
)

// Study shows the runs of a study, several of which are under way, as one.
type Study struct {
	mu       sync.Mutex
	progress *Shown
	cells    int
	steps    map[uint64]int             // done, by seed
	diverged map[uint64]map[string]int  // training episodes, by seed and arm
	last     map[uint64]string          // evaluation, by seed
	lost     map[uint64]map[string]bool // arms that have been told to be lost, by seed
	done     int                        // cells
}

// OfStudy shows a study of so many cells, which are the runs of its seeds, by p.
func OfStudy(p *Shown, cells int) *Study {
	return &Study{progress: p, cells: cells, steps: map[uint64]int{}, diverged: map[uint64]map[string]int{}, last: map[uint64]string{}, lost: map[uint64]map[string]bool{}}
}

// Of is what the run of a seed reports to.
func (s *Study) Of(seed uint64) func(metaopt.Progress) {
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
			s.tellLost(seed, now, l)
			all.Learners = append(all.Learners, l)
		}
		s.progress.Update(all)
	}
}

// lostAfter is the number of episodes in a row that diverge after which an arm is told to be lost.
// While all diverge there is no gradient, and its parameters stay where they are.
const lostAfter = 100

// tellLost says, once for each arm of a seed, that it diverges for good: at once and not when the
// whole budget is spent, also where no progress is shown.
func (s *Study) tellLost(seed uint64, now metaopt.Progress, l metaopt.LearnerProgress) {
	if l.Row < lostAfter || s.lost[seed][l.Name] {
		return
	}
	if s.lost[seed] == nil {
		s.lost[seed] = map[string]bool{}
	}
	s.lost[seed][l.Name] = true
	s.progress.Note("seed %d, meta-step %d/%d: arm %s is lost: its last %d episodes diverged; the study goes on and counts it as collapsed if it stays so "+
		"(a lower outer rate may save it: --set learners.%s.learning_rate.plasticity=…, in another folder)", seed, now.Step, now.Steps, l.Name, l.Row, l.Name)
}

// Trained tells that a cell's run is finished.
func (s *Study) Trained(c study.Cell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done++
	s.steps[c.Seed] = c.Config.Meta.Steps
	if s.progress.Quiet {
		return
	}
	text := fmt.Sprintf("seed %d is trained, %d of %d", c.Seed, s.done, s.cells)
	if e := s.last[c.Seed]; e != "" {
		text += ": held-out loss " + e
	}
	s.progress.Note("%s", strings.TrimSpace(text))
}

// Finished is the number of runs that are trained.
func (s *Study) Finished() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done
}

// Close ends what is shown.
func (s *Study) Close() { s.progress.Close() }
