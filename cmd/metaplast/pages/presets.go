package pages

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/goccy/go-yaml"

	"metaplast/data/suggest"
	"metaplast/graph"
	"metaplast/metaopt/config"
)

// Preset is a line of the listing.
type Preset struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
}

// PresetsText is the listing for people.
func PresetsText(runs, learners []Preset) []byte {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "runs, for metaplast train:")
	for _, p := range runs {
		fmt.Fprintf(w, "  %s\t%s\n", p.Name, p.Summary)
	}
	fmt.Fprintln(w, "\nlearners, for learners.NAME.preset:")
	for _, p := range learners {
		fmt.Fprintf(w, "  %s\t%s\n", p.Name, p.Summary)
	}
	w.Flush()
	return b.Bytes()
}

// LookupPreset finds the preset of a run, which is a configuration, or that of a learner, whose
// settings are a part of one.
func LookupPreset(name string) (Preset, []byte, error) {
	if p, err := config.LookupPreset(name); err == nil {
		return Preset{p.Name, p.Summary}, p.Text, nil
	}
	for _, l := range graph.Presets() {
		if l.Name != name {
			continue
		}
		settings, err := yaml.Marshal(map[string]graph.Learner{l.Name: l.Learner})
		if err != nil {
			return Preset{}, nil, fmt.Errorf("preset %s: %w", name, err)
		}
		text := fmt.Appendf(nil, "# %s.\n# The preset of a learner, not of a run: {preset: %s} below learners in a configuration, or\n"+
			"# --set learners.NAME.preset=%s, stands for these settings.\n", strings.TrimSuffix(l.Summary, "."), name, name)
		return Preset{l.Name, l.Summary}, append(text, settings...), nil
	}
	return Preset{}, nil, suggest.Unknown("preset", name, append(config.PresetNames(), graph.PresetNames()...))
}
