package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// summarise writes the plain summary and the table of key figures.
func (r Run) summarise(d *Document) error {
	for i, l := range r.Config.Learners {
		sentence := fmt.Sprintf("%s %s. The outer loop learned its %s.", l.Name, how(l.Learner), learned(l.Learner))
		if i == 0 {
			d.Summary = append(d.Summary, sentence)
			continue
		}
		d.Summary[0] += " " + sentence
	}
	t := &Table{Title: "Key figures, with 95 % confidence intervals", Head: append([]string{"measure"}, r.names()...)}
	row := func(name string, cell func(i int, l Learner) (string, error)) error {
		cells, some := []string{name}, false
		for i, l := range r.Learners {
			c, err := cell(i, l)
			if err != nil {
				return err
			}
			some = some || c != ""
			cells = append(cells, c)
		}
		if some {
			t.Rows = append(t.Rows, cells)
		}
		return nil
	}
	d.Overview = t
	classifies := r.Config.Task.Scoring().Accuracy
	for _, s := range []struct {
		id, name string
		of       func(Learner) evaluate.Evaluation
	}{{"trained", "after meta-training", func(l Learner) evaluate.Evaluation { return l.Trained }},
		{"untrained", "before", func(l Learner) evaluate.Evaluation { return l.Untrained }}} {
		if classifies {
			err := row("accuracy "+s.name, func(_ int, l Learner) (string, error) {
				e := s.of(l)
				return d.key(newKey(l.Name+"."+s.id+".accuracy", "accuracy of "+l.Name+" "+s.name, e.Accuracy, e.AccuracyLow, e.AccuracyHigh, percent)), nil
			})
			if err != nil {
				return err
			}
		}
		if err := row("loss "+s.name, func(_ int, l Learner) (string, error) {
			e := s.of(l)
			return d.key(newKey(l.Name+"."+s.id+".loss", "loss of "+l.Name+" "+s.name, e.Mean, e.Low, e.High, plain)), nil
		}); err != nil {
			return err
		}
	}
	if err := row("median loss after meta-training", func(_ int, l Learner) (string, error) {
		return d.key(newKey(l.Name+".trained.median", "median loss of "+l.Name, l.Trained.Median, math.NaN(), math.NaN(), plain)), nil
	}); err != nil {
		return err
	}
	r.results(d)
	if err := r.compare(d); err != nil {
		return err
	}
	if err := r.measures(d, row); err != nil {
		return err
	}
	r.divergence(d, row)
	t.Note = fmt.Sprintf("On %s. Intervals are over episodes, for the learners as this run trained them. Another seed trains others: metaplast study compares over seeds.", r.episodes())
	return nil
}

// episodes names what was measured on.
func (r Run) episodes() string {
	s := fmt.Sprintf("%d held-out episodes", len(r.Learners[0].Trained.Losses))
	s += " with " + r.Config.Task.Scoring().Unseen
	if r.Split != "" {
		s += " (" + r.Split + ")"
	}
	return s
}

// results says how well each learner does.
func (r Run) results(d *Document) {
	s, scoring := fmt.Sprintf("On %s, ", r.episodes()), r.Config.Task.Scoring()
	for i, l := range r.Learners {
		if i > 0 {
			s += "; "
		}
		if scoring.Accuracy {
			s += fmt.Sprintf("%s classifies {%s.trained.accuracy} rightly at the end of an episode ({%s.untrained.accuracy} before meta-training)", l.Name, l.Name, l.Name)
		} else {
			s += fmt.Sprintf("%s ends with a %s of {%s.trained.loss} ({%s.untrained.loss} before meta-training)", l.Name, scoring.Loss, l.Name, l.Name)
		}
	}
	if scoring.Ways > 0 {
		s += fmt.Sprintf(". Guessing among the %d classes of an episode is right in %s", scoring.Ways, figure.Percent(1/float64(scoring.Ways)))
	}
	d.Summary = append(d.Summary, s+".")
}

// measures adds what analysis found, to the table and in sentences.
func (r Run) measures(d *Document, row func(string, func(int, Learner) (string, error)) error) error {
	if r.Analyses == nil {
		return nil
	}
	classifies := r.Config.Task.Scoring().Accuracy
	for _, m := range inReports() {
		said := m.Said.For(classifies)
		if err := row(said.Label, func(i int, l Learner) (string, error) {
			var values []float64
			for _, e := range r.Analyses[i].ByEpisode {
				if v := float64(e.Value(m.Name)); !math.IsNaN(v) && !math.IsInf(v, 0) {
					values = append(values, v)
				}
			}
			if len(values) == 0 {
				return "", nil
			}
			iv, err := r.bootstrap(m.Name + "/" + l.Name).Mean(values)
			if err != nil {
				return "", err
			}
			return d.key(newKey(l.Name+"."+m.Name, said.Label+", "+l.Name, iv.Estimate, iv.Low, iv.High, formats[said.Shown])), nil
		}); err != nil {
			return err
		}
	}
	for _, m := range inReports() {
		if said := m.Said.For(classifies); said.Begin != "" {
			r.sentence(d, m.Name, said.Begin, said.End)
		}
	}
	return nil
}

// inReports are the measures that have words, in the order in which reports tell them.
func inReports() []analysis.Measure {
	list := slices.DeleteFunc(analysis.Measures(), func(m analysis.Measure) bool { return m.Said.Label == "" })
	place := func(m analysis.Measure) int {
		if m.Said.Place == 0 {
			return math.MaxInt
		}
		return m.Said.Place
	}
	slices.SortStableFunc(list, func(a, b analysis.Measure) int { return cmp.Compare(place(a), place(b)) })
	return list
}

// formats are those of measures.
var formats = map[analysis.Shown]format{analysis.Plain: plain, analysis.Percent: percent, analysis.Points: points}

// sentence adds a list of a measure of all learners that have it, if any has.
func (r Run) sentence(d *Document, id, begin, end string) {
	s := ""
	for _, l := range r.Learners {
		if _, ok := d.known[l.Name+"."+id]; !ok {
			continue
		}
		if s != "" {
			s += ", "
		}
		s += fmt.Sprintf("{%s.%s} for %s", l.Name, id, l.Name)
	}
	if s != "" {
		d.Summary = append(d.Summary, begin+s+end)
	}
}

// divergence tells of episodes that diverged, if any did.
func (r Run) divergence(d *Document, row func(string, func(int, Learner) (string, error)) error) {
	s := ""
	for _, l := range r.Learners {
		if l.Trained.Diverged > 0 {
			s += fmt.Sprintf(" %s diverged in %d of %d held-out episodes: its loss there is not a number or infinite, and is left out of the means (its median counts it as infinite).",
				l.Name, l.Trained.Diverged, len(l.Trained.Losses))
		}
	}
	if s != "" {
		d.Summary = append(d.Summary, s[1:])
	}
	for _, m := range []struct {
		id, name string
		of       func(Learner) (int, int)
	}{
		{"diverged", "diverged held-out episodes", func(l Learner) (int, int) { return l.Trained.Diverged, len(l.Trained.Losses) }},
		{"diverged_train", "diverged training episodes", func(l Learner) (int, int) { return l.Curve.Diverged, r.Step * r.Config.Meta.Batch }},
	} {
		row(m.name, func(_ int, l Learner) (string, error) { // no error comes from here
			n, all := m.of(l)
			k := Key{ID: l.Name + "." + m.id, Label: m.name + ", " + l.Name, Value: measure.Number(n), Text: fmt.Sprintf("%d of %d", n, all),
				Low: measure.Number(math.NaN()), High: measure.Number(math.NaN())}
			return d.key(k), nil
		})
	}
}

func (r Run) bootstrap(purpose string) measure.Bootstrap {
	return measure.Bootstrap{Seed: r.Config.Seed, Purpose: "report/" + purpose}
}

// format shows numbers of a unit.
type format func(float64) string

func plain(v float64) string   { return figure.Number(v) }
func percent(v float64) string { return figure.Percent(v) }
func points(v float64) string  { return figure.Points(v) }

// change is the format of a difference of scores: one of accuracies is in percentage points.
func (r Run) change() format {
	if r.Config.Task.Scoring().Accuracy {
		return points
	}
	return plain
}

// newKey makes a key figure; NaN at both ends means that there is no interval.
func newKey(id, label string, v, low, high float64, f format) Key {
	k := Key{ID: id, Label: label, Value: measure.Number(v), Low: measure.Number(low), High: measure.Number(high), Text: f(v)}
	if !math.IsNaN(low) && !math.IsNaN(high) {
		bare := func(v float64) string { return strings.TrimSuffix(strings.TrimSuffix(f(v), " %"), " points") }
		k.Text += " [" + bare(low) + ", " + bare(high) + "]"
	}
	return k
}
