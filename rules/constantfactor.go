package rules

import (
	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/graph/op"
)

// ConstantFactor is a third factor that is the same at all times: modulation that has been learned.
//
//	m = v   [1], parameter value
type ConstantFactor struct {
	Start float64 `yaml:"value" range:"finite" about:"v at the start of meta-training"`
	Fixed bool    `yaml:"fixed" about:"whether v stays what it is"`
}

var _ Modulator = ConstantFactor{}

// Info describes the modulator.
func (ConstantFactor) Info() Info {
	return Info{
		Name:    ConstantName,
		Summary: "one learned number",
		Formula: "m = v",
		Source:  "the case without modulation, v = 1",
	}
}

// Validate says what is wrong with the settings.
func (c ConstantFactor) Validate() error {
	var f fault.Fields
	f.Check(isFinite(c.Start), "value", c.Start, "a finite number")
	return f.Join()
}

// Params is v.
func (c ConstantFactor) Params(int) []Param {
	return []Param{{Name: "value", Initial: c.Start, Fixed: c.Fixed, About: "the factor"}}
}

// Value is m [1].
func (ConstantFactor) Value(_ *op.Builder, m Moment) *G.Node { return m.Params["value"] }
