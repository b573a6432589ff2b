package metaopt

// EvaluationDue reports whether the learners are measured after a meta-step: before the first, as
// often as EvalEvery says, and after the last.
func (s Settings) EvaluationDue(step int) bool {
	return step == 0 || step == s.Steps || s.EvalEvery > 0 && step%s.EvalEvery == 0
}

// saveDue reports whether a checkpoint is written after a meta-step, if nothing interrupts the run.
func (s Settings) saveDue(step int) bool {
	return s.EvaluationDue(step) || step%s.CheckpointEvery == 0 || s.keepDue(step)
}

// keepDue reports whether the checkpoint after a meta-step is kept for good.
func (s Settings) keepDue(step int) bool {
	return s.KeepEvery > 0 && step > 0 && step%s.KeepEvery == 0
}

// trainDue reports whether a meta-step has records of KindTrain. The last has, so that its
// counters are those of the run.
func (s Settings) trainDue(step int) bool { return s.LastLogged(step) == step }

// LastLogged is the last of the first so many meta-steps that has records of KindTrain, counted
// from 1; 0 if none has.
func (s Settings) LastLogged(step int) int {
	if step == s.Steps {
		return step
	}
	return step - step%max(s.LogEvery, 1)
}
