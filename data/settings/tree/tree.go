// Package tree decodes YAML strictly: every value knows its file and line, keys that do not exist are
// refused with the nearest that does, and everything that is wrong is collected.
//
//	Parse    text to a tree of nodes
//	Decoder  nodes to structs
//	Choice   the name of an entry of a catalog, with settings, to a value; Encode is the way back
package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
	"go.yaml.in/yaml/v3"
)

// Bounds of a configuration. The first is above what 64 learners and a thousand layers take, and
// low enough that the worst text of that size is refused within a second.
const (
	MaxFile = 128 << 10 // bytes
	MaxNest = 20        // mappings and lists in each other
	MaxKey  = 256       // bytes of a key
	maxText = 4096      // bytes of a text, the longest of which is a path
)

// Kind of a node.
type Kind int

// The kinds of node.
const (
	Null Kind = iota
	Scalar
	List
	Mapping
)

// Node is a node of YAML that knows where it was written: "run.yaml:7:3", or
// "--set meta.steps=40". Files and --set are brought together in trees of them, so that an error
// names its true source.
type Node struct {
	At      string
	Kind    Kind
	Text    string // of a scalar
	Quoted  bool   // a scalar that can only be text
	plain   bool   // a scalar that is text though nothing marks it as such
	Items   []*Node
	Entries []*Entry
}

// Entry is a key of a mapping.
type Entry struct {
	Key   string
	At    string
	Value *Node
}

// Find returns the entry of a key, or nil.
func (v *Node) Find(key string) *Entry {
	for _, e := range v.Entries {
		if e.Key == key {
			return e
		}
	}
	return nil
}

// Remove removes the entry of a key.
func (v *Node) Remove(key string) {
	v.Entries = slices.DeleteFunc(v.Entries, func(e *Entry) bool { return e.Key == key })
}

// String shows a node in an error.
func (v *Node) String() string {
	switch v.Kind {
	case Null:
		return "nothing"
	case List:
		return "a list"
	case Mapping:
		return "a mapping"
	}
	const most = 60
	if r := []rune(v.Text); len(r) > most {
		return fmt.Sprintf("%q…", string(r[:most]))
	}
	if v.Quoted {
		return fmt.Sprintf("%q", v.Text)
	}
	return v.Text
}

// Placer says where a line and column are; line 0 stands for the whole.
type Placer func(line, column int) string

// Parse parses one document of YAML in UTF-8, with or without a byte order mark.
func Parse(text []byte, at Placer) (*Node, error) {
	if len(text) > MaxFile {
		return nil, fmt.Errorf("%s: %d bytes, want at most %d", at(0, 0), len(text), MaxFile)
	}
	for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(text, []byte(mark)) {
			return nil, fmt.Errorf("%s: it is in UTF-16; save it as UTF-8", at(0, 0))
		}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("%s: not in UTF-8, which configurations are written in", at(0, 0))
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, next yaml.Node
	switch err := d.Decode(&doc); {
	case err == io.EOF:
		return &Node{At: at(0, 0), Kind: Null}, nil
	case err != nil:
		return nil, syntax(err, at)
	}
	switch err := d.Decode(&next); {
	case err == nil:
		return nil, fmt.Errorf("%s: want one YAML document, found another", at(next.Line, next.Column))
	case err != io.EOF:
		return nil, syntax(err, at)
	}
	return convert(doc.Content[0], at, 0)
}

// where finds the line in an error of the parser.
var where = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntax gives an error of the parser its place.
func syntax(err error, at Placer) error {
	m := where.FindStringSubmatch(err.Error())
	if m == nil {
		return fmt.Errorf("%s: %w", at(0, 0), err)
	}
	line, _ := strconv.Atoi(m[1]) // 0 where it has none
	return fmt.Errorf("%s: %s", at(line, 0), m[2])
}

func convert(n *yaml.Node, at Placer, depth int) (*Node, error) {
	v := &Node{At: at(n.Line, n.Column)}
	if depth > MaxNest {
		return nil, fmt.Errorf("%s: nested too deeply: more than %d mappings or lists in each other", v.At, MaxNest)
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		return nil, fmt.Errorf("%s: anchors, aliases and tags are not supported: write the value out", v.At)
	}
	switch n.Kind {
	case yaml.MappingNode:
		v.Kind = Mapping
		seen := make(map[string]bool, len(n.Content)/2)
		for i := 0; i < len(n.Content); i += 2 {
			key, name := n.Content[i], n.Content[i].Value
			place := at(key.Line, key.Column)
			if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 {
				return nil, fmt.Errorf("%s: merge keys and the like are not supported", place)
			}
			if len(name) > MaxKey {
				return nil, fmt.Errorf("%s: a key of %d bytes, want at most %d", place, len(name), MaxKey)
			}
			if seen[name] {
				return nil, fmt.Errorf("%s: key %q is given twice", place, name)
			}
			seen[name] = true
			c, err := convert(n.Content[i+1], at, depth+1)
			if err != nil {
				return nil, err
			}
			v.Entries = append(v.Entries, &Entry{Key: name, At: place, Value: c})
		}
	case yaml.SequenceNode:
		v.Kind = List
		for _, item := range n.Content {
			c, err := convert(item, at, depth+1)
			if err != nil {
				return nil, err
			}
			v.Items = append(v.Items, c)
		}
	case yaml.ScalarNode:
		v.Quoted = n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
		if !v.Quoted && n.Tag == "!!null" {
			v.Kind = Null
			break
		}
		v.Kind, v.Text = Scalar, n.Value
		v.plain = n.Tag == "!!str" || n.Tag == "!!timestamp" || n.Tag == "!!merge" || (n.Tag == "!!float" || n.Tag == "!!int") && bare(n.Value)
	default:
		return nil, fmt.Errorf("%s: %w", v.At, errors.ErrUnsupported) // no such node
	}
	return v, nil
}

// bare reports whether an encoder leaves a text without quotes that this parser takes for a number,
// such as 1e5, which is one in YAML 1.2 only.
func bare(text string) bool { return token.New(text, text, nil).Type == token.StringType }

// InFile places lines and columns in a file.
func InFile(name string) Placer {
	return func(line, column int) string {
		switch {
		case line == 0:
			return name
		case column == 0:
			return fmt.Sprintf("%s:%d", name, line)
		}
		return fmt.Sprintf("%s:%d:%d", name, line, column)
	}
}
