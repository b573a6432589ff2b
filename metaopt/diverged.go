package metaopt

import (
	"fmt"

	"metaplast/metaopt/checkpoint"
)

// DivergedError says that too many episodes in a row diverged, so that the run has stopped. It is
// saved, and going on with it gives the same error: begin another from SoundPath with other settings.
type DivergedError struct {
	Learner string
	Row     int    // episodes in a row
	Step    int    // meta-steps that were done
	Last    string // where the last one did; empty where the run stopped in an earlier process
}

func (e *DivergedError) Error() string {
	last := ""
	if e.Last != "" {
		last = ", the last at " + e.Last
	}
	return fmt.Sprintf("%d episodes of %s in a row diverged%s: the run has stopped after meta-step %d. Lower the learning rates, clip, inner_lr or hidden_scale, or raise meta.max_diverged",
		e.Row, e.Learner, last, e.Step)
}

// Stopped is the DivergedError of a run that stopped at a checkpoint; nil if it did not.
func Stopped(c *checkpoint.Checkpoint, maxDiverged int) *DivergedError {
	for _, l := range c.Learners {
		if maxDiverged > 0 && l.DivergedInRow >= maxDiverged {
			return &DivergedError{Learner: l.Name, Row: l.DivergedInRow, Step: c.Step}
		}
	}
	return nil
}
