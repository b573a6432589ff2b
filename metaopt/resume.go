package metaopt

import (
	"metaplast/data/durable"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/record"
)

// save flushes the records and writes the checkpoint, unless it is on the disk already.
func (t *Trainer) save() error {
	if t.saved == t.step {
		return nil
	}
	if f, ok := t.plan.Recorder.(record.Flusher); ok {
		if err := f.Flush(); err != nil {
			return err
		}
	}
	if !t.saves() {
		return nil
	}
	if err := checkpoint.Save(t.plan.Checkpoint, t.State()); err != nil {
		return err
	}
	t.saved = t.step
	return nil
}

// saves reports whether this process writes checkpoints.
func (t *Trainer) saves() bool { return t.plan.Checkpoint != "" && t.plan.Reducer.Rank() == 0 }

// keep keeps the checkpoint of now for good where the settings ask for it.
func (t *Trainer) keep() error {
	if !t.saves() || !t.plan.Settings.keepDue(t.step) {
		return nil
	}
	return durable.Link(t.plan.Checkpoint, checkpoint.KeptPath(t.plan.Checkpoint, t.step))
}

// proven is called after a meta-step. If no learner is diverging, the parameters that it began with
// were sound, and where they are those of a checkpoint of the schedule, that one is kept at
// SoundPath. Checkpoints that a signal made do not count, so that the file is a function of the run.
func (t *Trainer) proven() error {
	if !t.saves() || t.saved != t.step-1 || !t.plan.Settings.saveDue(t.saved) {
		return nil
	}
	for _, l := range t.learners {
		if l.row > 0 {
			return nil
		}
	}
	return durable.Link(t.plan.Checkpoint, checkpoint.SoundPath(t.plan.Checkpoint))
}

// State is the checkpoint of now. It shares memory with the trainer.
func (t *Trainer) State() *checkpoint.Checkpoint {
	c := &checkpoint.Checkpoint{Fingerprint: t.plan.Fingerprint, Seed: t.plan.Seed, Step: t.step, ScheduleStep: t.step,
		Unlogged: t.step - t.logged, Pending: t.pending && t.step > 0}
	for _, l := range t.learners {
		c.Learners = append(c.Learners, checkpoint.Learner{Name: l.name, Layout: l.layout, Theta: l.theta, Optimizer: l.optimizer.State(),
			DivergedInRow: l.row, Diverged: l.diverged})
	}
	return c
}

// Restore continues from a checkpoint read from path. It changes nothing if the checkpoint
// does not match the plan.
func (t *Trainer) Restore(path string, c *checkpoint.Checkpoint) error {
	if err := c.Match(path, t.State()); err != nil {
		return err
	}
	for i, l := range t.learners {
		if err := l.optimizer.Restore(c.Learners[i].Optimizer); err != nil {
			return err
		}
		copy(l.theta, c.Learners[i].Theta)
		l.row, l.diverged = c.Learners[i].DivergedInRow, c.Learners[i].Diverged
	}
	t.step, t.logged, t.pending, t.saved = c.Step, c.Step-c.Unlogged, c.Pending, -1
	if path == t.plan.Checkpoint {
		t.saved = c.Step
	}
	return nil
}
