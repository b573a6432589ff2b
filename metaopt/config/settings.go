package config

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"

	"metaplast/data"
	"metaplast/data/catalog"
	"metaplast/data/settings"
	"metaplast/data/settings/tree"
	"metaplast/graph"
	"metaplast/metaopt"
	"metaplast/metaopt/optim"
	"metaplast/rules"
)

// Setting is one setting of a configuration, as its field is documented.
type Setting struct {
	Path    string   `json:"path"`    // learners.NAME stands for every learner, network.conv[] for every convolution
	Type    string   `json:"type"`    // text, integer, number, true or false, or a list or mapping of something
	Default string   `json:"default"` // what holds where a file says nothing
	Range   string   `json:"range"`   // what is legal
	Values  []string `json:"values"`  // all legal values where they are few, of activations those without a number; else nothing
	About   string   `json:"about"`   // a sentence

	Of string `json:"of,omitempty"` // the entry, such as a rule, that brings the setting; none of the others
}

// Settings lists all settings in the order in which a configuration is written. What it tells is
// made from the fields of Config and graph.Learner: their types, their tags range and default,
// Default, and their comments.
func Settings() ([]Setting, error) {
	comments := map[string]string{}
	for _, source := range []string{configSource, outerSource, taskSource, learnersSource, graph.LearnerSource} {
		if err := fieldComments(source, comments); err != nil {
			return nil, err
		}
	}
	l := lister{comments: comments}
	l.settings = append(l.settings, Setting{Path: Extends, Type: "text", Default: "nothing", Range: "a preset of a run, or the path of a file",
		About: extendsAbout})
	l.structure("", reflect.ValueOf(Default()))
	return l.settings, l.err
}

//go:embed config.go
var configSource string

//go:embed task.go
var taskSource string

//go:embed outer.go
var outerSource string

//go:embed learners.go
var learnersSource string

// fieldComments adds the comments of the fields of all structs of a file, by "Type.Field".
func fieldComments(source string, into map[string]string) error {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ParseComments)
	if err != nil {
		return fmt.Errorf("comments of settings: %w", err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		t, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		s, ok := t.Type.(*ast.StructType)
		if !ok {
			return true
		}
		for _, f := range s.Fields.List {
			text := f.Comment.Text()
			if text == "" {
				text = f.Doc.Text()
			}
			for _, name := range f.Names {
				into[t.Name.Name+"."+name.Name] = sentence(text, name.Name)
			}
		}
		return true
	})
	return nil
}

// sentence is the first sentence of a field's comment, which does not begin with the field's name.
func sentence(text, field string) string {
	text = strings.Join(strings.Fields(text), " ")
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i]
	}
	text = strings.TrimSuffix(text, ".")
	text = strings.TrimPrefix(strings.TrimPrefix(text, field+" "), "is ")
	return text
}

// lister goes through the fields of the configuration.
type lister struct {
	comments map[string]string
	settings []Setting
	err      error
}

func (l *lister) structure(path string, v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("yaml")
		key, _, _ := strings.Cut(tag, ",")
		at := tree.Dotted(path, key)
		switch {
		case key == "-":
		case f.Type == reflect.TypeFor[Learners]():
			l.learners(at)
		case f.Type == reflect.TypeFor[Optimizer]():
			choice(l, at, t.Name()+"."+f.Name, f, optim.Methods())
		case f.Type == reflect.TypeFor[Estimator]():
			choice(l, at, t.Name()+"."+f.Name, f, metaopt.Estimations())
		case f.Type == reflect.TypeFor[Activation]():
			l.add(at, t.Name()+"."+f.Name, f, v.Field(i))
		case strings.HasSuffix(tag, ",inline"):
			l.structure(path, v.Field(i))
		case f.Type.Kind() == reflect.Struct:
			l.structure(at, v.Field(i))
		default:
			l.add(at, t.Name()+"."+f.Name, f, v.Field(i))
			if f.Type == reflect.TypeFor[[]Conv]() {
				l.structure(at+"[]", reflect.ValueOf(Conv{}))
			}
		}
	}
}

// learners lists the settings of every learner.
func (l *lister) learners(path string) {
	path += ".NAME"
	presets := make([]string, 0, len(graph.Presets()))
	for _, p := range graph.Presets() {
		presets = append(presets, p.Name)
	}
	l.settings = append(l.settings, Setting{Path: path + ".preset", Type: "text", Default: "none: then all settings without a default are required",
		Range: tree.Join(presets), Values: presets, About: "the settings that the others change"})
	l.structure(path, reflect.ValueOf(Learner{}))
}

func (l *lister) add(path, field string, f reflect.StructField, v reflect.Value) {
	s := Setting{Path: path, Range: f.Tag.Get("range"), About: l.comments[field], Values: valuesOf(path)}
	kind := f.Type.Kind()
	if kind == reflect.Pointer {
		kind = f.Type.Elem().Kind()
	}
	switch kind {
	case reflect.String:
		s.Type = "text"
	case reflect.Int, reflect.Uint64:
		s.Type = "integer"
	case reflect.Float64:
		s.Type = "number"
	case reflect.Bool:
		s.Type, s.Values = "true or false", []string{"true", "false"}
	case reflect.Struct: // Activation, the only one that comes here
		s.Type = "text, or list of texts"
	case reflect.Slice:
		s.Type = "list of integers"
		if f.Type == reflect.TypeFor[[]Conv]() {
			s.Type = "list of mappings"
		}
	default:
		l.err = fmt.Errorf("settings: %s is of a kind without words: %v", path, f.Type)
	}
	switch {
	case s.Range != "":
	case len(s.Values) > 0:
		s.Range = tree.Join(s.Values)
	case kind == reflect.Float64:
		s.Range = "finite"
	case kind == reflect.String:
		s.Range = "any"
	}
	s.Default = l.defaultOf(path, f, v)
	l.settings = append(l.settings, s)
	switch path {
	case "task.dir": // the last of the built-in kinds
		listOwn(l, "task", data.Tasks())
	case "learners.NAME.rule":
		listOwn(l, path, rules.Rules())
	case "learners.NAME.pathway":
		listOwn(l, path, rules.Pathways())
	case "learners.NAME.modulator":
		listOwn(l, path, rules.Modulators())
	}
}

// choice lists a setting that names an entry of a catalog, and the settings that entries bring.
func choice[T catalog.Entry](l *lister, path, field string, f reflect.StructField, entries []T) {
	s := Setting{Path: path, Type: "text", Default: f.Tag.Get("default"), About: l.comments[field], Values: namesOf(entries)}
	s.Range = tree.Join(s.Values)
	l.settings = append(l.settings, s)
	listOwn(l, path, entries)
}

// listOwn lists the settings that entries of a catalog bring, beside the name of the entry.
func listOwn[T catalog.Entry](l *lister, path string, entries []T) {
	for _, e := range entries {
		for _, s := range SettingsOf(e) {
			s.Path, s.About = tree.Dotted(path, s.Path), "of "+s.Of+": "+s.About
			l.settings = append(l.settings, s)
		}
	}
}

// SettingsOf lists the settings that an entry of a catalog brings itself, by their keys.
func SettingsOf(e catalog.Entry) []Setting {
	var list []Setting
	values := settings.Values(e)
	for i, f := range settings.FieldsOf(e) {
		s := Setting{Path: f.Key, Type: settings.TypeName(f.Type), Default: settings.Show(f.Type, values[i]), Range: f.Range, About: f.About, Of: e.Info().Name}
		if f.Type.Kind() == reflect.Bool {
			s.Values = []string{"true", "false"}
		} else if source := settings.SourceOf(f.Type); source != nil {
			s.Type, s.Values = "text", fitting(e, f, source)
			if s.Range == "" {
				s.Range = "any " + source.Kind() + ": a name, or a mapping with a name and settings"
			}
		}
		if s.Range == "" {
			s.Range = "any"
		}
		list = append(list, s)
	}
	return list
}

// fitting are the names of the entries of a catalog, with their registered settings, that another entry
// takes as its setting f.
func fitting(e catalog.Entry, f settings.Field, source settings.Source) (names []string) {
	for _, name := range source.Names() {
		inner, err := source.Find(name)
		if err != nil {
			continue
		}
		copied := reflect.New(reflect.Indirect(reflect.ValueOf(e)).Type())
		copied.Elem().Set(reflect.Indirect(reflect.ValueOf(e)))
		copied.Elem().Field(f.Index).Set(reflect.ValueOf(inner))
		if reflect.TypeOf(e).Kind() != reflect.Pointer {
			copied = copied.Elem()
		}
		if settings.Validate("", copied.Interface()) == nil {
			names = append(names, name)
		}
	}
	return names
}

// defaultOf says what holds where a file says nothing.
func (l *lister) defaultOf(path string, f reflect.StructField, v reflect.Value) string {
	if d := f.Tag.Get("default"); d != "" {
		return d
	}
	if rest, ok := strings.CutPrefix(path, "learners.NAME."); ok {
		switch {
		case f.Type.Kind() == reflect.Pointer:
			return "that of meta.learning_rate"
		case rest == "rule_penalty":
			return "that of the preset, else 0"
		case optional[rest] || strings.HasPrefix(rest, "learned."):
			return "that of the preset, else false"
		}
		return "that of the preset"
	}
	switch {
	case slices.Contains(required, path), path == "task.batch", path == "task.query":
		return "required"
	case v.Kind() == reflect.Slice && v.Len() == 0:
		return "[]"
	}
	return fmt.Sprint(v.Interface())
}

// valuesOf are the legal values of a setting that has few.
func valuesOf(path string) []string {
	switch strings.TrimPrefix(path, "learners.NAME.") {
	case "dtype":
		return []string{"float32", "float64"}
	case "machine":
		return []string{"planned", "tape"}
	case "meta.schedule.kind":
		return []string{multiStep, cosine}
	case "task.kind":
		return kinds()
	case "task.order":
		return []string{data.Continual, data.IID}
	case "task.labels":
		return []string{data.LabelsEpisode, data.LabelsClass}
	case "rule", "output_rule":
		return namesOf(rules.Rules())
	case "pathway":
		return namesOf(rules.Pathways())
	case "modulator":
		return namesOf(rules.Modulators())
	case "rule_per":
		return graph.RuleSets()
	case "readout":
		return graph.Readouts()
	case "signal":
		return rules.Signals()
	case "feedback_activation", "network.activation", "network.conv[].activation":
		return graph.Activations()
	case "plasticity":
		return graph.Granularities()
	case "examples":
		return []string{graph.SumExamples, graph.MeanExamples}
	}
	return nil
}

func namesOf[T catalog.Entry](entries []T) (list []string) {
	for _, e := range entries {
		list = append(list, e.Info().Name)
	}
	return list
}
