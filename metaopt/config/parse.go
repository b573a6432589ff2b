package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"metaplast/data/regular"
	"metaplast/data/suggest"
)

// Load reads a file and applies the changes of --set to it.
func Load(path string, sets []string) (*Config, error) {
	text, err := regular.Read(path, maxFile)
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
	d := &decoder{}
	for _, s := range sets {
		if err := set(root, s); err != nil {
			d.faults = append(d.faults, err)
		}
	}
	c := Default()
	d.structure(root, "", &c)
	if root.kind == mapping {
		for _, path := range append(slices.Clone(required), c.Task.required()...) {
			if !has(root, path) {
				d.fault(name, "%s: missing", path)
			}
		}
	}
	if err := errors.Join(d.faults...); err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Meta.LogEvery == 1 {
		c.Meta.LogEvery = 0 // one text for one meaning
	}
	return &c, nil
}

func has(v *value, path string) bool {
	for key := range strings.SplitSeq(path, ".") {
		if v.kind != mapping {
			return true // of another type, which is a fault that is reported already
		}
		e := v.find(key)
		if e == nil {
			return false
		}
		v = e.value
	}
	return true
}

// set applies one --set to the tree. Paths are checked when the tree is decoded, where the
// error tells the same as for a file; its place is the --set.
func set(root *value, s string) error {
	at := "--set " + clip(s)
	path, text, ok := strings.Cut(s, "=")
	keys := strings.Split(path, ".")
	if len(keys) > maxNest || len(path) > maxKey {
		return fmt.Errorf("%s: a path of %d bytes and %d keys, want at most %d and %d", at, len(path), len(keys), maxKey, maxNest)
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
	v, err := parseTree([]byte(text), func(int, int) string { return at })
	if err != nil {
		return err
	}
	parent := root
	for _, k := range keys[:len(keys)-1] {
		e := parent.find(k)
		if e == nil || e.value.kind != mapping {
			next := &value{at: at, kind: mapping}
			if e == nil {
				e = &entry{key: k, at: at}
				parent.entries = append(parent.entries, e)
			}
			e.value = next
		}
		parent = e.value
	}
	key := keys[len(keys)-1]
	e := parent.find(key)
	switch {
	case len(keys) == 2 && keys[0] == "learners" && v.kind == null:
		if e == nil {
			return fmt.Errorf("%s: %w", at, unknownLearner(parent, key))
		}
		parent.remove(key)
	case e == nil:
		parent.entries = append(parent.entries, &entry{key: key, at: at, value: v})
	default:
		e.at, e.value = at, v
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

func unknownLearner(learners *value, name string) error {
	var names []string
	for _, e := range learners.entries {
		names = append(names, e.key)
	}
	if len(names) == 0 {
		return errors.New("there is no learner to remove")
	}
	return suggest.Unknown("learner", name, names)
}
