package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/graph/op"
)

// RewardFactor is the reward that the task gives for each example of the support stream.
//
//	m_n = R_n   [N]
//
// Tasks without reward are refused. What is to count is often the reward minus what was expected: a
// task gives that by giving the difference.
//
// Source: Frémaux & Gerstner, Front. Neural Circuits 9 (2016) 85.
type RewardFactor struct{}

var _ Rewarded = RewardFactor{}

// Info describes the modulator.
func (RewardFactor) Info() Info {
	return Info{
		Name:    RewardName,
		Summary: "reward that the task gives for each example",
		Formula: "m_n = R_n",
		Source:  "Frémaux & Gerstner, Front. Neural Circuits 9 (2016) 85",
	}
}

// Params is none.
func (RewardFactor) Params(int) []Param { return nil }

// NeedsReward says that the task must give one.
func (RewardFactor) NeedsReward() {}

// Value is m [N].
func (RewardFactor) Value(_ *op.Builder, m Moment) *G.Node { return m.Reward }
