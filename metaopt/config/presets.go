package config

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"metaplast/data/suggest"
	"metaplast/graph"
)

//go:embed presets/*.yaml
var files embed.FS

// names are the presets in the order in which they are listed.
var names = []string{"sine-quick", "sine-deep", "sine-paper", "taylor-quick", "glyphs-quick", "pool-quick", "gaussian", "differentiable-plasticity",
	"omniglot-quick", "omniglot-compare", "omniglot-continual", "omniglot-paper", "mini-imagenet-paper", "planted-quick"}

// Preset is a configuration that comes with the program.
type Preset struct {
	Name    string
	Summary string // the comment at the top of its text
	Text    []byte // YAML
}

// Presets lists the presets.
func Presets() []Preset {
	list := make([]Preset, len(names))
	for i, n := range names {
		text, err := files.ReadFile(path.Join("presets", n+".yaml"))
		if err != nil {
			panic(fmt.Sprintf("config: preset %s is not embedded: %v", n, err))
		}
		var summary []string
		for line := range strings.Lines(string(text)) {
			comment, ok := strings.CutPrefix(line, "#")
			if !ok {
				break
			}
			summary = append(summary, strings.TrimSpace(comment))
		}
		list[i] = Preset{Name: n, Summary: strings.Join(summary, " "), Text: text}
	}
	return list
}

// LookupPreset returns the preset of a name, or an error that names the nearest, and tells of a
// preset of a learner what it is.
func LookupPreset(name string) (Preset, error) {
	for _, p := range Presets() {
		if p.Name == name {
			return p, nil
		}
	}
	if _, err := graph.Preset(name); err == nil {
		return Preset{}, fmt.Errorf("%q is the preset of a learner, not of a run: --set learners.%s.preset=%s adds it to a run; presets of runs are %s",
			name, name, name, strings.Join(names, ", "))
	}
	return Preset{}, suggest.Unknown("preset", name, names)
}

// PresetNames are the names of the presets of runs.
func PresetNames() []string {
	var list []string
	for _, p := range Presets() {
		list = append(list, p.Name)
	}
	return list
}
