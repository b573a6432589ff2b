package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/metaopt"
	"metaplast/rules"
)

// nameRule is what runs and learners may be called: both become names of folders.
var nameRule = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Bounds that keep a slip of the pen an error rather than an allocation that kills the
// machine. They lie far above what can be computed in practice.
const (
	maxWidth    = 1 << 20 // units of a layer
	maxDepth    = 1 << 10 // layers
	maxParams   = 1 << 31 // weights of all learners together, and gradients of a meta-batch
	maxFast     = 1 << 36 // weights of all inner steps and learners: what the graph of an episode holds
	maxNodes    = 1 << 24 // layers of all inner steps and learners
	maxActivity = 1 << 34 // activities of all examples of an episode and all learners
	maxLearners = 64
	maxEpisodes = 1 << 24
)

// Validate returns all faults with the paths of their fields, joined, or nil.
func (c *Config) Validate() error {
	var faults []error
	add := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	unknown := func(path, kind, name string, known ...string) {
		if err := rules.Unknown(kind, name, known); err != nil {
			add("%s: %w", path, err)
		}
	}
	if !nameRule.MatchString(c.Name) {
		add("name: %q, want letters, digits, \"-\" and \"_\" only, at most 64", c.Name)
	}
	unknown("dtype", "dtype", c.Dtype, "float32", "float64")
	unknown("machine", "machine", c.Machine, "planned", "sequential", "tape")
	task := c.Task.validate()
	faults = append(faults, task...)
	if n := len(c.Network.Conv); n >= maxDepth {
		add("network.conv: %d layers, want fewer than %d", n, maxDepth)
	} else if n > 0 && !c.Task.Classifies() {
		add("network.conv: %d convolutions, want none: the inputs of %s are no images", n, c.Task.Kind)
	}
	for i, l := range c.Network.Conv {
		for _, f := range []struct {
			name         string
			value, least int
		}{{"channels", l.Channels, 1}, {"kernel", l.Kernel, 1}, {"stride", l.Stride, 1}, {"pad", l.Pad, 0}} {
			if f.value < f.least || f.value > maxWidth {
				add("network.conv[%d].%s: %d, want from %d to %d", i, f.name, f.value, f.least, maxWidth)
			}
		}
	}
	if len(c.Network.Hidden) >= maxDepth {
		add("network.hidden: %d layers, want fewer than %d", len(c.Network.Hidden), maxDepth)
	}
	for i, w := range c.Network.Hidden {
		if w < 1 || w > maxWidth {
			add("network.hidden[%d]: %d, want from 1 to %d", i, w, maxWidth)
		}
	}
	if n := len(c.Network.Conv) + len(c.Network.Hidden); c.Network.Frozen < 0 || c.Network.Frozen > n {
		add("network.frozen: %d, want from 0 to %d: of the %d layers at least the last is plastic", c.Network.Frozen, n, n+1)
	}
	if n := len(c.Learners); n == 0 || n > maxLearners {
		add("learners: %d, want from 1 to %d", n, maxLearners)
	}
	for _, l := range c.Learners {
		faults = append(faults, each(l.Validate("learners."+l.Name))...)
	}
	for _, err := range each(c.Settings().Validate()) {
		add("%s", settingPath(err))
	}
	if c.Meta.Schedule.Gamma == 0 {
		add("meta.schedule.gamma: 0, want a positive number")
	}
	if c.Eval.Episodes > maxEpisodes {
		add("eval.episodes: %d, want at most %d", c.Eval.Episodes, maxEpisodes)
	}
	if len(faults) == 0 {
		faults = append(faults, c.sizes()...)
	}
	if len(faults) == 0 {
		faults = append(faults, each(c.Graph().Validate())...)
	}
	return errors.Join(faults...)
}

// sizes bounds what the run takes. All fields are legal by themselves.
func (c *Config) sizes() []error {
	var faults []error
	g := c.Graph()
	weights, units, in := 0, 0, g.Network.Input
	for l, layer := range g.Network.Layers {
		size := 1
		for _, d := range in {
			size *= d
		}
		if layer.Kind == graph.ConvLayer {
			out, err := op.ConvOutput(in[0], in[1], in[2], layer.Out, layer.Kernel, layer.Stride, layer.Pad)
			if err != nil {
				return []error{fmt.Errorf("network.conv[%d]: %w", l, err)}
			}
			weights += in[0] * layer.Kernel * layer.Kernel * layer.Out
			units += out[0] * out[1] * out[2]
			in = out
			continue
		}
		weights += size * layer.Out // at most 2¹⁰ · 2⁴⁷
		units += layer.Out
		in = []int{layer.Out}
	}
	bound := func(what string, limit int, factors ...int) {
		left := limit
		for _, f := range factors {
			left /= f
		}
		if left < 1 {
			faults = append(faults, fmt.Errorf("%s, want at most %d", what, limit))
		}
	}
	n := len(c.Learners)
	bound(fmt.Sprintf("network: %d weights × %d learners × meta.batch %d", weights, n, c.Meta.Batch), maxParams, weights, n, c.Meta.Batch)
	bound(fmt.Sprintf("task: %d inner steps × %d weights × %d learners", g.Steps, weights, n), maxFast, g.Steps, weights, n)
	examples := g.Steps*g.Batch + g.Query
	bound(fmt.Sprintf("task: %d examples × %d units × %d learners", examples, units, n), maxActivity, examples, units, n)
	bound(fmt.Sprintf("task: %d inner steps × %d layers × %d learners", g.Steps, len(g.Network.Layers), n), maxNodes, g.Steps, len(g.Network.Layers), n)
	return faults
}

// each takes joined errors apart.
func each(err error) []error {
	if err == nil {
		return nil
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var list []error
		for _, e := range j.Unwrap() {
			list = append(list, each(e)...)
		}
		return list
	}
	return []error{err}
}

// Faults takes an error of this package apart into its single faults.
func Faults(err error) []error { return each(err) }

// settingPath gives a fault of metaopt.Settings the path that its field has here.
func settingPath(err error) string {
	s := strings.TrimPrefix(err.Error(), metaopt.ErrSetting.Error()+": ")
	switch {
	case strings.HasPrefix(s, "eval."), strings.HasPrefix(s, "learners."):
		return s
	case strings.HasPrefix(s, "milestones"), strings.HasPrefix(s, "gamma"):
		return "meta.schedule." + s
	}
	return "meta." + s
}
