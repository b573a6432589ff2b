package metaopt

// save flushes the records and writes the checkpoint.
func (t *Trainer) save() error {
	if f, ok := t.plan.Recorder.(Flusher); ok {
		if err := f.Flush(); err != nil {
			return err
		}
	}
	if t.plan.Checkpoint == "" || t.plan.Reducer.Rank() != 0 {
		return nil
	}
	return SaveCheckpoint(t.plan.Checkpoint, t.State())
}

// State is the checkpoint of now. It shares memory with the trainer.
func (t *Trainer) State() *Checkpoint {
	c := &Checkpoint{Fingerprint: t.plan.Fingerprint, Seed: t.plan.Seed, Step: t.step, ScheduleStep: t.step}
	for _, l := range t.learners {
		c.Learners = append(c.Learners, LearnerState{Name: l.name, Layout: l.layout, Theta: l.theta, Adam: l.adam.State,
			DivergedInRow: l.row, Diverged: l.diverged})
	}
	return c
}

// Restore continues from a checkpoint read from path. It changes nothing if the checkpoint
// does not match the plan.
func (t *Trainer) Restore(path string, c *Checkpoint) error {
	if err := c.Match(path, t.State()); err != nil {
		return err
	}
	for i, l := range t.learners {
		if err := l.adam.Restore(c.Learners[i].Adam); err != nil {
			return err
		}
		copy(l.theta, c.Learners[i].Theta)
		l.row, l.diverged = c.Learners[i].DivergedInRow, c.Learners[i].Diverged
	}
	t.step, t.restored = c.Step, true
	return nil
}
