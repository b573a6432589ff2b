// Package evaluate measures how well learners learn episodes that they were not trained on.
//
//	Subject         a learner with its meta-parameters, and where they come from
//	Evaluate        every subject on the same episodes, step by step, without an outer loop
//	Evaluation      what that gives of one subject, with intervals over episodes
//	Comparison      differences of subjects, paired by the episodes that they share
//
// Nothing here needs a trainer or a run folder: a subject is a value, as a learner and a vector of
// numbers are.
package evaluate
