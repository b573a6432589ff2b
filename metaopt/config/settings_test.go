package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"metaplast/data/settings/tree"
	"metaplast/graph"
	"metaplast/metaopt"
	"metaplast/metaopt/optim"
	"metaplast/rules"
)

// TestSettings: every key that can be written is listed, with all that there is to say, and nothing
// else is.
func TestSettings(t *testing.T) {
	all, err := Settings()
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, s := range all {
		if s.Of != "" {
			continue // written only where its entry is chosen: see TestOwnSettings
		}
		if listed[s.Path] {
			t.Errorf("%s is listed twice", s.Path)
		}
		listed[s.Path] = true
		for _, text := range []struct{ name, text string }{{"type", s.Type}, {"default", s.Default}, {"range", s.Range}, {"about", s.About}} {
			if text.text == "" {
				t.Errorf("%s: no %s", s.Path, text.name)
			}
		}
		if s.Type == "integer" && regexp.MustCompile(`^\D+$`).MatchString(s.Range) && !strings.Contains(s.Range, "number of") {
			t.Errorf("%s: %q: the range of an integer should have a number", s.Path, s.Range)
		}
	}
	found := map[string]bool{Extends: true, "learners.NAME.preset": true}
	rate := 1e-3
	full := Default()
	full.Start, full.Meta.KeepEvery, full.Meta.LogEvery = strings.Repeat("0", 64), 1, 2
	full.Meta.Schedule.Kind, full.Meta.Schedule.Steps, full.Meta.Schedule.Final, full.Meta.Schedule.WarmUp = cosine, 1, 1, 1
	full.Meta.Optimizer, full.Meta.Estimator = Optimizer{optim.DefaultLion}, Estimator{metaopt.DefaultTruncated}
	full.Network.Conv, full.Network.Hidden = []Conv{{1, 1, 1, 1, "tanh"}}, []int{1}
	full.Network.Activation.All = "tanh"
	full.Task = Task{"omniglot", 1, 1, 1, 1, "iid", 1, 1, 1, "class", 1, 28, true, true, "dir", nil}
	full.Learners = Learners{{Name: "NAME", Learner: graph.Learner{RandomPlastic: true, HiddenOnly: true}, LearningRate: OwnRates{&rate, &rate, &rate, &rate, &rate}}}
	learner := &full.Learners[0].Learner
	learner.OutputRule, learner.RulePer, learner.FixedRule, learner.RulePenalty, learner.Local = "hebb", graph.PerLayer, true, 1, true
	learner.Modulator, learner.Readout = "constant", graph.DistanceReadout
	full.Meta.LearningRate.Rule, full.Meta.OuterLoss = &rate, OuterLoss{1, 1}
	text, err := full.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(text, &doc, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case yaml.MapSlice:
			for _, e := range v {
				walk(tree.Dotted(path, fmt.Sprint(e.Key)), e.Value)
			}
			return
		case []any:
			if len(v) > 0 {
				if m, ok := v[0].(yaml.MapSlice); ok {
					walk(path+"[]", m)
				}
			}
		}
		found[path] = true
	}
	walk("", doc)
	delete(found, "network.conv[]")
	for path := range found {
		if !listed[path] {
			t.Errorf("%s can be written and is not listed", path)
		}
	}
	for path := range listed {
		if !found[path] {
			t.Errorf("%s is listed and cannot be written", path)
		}
	}
	if len(found) < 60 {
		t.Errorf("%d settings were found: want at least 60", len(found))
	}
}

// TestSettingsHold asks the reader of configurations whether the ranges and values that are listed
// are those that it takes.
func TestSettingsHold(t *testing.T) {
	withOwn(t)
	all, err := Settings()
	if err != nil {
		t.Fatal(err)
	}
	bound := regexp.MustCompile(`^(?:at least |from |)(\d+)(?: to (\d+))?$`)
	bounds, values := 0, 0
	for _, s := range all {
		preset := Presets()[0]
		path := strings.Replace(s.Path, "NAME", "flp", 1)
		if strings.Contains(s.Default, "images") || strings.HasPrefix(s.About, "images:") || strings.Contains(path, "conv") {
			if preset, err = LookupPreset("glyphs-quick"); err != nil {
				t.Fatal(err)
			}
		}
		set := func(text string) string {
			return path + "=" + text
		}
		if s.Of != "" {
			i, named := strings.LastIndex(path, "."), "name"
			if path[:i] == "task" {
				named = kindKey
			}
			set = func(text string) string {
				return fmt.Sprintf("%s={%s: %s, %s: %s}", path[:i], named, s.Of, path[i+1:], text)
			}
		}
		if i := strings.Index(path, "[]."); i >= 0 {
			key, list := path[i+3:], path[:i]
			set = func(text string) string {
				entry := map[string]string{"channels": "4", "kernel": "3", "stride": "2", "pad": "1", "activation": "tanh"}
				entry[key] = text
				return fmt.Sprintf("%s=[{channels: %s, kernel: %s, stride: %s, pad: %s, activation: %s}]", list, entry["channels"], entry["kernel"], entry["stride"], entry["pad"], entry["activation"])
			}
			path = list + "[0]." + key
		}
		var also []string // what the setting has a meaning with only
		if strings.HasPrefix(path, "learners.flp.modulator") || path == "learners.flp.readout" {
			also = []string{"learners.flp.rule=test-third"}
		}
		if s.Path == "meta.outer_loss.query" {
			also = []string{"meta.outer_loss.stream=1"}
		}
		refused := func(text string) bool {
			_, err := Parse(preset.Name, preset.Text, append(also, set(text)))
			return err != nil && strings.Contains(err.Error(), path+":")
		}
		for _, v := range s.Values {
			values++
			if s.Path == "learners.NAME.modulator" && v == rules.RewardName && refused(v) {
				continue // a task has to give it
			}
			if refused(v) && !strings.Contains(s.About, "omniglot:") {
				t.Errorf("%s: %s is listed and refused", s.Path, v)
			}
		}
		if len(s.Values) > 0 && s.Path != "learners.NAME.preset" && !refused("xyzzy") {
			t.Errorf("%s: xyzzy is not listed and taken", s.Path)
		}
		m := bound.FindStringSubmatch(s.Range)
		if m == nil || s.Type != "integer" && s.Type != "number" {
			continue
		}
		bounds++
		if refused(m[1]) {
			t.Errorf("%s: the least legal value, %s, is refused", s.Path, m[1])
		}
		below := "-1"
		if n, err := strconv.Atoi(m[1]); err == nil {
			below = fmt.Sprint(n - 1)
		}
		if !refused(below) {
			t.Errorf("%s: %s, below %q, is taken", s.Path, below, s.Range)
		}
		if m[2] != "" && m[2] != "18446744073709551615" {
			n, err := strconv.Atoi(m[2])
			if err != nil {
				t.Fatal(err)
			}
			if !refused(fmt.Sprint(n + 1)) {
				t.Errorf("%s: %d, above %q, is taken", s.Path, n+1, s.Range)
			}
		}
	}
	if bounds < 20 || values < 30 {
		t.Errorf("%d bounds and %d values were tried: want at least 20 and 30", bounds, values)
	}
}
