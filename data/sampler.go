package data

import "fmt"

// Split says what an episode is for. Episodes of different splits share no random numbers, and
// those of a Bank no classes.
type Split int

const (
	Train      Split = iota // meta-training: for the outer loop, the zero value
	HeldOut                 // meta-test: for evaluation only
	Validation              // for choices between runs, so that meta-test classes stay unseen
)

// Splits lists every split, in the order of their values.
func Splits() []Split { return []Split{Train, HeldOut, Validation} }

// known tells whether a split is one of Splits.
func (s Split) known() bool { return s >= Train && s <= Validation }

// String gives "train", "heldout" or "validation", as it stands in the keys of random streams.
func (s Split) String() string {
	switch s {
	case Train:
		return "train"
	case HeldOut:
		return "heldout"
	case Validation:
		return "validation"
	}
	return fmt.Sprintf("Split(%d)", int(s))
}

// Purpose returns the purpose under which the episodes of a task are drawn (see
// stream.New): "train/sine", "heldout/sine". It fails on an unknown split with ErrSplit, for
// such a split would draw from a stream that nobody knows to be apart from the others.
func Purpose(split Split, task string) (string, error) {
	if !split.known() {
		return "", fmt.Errorf("data: %w: %v, want Train, HeldOut or Validation", ErrSplit, split)
	}
	return split.String() + "/" + task, nil
}

// Spec is what every episode of a sampler looks like, which is what a graph must know before
// the first one is drawn.
//
//	Name     task, as in the purposes of its random streams
//	Inputs   shape of one input, "..." in Episode: [11], or [1,28,28]
//	Outputs  n_out
//	Steps    T, inner steps
//	Batch    N, examples per inner step
//	Query    M, examples of the query set, all tasks together
//	Loss     objective.MSE or objective.CrossEntropy
//	Reward   whether episodes have SupportReward
type Spec struct {
	Name    string
	Inputs  []int
	Outputs int
	Steps   int
	Batch   int
	Query   int
	Loss    string
	Reward  bool
}

// Check validates an episode (see Episode.Validate) and compares its shapes with the
// specification. It returns the faults of an episode that is inconsistent in itself, else the
// first *ShapeError.
func (s Spec) Check(e Episode) error {
	if err := e.Validate(); err != nil {
		return err
	}
	inputs := itoas(s.Inputs)
	for _, c := range []struct {
		name string
		got  []int
		want []string
	}{
		{"SupportX", e.SupportX.Shape(), append([]string{itoa(s.Steps), itoa(s.Batch)}, inputs...)},
		{"SupportY", e.SupportY.Shape(), itoas([]int{s.Steps, s.Batch, s.Outputs})},
		{"QueryX", e.QueryX.Shape(), append([]string{itoa(s.Query)}, inputs...)},
		{"QueryY", e.QueryY.Shape(), itoas([]int{s.Query, s.Outputs})},
	} {
		if !matches(c.got, c.want) {
			return newShapeError(c.name, c.got, c.want)
		}
	}
	switch {
	case s.Reward && e.SupportReward == nil:
		return newShapeError("SupportReward", nil, itoas([]int{s.Steps, s.Batch}))
	case !s.Reward && e.SupportReward != nil:
		return fmt.Errorf("data: SupportReward has shape %v, want none: the specification has no reward", []int(e.SupportReward.Shape()))
	}
	return nil
}

// Sampler draws episodes.
//
// Sample returns episode number episode of meta-step (or evaluation) step. The result depends
// on the four arguments and on the sampler's settings alone: not on earlier calls, and so not
// on the number of workers. It belongs to the caller. Spec is constant, and every episode
// passes its Check. Both are safe for concurrent use.
type Sampler interface {
	Spec() Spec
	Sample(seed uint64, split Split, step, episode uint64) (Episode, error)
}
