package config

import (
	"errors"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxFile bounds the size of a configuration.
const maxFile = 1 << 20

// kind of a value.
type kind int

const (
	null kind = iota
	scalar
	list
	mapping
)

// value is a node of YAML that knows where it was written: "run.yaml:7:3", or
// "--set meta.steps=40". Files and --set are brought together in such trees, so that an error
// names its true source.
type value struct {
	at      string
	kind    kind
	text    string // of a scalar
	quoted  bool   // a scalar that can only be text
	node    ast.NodeType
	items   []*value
	entries []*entry
}

// entry is a key of a mapping.
type entry struct {
	key   string
	at    string
	value *value
}

func (v *value) find(key string) *entry {
	for _, e := range v.entries {
		if e.key == key {
			return e
		}
	}
	return nil
}

func (v *value) remove(key string) {
	v.entries = slices.DeleteFunc(v.entries, func(e *entry) bool { return e.key == key })
}

// String shows a value in an error.
func (v *value) String() string {
	switch v.kind {
	case null:
		return "nothing"
	case list:
		return "a list"
	case mapping:
		return "a mapping"
	}
	const most = 60
	if r := []rune(v.text); len(r) > most {
		return fmt.Sprintf("%q…", string(r[:most]))
	}
	if v.quoted {
		return fmt.Sprintf("%q", v.text)
	}
	return v.text
}

// placer says where a token is.
type placer func(*token.Token) string

// parseTree parses one document.
func parseTree(text []byte, at placer) (*value, error) {
	if len(text) > maxFile {
		return nil, fmt.Errorf("%s: %d bytes, want at most %d", at(nil), len(text), maxFile)
	}
	f, err := parser.ParseBytes(text, 0)
	if err != nil {
		var e yaml.Error
		if errors.As(err, &e) {
			return nil, fmt.Errorf("%s: %s", at(e.GetToken()), e.GetMessage())
		}
		return nil, fmt.Errorf("%s: %w", at(nil), err)
	}
	switch {
	case len(f.Docs) > 1:
		return nil, fmt.Errorf("%s: want one YAML document, found %d", at(nil), len(f.Docs))
	case len(f.Docs) == 0 || f.Docs[0].Body == nil:
		return &value{at: at(nil), kind: null}, nil
	}
	return convert(f.Docs[0].Body, at, 0)
}

func convert(n ast.Node, at placer, depth int) (*value, error) {
	v := &value{at: at(n.GetToken()), node: n.Type()}
	if depth > 20 {
		return nil, fmt.Errorf("%s: nested too deeply", v.at)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		v.kind = mapping
		if n.Start != nil && len(n.Values) > 0 {
			v.at = at(n.Values[0].Key.GetToken())
		}
		for _, m := range n.Values {
			key := m.Key.GetToken()
			k, ok := m.Key.(ast.ScalarNode)
			if _, merge := m.Key.(*ast.MergeKeyNode); merge || !ok {
				return nil, fmt.Errorf("%s: merge keys and the like are not supported", at(key))
			}
			name := k.GetToken().Value
			if v.find(name) != nil {
				return nil, fmt.Errorf("%s: key %q is given twice", at(key), name)
			}
			c, err := convert(m.Value, at, depth+1)
			if err != nil {
				return nil, err
			}
			v.entries = append(v.entries, &entry{key: name, at: at(key), value: c})
		}
	case *ast.SequenceNode:
		v.kind = list
		for _, i := range n.Values {
			c, err := convert(i, at, depth+1)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, c)
		}
	case *ast.NullNode:
		v.kind = null
	case *ast.LiteralNode:
		v.kind, v.text, v.quoted = scalar, n.Value.Value, true
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NanNode, *ast.InfinityNode:
		tk := n.GetToken()
		v.kind, v.text = scalar, tk.Value
		v.quoted = tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType
	default:
		return nil, fmt.Errorf("%s: anchors, aliases and tags are not supported: write the value out", v.at)
	}
	return v, nil
}

// inFile places tokens in a file.
func inFile(name string) placer {
	return func(tk *token.Token) string {
		if tk == nil || tk.Position == nil {
			return name
		}
		return fmt.Sprintf("%s:%d:%d", name, tk.Position.Line, tk.Position.Column)
	}
}
