package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"metaplast/data/regular"
	"metaplast/data/settings"
	"metaplast/data/settings/tree"
	"metaplast/data/suggest"
)

// Load reads a file and applies the changes of --set to it.
func Load(path string, sets []string) (*Config, error) {
	text, err := regular.Read(path, tree.MaxFile)
	if err != nil {
		return nil, err
	}
	return parse(&source{name: path, dir: filepath.Dir(path)}, text, sets)
}

// Parse decodes a configuration, called name in errors, after the changes "path=value" of
// sets, in order. All faults are returned together, as one errors.Join: first those of the
// text, each with its line, and only if there are none those of the values, each with its
// path.
//
// The text can extend a preset, but no file: what it names has no folder to be relative to.
func Parse(name string, text []byte, sets []string) (*Config, error) {
	return parse(&source{name: name}, text, sets)
}

func parse(from *source, text []byte, sets []string) (*Config, error) {
	root, err := from.tree(text)
	if err != nil {
		return nil, err
	}
	name := from.name
	d := newDecoder()
	for _, s := range sets {
		if err := set(root, s); err != nil {
			d.Faults = append(d.Faults, err)
		}
	}
	c := Default()
	d.Structure(root, "", &c)
	if root.Kind == tree.Mapping {
		for _, path := range append(slices.Clone(required), c.Task.required()...) {
			if !has(root, path) {
				d.Fault(name, "%s: missing", path)
			}
		}
	}
	if err := errors.Join(d.Faults...); err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c.Meta.normalise()
	c.Network.normalise()
	return &c, nil
}

func has(v *tree.Node, path string) bool {
	for key := range strings.SplitSeq(path, ".") {
		if v.Kind != tree.Mapping {
			return true // of another type, which is a fault that is reported already
		}
		e := v.Find(key)
		if e == nil {
			return false
		}
		v = e.Value
	}
	return true
}

// set applies one --set to the tree. Paths are checked when the tree is decoded, where the
// error tells the same as for a file; its place is the --set.
func set(root *tree.Node, s string) error {
	at := "--set " + clip(s)
	path, text, ok := strings.Cut(s, "=")
	keys := strings.Split(path, ".")
	if len(keys) > tree.MaxNest || len(path) > tree.MaxKey {
		return fmt.Errorf("%s: a path of %d bytes and %d keys, want at most %d and %d", at, len(path), len(keys), tree.MaxKey, tree.MaxNest)
	}
	if !ok || path == "" {
		return fmt.Errorf("%s: want PATH=VALUE, such as meta.steps=40", at)
	}
	if keys[0] == Extends {
		return fmt.Errorf("%s: only a file extends another: name a preset as the argument, or a file by --config", at)
	}
	for _, k := range keys {
		if k == "" {
			return fmt.Errorf("%s: %q is not a path: want keys with single points between them", at, path)
		}
	}
	v, err := tree.Parse([]byte(text), func(int, int) string { return at })
	if err != nil {
		return err
	}
	parent := root.Put(keys[:len(keys)-1], at)
	key := keys[len(keys)-1]
	if key == settings.Name && len(keys) > 1 && parent.Renames(&tree.Node{Kind: tree.Mapping, Entries: []*tree.Entry{{Key: key, Value: v}}}) {
		parent.Entries = nil // settings of one rule mean nothing to another
	}
	e := parent.Find(key)
	switch {
	case len(keys) == 2 && keys[0] == "learners" && v.Kind == tree.Null:
		if e == nil {
			return fmt.Errorf("%s: %w", at, unknownLearner(parent, key))
		}
		parent.Remove(key)
	case e == nil:
		parent.Entries = append(parent.Entries, &tree.Entry{Key: key, At: at, Value: v})
	default:
		e.At, e.Value = at, v
	}
	return nil
}

// clip shortens what an error quotes.
func clip(s string) string {
	const most = 100
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func unknownLearner(learners *tree.Node, name string) error {
	var names []string
	for _, e := range learners.Entries {
		names = append(names, e.Key)
	}
	if len(names) == 0 {
		return errors.New("there is no learner to remove")
	}
	return suggest.Unknown("learner", name, names)
}
