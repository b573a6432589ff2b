package graph

import _ "embed"

// LearnerSource is the file that declares Learner. The comments of its fields document the settings
// of learners, also for those who have the program and not its source.
//
//go:embed learner.go
var LearnerSource string
