package analysis

import "metaplast/metaopt/measure"

// Analysis is what was measured of one learner. Numbers are means over the episodes that did
// not diverge, unless said otherwise; NaN where undefined. If all diverged, all are NaN and
// Activity is empty. Ratios of lengths are medians over the episodes: where a gradient all but
// vanishes the ratio of one episode is of any size, and so is a mean.
//
// Index l counts plastic layers, bottom first, and stands for layer Layers[l] of the network;
// s counts measured inner steps and stands for step Steps[s], from 0; i, j, k count tasks in the
// order of an episode.
type Analysis struct {
	Learner  string `json:"learner"`
	Episodes int    `json:"episodes"` // all of them
	Diverged int    `json:"diverged"` // those left out
	Layers   []int  `json:"layers"`   // plastic layers, numbered as in the network
	Steps    []int  `json:"steps"`    // measured inner steps, of InnerSteps
	Tasks    int    `json:"tasks"`    // functions or classes in an episode

	InnerSteps int    `json:"inner_steps"` // T
	Loss       string `json:"loss"`        // objective.MSE or objective.CrossEntropy
	Ordered    bool   `json:"ordered"`     // whether tasks come one after the other in every episode

	// Updates against gradients, by inner step.

	Cosine       measure.Table   `json:"cosine"`         // [l][s] cos(ΔW, −∇W)
	NormRatio    measure.Table   `json:"norm_ratio"`     // [l][s] ‖ΔW‖/‖∇W‖, median
	NetCosine    measure.Numbers `json:"net_cosine"`     // [s] the same of all plastic layers as one vector
	NetNormRatio measure.Numbers `json:"net_norm_ratio"` // [s] median
	StepLoss     measure.Numbers `json:"step_loss"`      // [s] loss on the step's examples before the update
	Rank         measure.Table   `json:"rank"`           // [l][s] effective rank of ΔW [out,in], biases apart
	Angle        measure.Table   `json:"angle"`          // [l][s] between feedback weights and the transpose of the forward path, in degrees; NaN where the pathway has none

	// Tasks against each other, by point of the stream.

	Points []Point `json:"points"` // W(0) first, W(T) last

	// What the stream leaves behind, on the query examples of each task.

	Before           measure.Numbers `json:"before"`                    // [j] loss with W(0)
	BlockSteps       []int           `json:"block_steps"`               // [k] inner steps after which row k below is measured
	Retention        measure.Table   `json:"retention"`                 // [k][j] loss of task j after block k of the stream
	AccuracyBefore   measure.Numbers `json:"accuracy_before,omitempty"` // the same in accuracies, for classification only
	Accuracy         measure.Table   `json:"accuracy,omitempty"`
	ByAge            []Age           `json:"by_age"`            // [a] of the same table, accuracies or losses; empty unless Ordered
	AverageFinal     measure.Number  `json:"average_final"`     // mean of the last row: accuracy for classification, else loss
	BackwardTransfer measure.Number  `json:"backward_transfer"` // of the same table; positive is good for both. NaN unless Ordered, as the next two
	ForwardTransfer  measure.Number  `json:"forward_transfer"`  // positive is good
	Forgetting       measure.Number  `json:"forgetting"`        // positive is bad

	// Activities and meta-parameters.

	Activity []Activity  `json:"activity"` // of every layer but the output, on the query examples with W(T)
	Alpha    []Histogram `json:"alpha"`    // plasticities, all with the same bins; empty where α is a constant
	Beta     []Histogram `json:"beta"`     // feedback strengths, all with the same bins; empty where there are none

	ByEpisode []Episode `json:"by_episode"` // of every episode, diverged ones too
}

// Point is how tasks interfere at one point of the stream, at the weights W(Step); see the
// package comment. Rows are what an update answers to, columns whose loss or update it is compared
// with; the diagonal holds pairs of different batches of one task and is NaN where a task fills
// one only.
type Point struct {
	Step int `json:"step"` // inner steps done

	Overlap      measure.Table `json:"overlap"`      // [i][j] cos(ΔW_i, ΔW_j)
	Alignment    measure.Table `json:"alignment"`    // [i][j] cos(ΔW_i, −∇L_j)
	Interference measure.Table `json:"interference"` // [i][j] L_j(W + ΔW_i) − L_j(W)
	FirstOrder   measure.Table `json:"first_order"`  // [i][j] ∇L_j·ΔW_i

	OverlapWithin    measure.Number `json:"overlap_within"`  // mean over pairs of batches of one task
	OverlapBetween   measure.Number `json:"overlap_between"` // and of two tasks
	AlignmentWithin  measure.Number `json:"alignment_within"`
	AlignmentBetween measure.Number `json:"alignment_between"`
	Own              measure.Number `json:"own"`     // change of the loss on the very examples that the update answers to
	Within           measure.Number `json:"within"`  // mean interference on other batches of the task
	Between          measure.Number `json:"between"` // and on other tasks
	Harmful          measure.Number `json:"harmful"` // share of pairs of batches of two tasks whose interference is positive
	HarmfulFirst     measure.Number `json:"harmful_first"`

	// Of the update on the task that comes next, on the tasks learned so far. NaN at W(0), at
	// W(T), and unless Ordered.
	Past        measure.Number `json:"past"`         // mean interference
	PastHarmful measure.Number `json:"past_harmful"` // share of pairs
}

// Age is what is left of tasks after a number of others has been learned:
//
//	1/(T−a) Σ_{j<T−a} R[j+a][j]
//
// of accuracies for classification, else of losses; the mean over episodes with the interval of
// measure.StudentT.
type Age struct {
	Age  int            `json:"age"` // tasks learned since, a
	Mean measure.Number `json:"mean"`
	Low  measure.Number `json:"low95"`
	High measure.Number `json:"high95"`
}

// Activity is how sparse a layer's activity is.
type Activity struct {
	Layer int            `json:"layer"` // number in the network
	Units int            `json:"units"`
	Zeros measure.Number `json:"zeros"` // share of exact zeros
	Hoyer measure.Number `json:"hoyer"` // Hoyer's sparsity of an example's activity, 0 … 1; see measure.Activity
	Dead  measure.Number `json:"dead"`  // units that are 0 for all query examples of an episode
}

// Histogram is that of one array of meta-parameters.
type Histogram struct {
	Layer int    `json:"layer"` // number in the network; −1 for one array of the whole network
	Name  string `json:"name"`  // as in graph.Layout
	measure.Histogram
}
