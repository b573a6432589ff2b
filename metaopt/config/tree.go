package config

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
	maxFile = 128 << 10 // bytes
	maxNest = 20        // mappings and lists in each other
	maxKey  = 256       // bytes of a key
	maxText = 4096      // bytes of a text, the longest of which is a path
)

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
	plain   bool   // a scalar that is text though nothing marks it as such
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

// placer says where a line and column are; line 0 stands for the whole.
type placer func(line, column int) string

// parseTree parses one document of YAML in UTF-8, with or without a byte order mark.
func parseTree(text []byte, at placer) (*value, error) {
	if len(text) > maxFile {
		return nil, fmt.Errorf("%s: %d bytes, want at most %d", at(0, 0), len(text), maxFile)
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
		return &value{at: at(0, 0), kind: null}, nil
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
func syntax(err error, at placer) error {
	m := where.FindStringSubmatch(err.Error())
	if m == nil {
		return fmt.Errorf("%s: %w", at(0, 0), err)
	}
	line, _ := strconv.Atoi(m[1]) // 0 where it has none
	return fmt.Errorf("%s: %s", at(line, 0), m[2])
}

func convert(n *yaml.Node, at placer, depth int) (*value, error) {
	v := &value{at: at(n.Line, n.Column)}
	if depth > maxNest {
		return nil, fmt.Errorf("%s: nested too deeply: more than %d mappings or lists in each other", v.at, maxNest)
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		return nil, fmt.Errorf("%s: anchors, aliases and tags are not supported: write the value out", v.at)
	}
	switch n.Kind {
	case yaml.MappingNode:
		v.kind = mapping
		seen := make(map[string]bool, len(n.Content)/2)
		for i := 0; i < len(n.Content); i += 2 {
			key, name := n.Content[i], n.Content[i].Value
			place := at(key.Line, key.Column)
			if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 {
				return nil, fmt.Errorf("%s: merge keys and the like are not supported", place)
			}
			if len(name) > maxKey {
				return nil, fmt.Errorf("%s: a key of %d bytes, want at most %d", place, len(name), maxKey)
			}
			if seen[name] {
				return nil, fmt.Errorf("%s: key %q is given twice", place, name)
			}
			seen[name] = true
			c, err := convert(n.Content[i+1], at, depth+1)
			if err != nil {
				return nil, err
			}
			v.entries = append(v.entries, &entry{key: name, at: place, value: c})
		}
	case yaml.SequenceNode:
		v.kind = list
		for _, item := range n.Content {
			c, err := convert(item, at, depth+1)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, c)
		}
	case yaml.ScalarNode:
		v.quoted = n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
		if !v.quoted && n.Tag == "!!null" {
			v.kind = null
			break
		}
		v.kind, v.text = scalar, n.Value
		v.plain = n.Tag == "!!str" || n.Tag == "!!timestamp" || n.Tag == "!!float" && bare(n.Value)
	default:
		return nil, fmt.Errorf("%s: %w", v.at, errors.ErrUnsupported) // no such node
	}
	return v, nil
}

// bare reports whether Encode leaves a text without quotes that this parser takes for a number,
// such as 1e5, which is one in YAML 1.2 only.
func bare(text string) bool { return token.New(text, text, nil).Type == token.StringType }

// inFile places lines and columns in a file.
func inFile(name string) placer {
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
