package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"metaplast/data/regular"
	"metaplast/data/settings/tree"
)

// Extends is the key at the top of a file that names what it begins with: a preset of a run, or a
// file, by a path that is relative to the file.
const Extends = "extends"

// extendsAbout documents the key, which is no field.
const extendsAbout = "what the file begins with and changes: mappings are merged, other values replaced, and null removes a learner"

// maxExtends bounds how many files extend each other in a row.
const maxExtends = 16

// source is a text of a configuration, with those that it extends: it begins with their tree and
// changes it as --set does, but whole trees at once.
//
//	mapping on a mapping     merged, key by key
//	another entry's name     replaces the mapping: settings of one rule mean nothing to another
//	null on a learner        removes it
//	anything else            replaces what was there
type source struct {
	name  string  // in errors
	dir   string  // that paths are relative to; empty where there is none
	by    *source // the one that extends this one, or nil
	depth int     // how many do
}

// tree is the tree of a text and of what it extends, without the key itself. It is a mapping
// unless the text is something else, which is a fault that is found when it is decoded.
func (s *source) tree(text []byte) (*tree.Node, error) {
	root, err := tree.Parse(text, tree.InFile(s.name))
	if err != nil {
		return nil, err
	}
	if root.Kind == tree.Null {
		root = &tree.Node{At: s.name, Kind: tree.Mapping}
	}
	e := root.Find(Extends) // of a mapping only
	if e == nil {
		return root, nil
	}
	root.Remove(Extends)
	d := newDecoder()
	var name string
	if !d.Scalar(e.Value, Extends, &name) {
		return nil, errors.Join(d.Faults...)
	}
	base, err := s.base(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", e.Value.At, Extends, err)
	}
	return base, merge(base, root, "")
}

// base is the tree of what a source names after extends.
func (s *source) base(name string) (*tree.Node, error) {
	if s.depth == maxExtends {
		return nil, fmt.Errorf("%d files extend each other: want at most %d", maxExtends+1, maxExtends)
	}
	next := &source{by: s, depth: s.depth + 1}
	p, unknown := LookupPreset(name)
	if unknown == nil {
		next.name = "preset " + name
		return next.tree(p.Text)
	}
	if s.dir == "" || name == "" {
		return nil, unknown
	}
	next.name = name
	if !filepath.IsAbs(name) {
		next.name = filepath.Join(s.dir, filepath.FromSlash(name))
	}
	next.dir = filepath.Dir(next.name)
	for by := s; by != nil; by = by.by {
		if by.name == next.name || filepath.Clean(by.name) == next.name {
			return nil, fmt.Errorf("%s extends itself: %s", next.name, strings.Join(next.chain(), ", which extends "))
		}
	}
	text, err := regular.Read(next.name, tree.MaxFile)
	if errors.Is(err, fs.ErrNotExist) && name == filepath.Base(name) {
		return nil, fmt.Errorf("%w; and there is no file %s", unknown, next.name)
	}
	if err != nil {
		return nil, err
	}
	return next.tree(text)
}

// chain are the names of the sources from the one that is asked for.
func (s *source) chain() []string {
	var list []string
	for ; s != nil; s = s.by {
		list = append(list, s.name)
	}
	slices.Reverse(list)
	return list
}

// merge changes a mapping by another one, at path.
func merge(into, changes *tree.Node, path string) error {
	if changes.Kind != tree.Mapping {
		*into = *changes
		return nil
	}
	for _, c := range changes.Entries {
		e := into.Find(c.Key)
		switch {
		case path == "learners" && c.Value.Kind == tree.Null:
			if e == nil {
				return fmt.Errorf("%s: learners.%s: %w", c.At, c.Key, unknownLearner(into, c.Key))
			}
			into.Remove(c.Key)
		case e == nil:
			into.Entries = append(into.Entries, c)
		case e.Value.Kind == tree.Mapping && c.Value.Kind == tree.Mapping && !e.Value.Renames(c.Value):
			if err := merge(e.Value, c.Value, tree.Dotted(path, c.Key)); err != nil {
				return err
			}
		default:
			e.At, e.Value = c.At, c.Value
		}
	}
	return nil
}
