package config

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// extendable are the settings that may change in a run under way, or a finished one: none of them
// has decided anything about the meta-steps that are done. Where the data set lies has not either; that
// it is the same one is for the caller to see to.
var extendable = []string{"meta.steps", "meta.schedule.milestones", "meta.checkpoint_every", "meta.keep_every", "meta.log_every", "eval.every", "task.dir"}

// Extend applies changes of --set to the configuration of a run of which so many meta-steps are done.
// It refuses settings that cannot change any more, an end that lies behind, and milestones that would
// have changed the rate of a meta-step that is done.
func Extend(c *Config, sets []string, done int) (*Config, error) {
	for _, s := range sets {
		path, _, _ := strings.Cut(s, "=")
		if !slices.Contains(extendable, path) {
			return nil, fmt.Errorf("--set %s: %s cannot change in a run that is under way, only %s can; begin another from its parameters with --from",
				s, path, strings.Join(extendable, ", "))
		}
	}
	text, err := c.Encode()
	if err != nil {
		return nil, err
	}
	next, err := Parse("the configuration of the run", text, sets)
	if err != nil {
		return nil, err
	}
	return next, Continues(c, next, done)
}

// Continues checks that a run with configuration a, of which so many meta-steps are done, can go on
// with b.
func Continues(a, b *Config, done int) error {
	x, err := a.fixed()
	if err != nil {
		return err
	}
	y, err := b.fixed()
	if err != nil {
		return err
	}
	if !bytes.Equal(x, y) {
		return fmt.Errorf("the configurations differ in more than %s", strings.Join(extendable, ", "))
	}
	if b.Meta.Steps != a.Meta.Steps && b.Meta.Steps <= done {
		return fmt.Errorf("meta.steps: %d, want more than the %d that are done", b.Meta.Steps, done)
	}
	past := func(c *Config) []int {
		var list []int
		for _, m := range c.Meta.Schedule.Milestones {
			if m < done {
				list = append(list, m)
			}
		}
		return list
	}
	if was, is := past(a), past(b); !slices.Equal(was, is) {
		return fmt.Errorf("meta.schedule.milestones: %v, want those before meta-step %d as they were, %v: they have had their effect", b.Meta.Schedule.Milestones, done, was)
	}
	return nil
}

// fixed is the canonical text without what is extendable.
func (c *Config) fixed() ([]byte, error) {
	f := *c
	f.Task.Dir = ""
	f.Meta.Steps, f.Meta.Schedule.Milestones, f.Meta.CheckpointEvery, f.Meta.KeepEvery, f.Meta.LogEvery, f.Eval.Every = 0, nil, 0, 0, 0, 0
	return f.Encode()
}
