package study

// AnalysedEpisodes bounds the held-out episodes of package analysis's measures: they take some
// fifty times as long as a loss.
const AnalysedEpisodes = 40

// The measures that studies use. How they are taken of a trained learner, and why in this way,
// is in the package comment.
var (
	Loss = Measure{Name: "loss", What: "query loss after the stream, the median over held-out episodes", Unit: "mean squared error", Scale: Ratio, Best: Smallest}

	Accuracy = Measure{Name: "accuracy", What: "share of the query classified rightly after the stream, the mean over meta-test episodes", Unit: "share", Best: Largest}

	// Cosine is analysis.Episode.Cosine.
	Cosine = Measure{Name: "cosine", What: "cosine between the update and the negative gradient on the same examples, all plastic weights as one vector, the mean over inner steps and held-out episodes", Unit: "cosine"}

	// Overlap is analysis.Episode.Overlap.
	Overlap = Measure{Name: "overlap", What: "cosine between the updates on two tasks, the mean over pairs of tasks, points of the stream and held-out episodes", Unit: "cosine", Best: Smallest}

	// Harmful is analysis.Episode.Harmful.
	Harmful = Measure{Name: "harmful", What: "share of updates on a task that raise the loss of another, over pairs of tasks, points of the stream and held-out episodes", Unit: "share", Best: Smallest}

	// PastHarmful is analysis.Episode.PastHarmful.
	PastHarmful = Measure{Name: "past_harmful", What: "share of updates on the task that comes next that raise the loss of a task learned before, over tasks, points of the stream and held-out episodes", Unit: "share", Best: Smallest}
)
