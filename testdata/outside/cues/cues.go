// Package cues is a task of one's own that gives a reward.
package cues

import (
	"context"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/catalog"
	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/data/stream"
)

// Cues teaches, in each episode, what so many cues are worth. They are shown in turn; the target of all is
// 1, and only the reward says which are good.
//
//	input   ±1, drawn for each cue     n_in = Size
//	target  1; of a query the worth    n_out = 1
//	reward  the worth of the cue, ±1
type Cues struct {
	Count int `yaml:"count" range:"at least 1" about:"cues: how many there are in an episode"`
	Size  int `yaml:"size" range:"at least 1" about:"cues: numbers of a cue"`
	Steps int `yaml:"steps" range:"at least 1" about:"cues: inner steps, in each of which one is shown"`
}

var _ data.Task = Cues{}

// Info describes the task.
func (Cues) Info() catalog.Info {
	return catalog.Info{Name: "cues", Summary: "cues whose worth a reward tells", Formula: "y = R of the cue x"}
}

// Validate says what is wrong with the settings.
func (c Cues) Validate() error {
	var f fault.Fields
	f.Check(c.Count >= 1, "count", c.Count, "at least 1")
	f.Check(c.Size >= 1, "size", c.Size, "at least 1")
	f.Check(c.Steps >= 1, "steps", c.Steps, "at least 1")
	return f.Join()
}

// Spec describes the episodes.
func (c Cues) Spec() data.Spec {
	return data.Spec{Name: "cues", Inputs: []int{c.Size}, Outputs: 1, Steps: c.Steps, Batch: 1, Query: c.Count, Loss: objective.MSE, Reward: true}
}

// Sampler returns the episodes: the value itself.
func (c Cues) Sampler(context.Context) (data.Sampler, error) { return c, nil }

// Scoring is that of any regression.
func (c Cues) Scoring() data.Scoring { return data.ScoringOf(c.Spec()) }

// Sample draws an episode.
func (c Cues) Sample(seed uint64, split data.Split, step, episode uint64) (data.Episode, error) {
	purpose, err := data.Purpose(split, "cues")
	if err != nil {
		return data.Episode{}, err
	}
	rng := stream.New(seed, purpose, step, episode)
	draw := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = float64(2*rng.IntN(2) - 1)
		}
		return v
	}
	cues, worth := draw(c.Count*c.Size), draw(c.Count)
	e := data.Episode{QueryTask: make([]int, c.Count), SupportTask: make([]int, c.Steps)}
	var x, y, r []float64
	for t := range c.Steps {
		k := t % c.Count
		x, y, r, e.SupportTask[t] = append(x, cues[k*c.Size:(k+1)*c.Size]...), append(y, 1), append(r, worth[k]), k
	}
	for k := range c.Count {
		e.QueryTask[k] = k
	}
	dense := func(v []float64, shape ...int) *tensor.Dense {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v))
	}
	e.SupportX, e.SupportY, e.SupportReward = dense(x, c.Steps, 1, c.Size), dense(y, c.Steps, 1, 1), dense(r, c.Steps, 1)
	e.QueryX, e.QueryY = dense(cues, c.Count, c.Size), dense(worth, c.Count, 1)
	return e, nil
}
