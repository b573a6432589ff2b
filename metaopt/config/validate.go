package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"metaplast/data/fault"
	"metaplast/data/suggest"
)

// nameRule is what runs and learners may be called: both become names of folders.
var nameRule = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// startRule is a SHA-256.
var startRule = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Bounds that keep a slip of the pen an error rather than an allocation that kills the
// machine. They lie far above what can be computed in practice.
const (
	maxWidth    = 1 << 20 // units of a layer
	maxDepth    = 1 << 10 // layers
	maxLearners = 64
	maxEpisodes = 1 << 24
)

// Validate returns all faults with the paths of their fields, joined, or nil.
func (c *Config) Validate() error {
	var faults []error
	add := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	unknown := func(path, kind, name string, known ...string) {
		if err := suggest.Unknown(kind, name, known); err != nil {
			add("%s: %w", path, err)
		}
	}
	if !nameRule.MatchString(c.Name) {
		add("name: %q, want letters, digits, \"-\" and \"_\" only, at most 64", c.Name)
	}
	if c.Start != "" && !startRule.MatchString(c.Start) {
		add("start: %q, want the SHA-256 of a file of parameters, in 64 hexadecimal digits: leave it out, and train with --from RUN", c.Start)
	}
	unknown("dtype", "dtype", c.Dtype, "float32", "float64")
	unknown("machine", "machine", c.Machine, "planned", "sequential", "tape")
	task := c.Task.validate()
	faults = append(faults, task...)
	if n := len(c.Network.Conv); n >= maxDepth {
		add("network.conv: %d layers, want fewer than %d", n, maxDepth)
	} else if n > 0 && len(c.Task.Spec().Inputs) != 3 {
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
	faults = append(faults, c.Network.misfits()...)
	faults = append(faults, c.modelled()...)
	if n := c.Network.layers(); c.Network.Frozen < 0 || c.Network.Frozen > n {
		add("network.frozen: %d, want from 0 to %d: of the %d layers at least the last is plastic", c.Network.Frozen, n, n+1)
	}
	if n := len(c.Learners); n == 0 || n > maxLearners {
		add("learners: %d, want from 1 to %d", n, maxLearners)
	}
	for _, l := range c.Learners {
		faults = append(faults, fault.Each(l.Validate("learners."+l.Name))...)
	}
	for _, err := range fault.Each(c.Settings().Validate()) {
		add("%s", settingPath(err))
	}
	if c.Meta.Schedule.Kind != "" {
		unknown("meta.schedule.kind", "kind of schedule", c.Meta.Schedule.Kind, multiStep, cosine)
	}
	for _, s := range c.Meta.Schedule.misfits() {
		add("meta.schedule.%s", s)
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
		faults = append(faults, c.unrolled()...)
	}
	return errors.Join(faults...)
}

// unrolled returns the faults of what is to be unrolled, with the paths that its fields have here.
func (c *Config) unrolled() []error {
	g := c.Graph()
	if e := c.Meta.Estimator.Estimation; e != nil {
		g = e.Configure(g)
	}
	faults := fault.Each(g.Validate())
	for i, err := range faults {
		f := (*fault.Field)(nil)
		if !errors.As(err, &f) {
			continue
		}
		if key, ok := strings.CutPrefix(f.Path, "objective."); ok {
			here := *f
			here.Path = "meta.outer_loss." + key
			faults[i] = &here
		}
	}
	return faults
}

// Faults takes an error of this package apart into its single faults.
func Faults(err error) []error { return fault.Each(err) }

// settingPath gives a fault of metaopt.Settings the path that its field has here.
func settingPath(err error) string {
	s := strings.TrimPrefix(err.Error(), fault.ErrSetting.Error()+": ")
	switch {
	case strings.HasPrefix(s, "eval."), strings.HasPrefix(s, "learners."):
		return s
	}
	return "meta." + s
}
