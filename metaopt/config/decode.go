package config

import (
	"fmt"

	"metaplast/data/settings"
	"metaplast/data/settings/tree"
	"metaplast/graph"
)

// decoder fills a Config.
type decoder struct{ tree.Decoder }

func newDecoder() *decoder {
	d := &decoder{}
	d.Special = func(n *tree.Node, path string, target any) bool {
		switch target := target.(type) {
		case *Learners:
			*target = d.learners(n, path)
		case *Task:
			own, ok := d.ownTask(n, path)
			if !ok {
				return false
			}
			*target = own
		case *[]Conv:
			*target = d.convolutions(n, path)
		case *Activation:
			*target = d.activation(n, path)
		default:
			return d.outer(n, path, target)
		}
		return true
	}
	return d
}

func (d *decoder) convolutions(v *tree.Node, path string) []Conv {
	if v.Kind != tree.List {
		d.Want(v, path, "a list of convolutions, such as [{channels: 64, kernel: 3, stride: 2, pad: 1}]")
		return nil
	}
	out := make([]Conv, len(v.Items))
	for i, item := range v.Items {
		out[i].Stride = 1
		d.Structure(item, fmt.Sprintf("%s[%d]", path, i), &out[i])
	}
	return out
}

// learners decodes the mapping of learners.
func (d *decoder) learners(v *tree.Node, path string) Learners {
	if v.Kind != tree.Mapping {
		d.Want(v, path, "a mapping from names to learners")
		return nil
	}
	var list Learners
	for _, e := range v.Entries {
		p := path + "." + e.Key
		if !nameRule.MatchString(e.Key) {
			d.Fault(e.At, "%s: the name of a learner has letters, digits, \"-\" and \"_\" only, at most 64", p)
			continue
		}
		if e.Value.Kind != tree.Mapping {
			d.Want(e.Value, p, "a mapping, such as {preset: flp}")
			continue
		}
		l := Learner{Name: e.Key}
		settings := *e.Value
		settings.Entries = nil
		preset := false
		var chosen []*tree.Entry
		for _, s := range e.Value.Entries {
			if s.Key == rateKey {
				d.Structure(s.Value, p+"."+rateKey, &l.LearningRate)
				continue
			}
			if chooserOf(s.Key) != nil {
				chosen = append(chosen, s)
				continue
			}
			if s.Key != "preset" {
				settings.Entries = append(settings.Entries, s)
				continue
			}
			var name string
			if !d.Scalar(s.Value, p+".preset", &name) {
				preset = true // a second complaint about missing settings would be no help
				continue
			}
			var err error
			if l.Learner, err = graph.Preset(name); err != nil {
				d.Fault(s.At, "%s.preset: %v", p, err)
			}
			preset = true
		}
		d.Known = []string{"preset", rateKey}
		d.Structure(&settings, p, &l.Learner)
		for _, s := range chosen {
			d.choose(s, p, &l.Learner)
		}
		if !preset {
			d.complete(e, p)
		}
		list = append(list, l)
	}
	return list
}

// complete complains about settings that a learner without a preset leaves out.
func (d *decoder) complete(e *tree.Entry, path string) {
	var missing []string
	for _, k := range settings.Keys(graph.Learner{}) {
		if !optional[k] && e.Value.Find(k) == nil {
			missing = append(missing, k)
		}
	}
	if len(missing) > 0 {
		d.Fault(e.At, "%s: without a preset, these settings are missing: %s", path, tree.Join(missing))
	}
}
