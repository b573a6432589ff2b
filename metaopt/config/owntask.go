package config

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/goccy/go-yaml"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/objective"
	"metaplast/data/settings"
	"metaplast/data/settings/tree"
	"metaplast/data/suggest"
)

// kindKey is the key that names a task, beside its settings.
const kindKey = "kind"

// ownTask decodes a task that is registered; false if the mapping names none of these.
func (d *decoder) ownTask(n *tree.Node, path string) (Task, bool) {
	if n.Kind != tree.Mapping {
		return Task{}, false
	}
	e := n.Find(kindKey)
	if e == nil || e.Value.Kind != tree.Scalar {
		return Task{}, false
	}
	registered, err := data.LookupTask(e.Value.Text)
	if err != nil {
		return Task{}, false
	}
	own := *n
	own.Entries = nil
	for _, e := range n.Entries {
		if e.Key != kindKey {
			own.Entries = append(own.Entries, e)
		}
	}
	return Task{Kind: e.Value.Text, Own: d.Configure(&own, path, registered).(data.Task)}, true
}

// MarshalYAML gives the settings of a registered task beside its kind, all of them, and of the others
// what it always gave.
func (t Task) MarshalYAML() (any, error) {
	if t.Own == nil {
		type plain Task
		return plain(t), nil
	}
	return append(yaml.MapSlice{{Key: kindKey, Value: t.Kind}}, tree.Items(t.Own)...), nil
}

// validateOwn returns the faults of a registered task: of its settings, and of the episodes that it says
// it has.
func (t Task) validateOwn() []error {
	if err := settings.Validate("task", t.Own); err != nil {
		return fault.Each(err)
	}
	if name := t.Own.Info().Name; name != t.Kind {
		return []error{fmt.Errorf("task.kind: %q, and the value beside it is %q: want one name", t.Kind, name)}
	}
	s := t.Own.Spec()
	var f fault.Fields
	f.Check(len(s.Inputs) == 1 || len(s.Inputs) == 3, "task: inputs", s.Inputs, "the shape [n] or [C,H,W]")
	for _, n := range append([]int{s.Outputs, s.Steps, s.Batch, s.Query}, s.Inputs...) {
		f.Check(n >= 1, "task: episodes", fault.Words(fmt.Sprintf("of %+v", s)), "at least 1 of everything")
		if n < 1 {
			break
		}
	}
	f.Add("task: loss", suggest.Unknown("loss", s.Loss, objective.Names()))
	return fault.Each(f.Join())
}

// own is the sampler of a registered task, which must be what it says.
func (t Task) own(ctx context.Context) (data.Sampler, error) {
	s, err := t.Own.Sampler(ctx)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, fmt.Errorf("task %s: no sampler", t.Kind)
	}
	if have, want := s.Spec(), t.Own.Spec(); !reflect.DeepEqual(have, want) {
		return nil, fmt.Errorf("task %s: its episodes are %+v, want those of its specification %+v", t.Kind, have, want)
	}
	return s, nil
}

// modelled says where the network is not the one that has computed the targets of the task.
func (c *Config) modelled() []error {
	m, ok := c.Task.Own.(data.Modelled)
	if !ok {
		return nil
	}
	var f fault.Fields
	hidden, activation := m.Network()
	f.Check(len(c.Network.Conv) == 0 && slices.Equal(c.Network.Hidden, hidden), "network.hidden", c.Network.Hidden,
		fmt.Sprintf("%v and no convolutions: the targets of %s are those of such a network", hidden, c.Task.Kind))
	for _, a := range c.Network.activations() {
		if a != activation {
			f.Check(false, "network.activation", a, activation+", as the network has that the targets are of")
			break
		}
	}
	return f
}
