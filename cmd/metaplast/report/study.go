package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/study"
)

// NewStudy makes the document of a study. config is the study's own file, environment what else is
// known about how it was computed, seeds are its runs in the order of r.Seeds.
func NewStudy(r study.Result, config string, environment []Fact, seeds []Seed) *Document {
	facts := []Fact{{"size", r.Size}, {"blas of the measurements", r.BLAS}, {"tuning of the arms", r.Tuning}}
	if r.Tiles != "" { // older verdicts do not tell
		facts = append(facts, Fact{"kernels of the measurements", r.Tiles})
	}
	d := &Document{Kind: "study", Name: r.Study, Config: config, Commands: r.Commands, Environment: append(facts, environment...)}
	d.Lead = fmt.Sprintf("%s. Task: %s; %s, each %s of %s.", capital(r.Summary), r.Task, plural(len(r.Seeds), "seed", "seeds"),
		plural(r.Steps, "meta-step", "meta-steps"), plural(r.Batch, "episode", "episodes"))
	s := studyReport{r, d, seeds}
	curves, without, accuracy := s.curves()
	data := struct {
		study.Result
		Curves  []seedCurve `json:"learning_curves"`
		Reports []Link      `json:"reports"`
	}{Result: r, Curves: curves}
	for _, seed := range seeds {
		data.Reports = append(data.Reports, seed.Report)
	}
	d.Data = data
	s.summarise()
	d.add(s.claims())
	d.add(s.arms())
	d.add(s.coefficients())
	d.add(s.training(curves, without, accuracy))
	return d
}

// studyReport is a result with the document that is made of it.
type studyReport struct {
	study.Result
	d     *Document
	seeds []Seed
}

// verdictWords say what a verdict means.
var verdictWords = map[string]string{
	study.Confirmed: "Confirmed",
	study.Refuted:   "Refuted",
	study.Undecided: "Undecided",
}

// summarise has a sentence for each claim.
func (s studyReport) summarise() {
	count := map[string]int{}
	for _, c := range s.Claims {
		count[c.Verdict]++
	}
	s.d.Summary = append(s.d.Summary, fmt.Sprintf("Of %s, {confirmed} confirmed, {refuted} refuted and {undecided} undecided. "+
		"A claim is confirmed if the whole 95 %% interval of its effect, over seeds, lies on the claimed side of the threshold, refuted if it lies on the other, and undecided otherwise, which is no evidence of no effect.",
		plural(len(s.Claims), "claim", "claims")))
	for _, v := range []string{study.Confirmed, study.Refuted, study.Undecided} {
		s.d.key(newKey(v, v+" claims", float64(count[v]), math.NaN(), math.NaN(), func(v float64) string { return fmt.Sprint(int(v)) }))
	}
	for _, c := range s.Claims {
		key := s.d.key(newKey(c.ID, s.effect(c), float64(c.Effect), float64(c.Low), float64(c.High), plain))
		sentence := fmt.Sprintf("%s: %s Measured: %s is %s, claimed to be %s than %s.", verdictWords[c.Verdict], c.Claim, s.effect(c), key, c.Direction, figure.Number(float64(c.Threshold)))
		if c.Note != "" {
			sentence += " " + capital(c.Note) + "."
		}
		s.d.Summary = append(s.d.Summary, sentence)
	}
}

// effect names what a claim is about: "“loss” of a divided by that of b".
func (s studyReport) effect(c study.ClaimResult) string {
	if len(c.Arms) == 1 {
		return fmt.Sprintf("“%s” of %s", c.Measure, c.Arms[0])
	}
	if c.Unit == "ratio" {
		return fmt.Sprintf("“%s” of %s divided by that of %s", c.Measure, c.Arms[0], c.Arms[1])
	}
	return fmt.Sprintf("“%s” of %s minus that of %s", c.Measure, c.Arms[0], c.Arms[1])
}

// claims are the forest plot and the table.
func (s studyReport) claims() Section {
	t := Table{Title: "Claims, effects with 95 % confidence intervals over seeds, and verdicts",
		Head: []string{"claim", "verdict", "effect", "claimed", "effect of what"}, Prose: true}
	f := figure.Figure{ID: "claims", Title: "Effects of the claims", Columns: 1,
		Caption: "Large marks: the effect over all seeds, with its 95 % confidence interval; small rings: single seeds. Dashed: the threshold. " +
			"A claim is decided where the whole interval lies on one side of it. A cross stands for an effect that is not a number: a seed diverged."}
	kinds := []string{study.Confirmed, study.Refuted, study.Undecided}
	for i, v := range kinds {
		f.Key = append(f.Key, figure.Entry{Name: v, Ink: i, Kind: figure.Dots})
	}
	panels := map[string]int{}
	var sources []string
	for _, c := range s.Claims {
		sign := ">"
		if c.Direction == "less" {
			sign = "<"
		}
		at := slices.Index(sources, c.Source)
		if at < 0 {
			at, sources = len(sources), append(sources, c.Source)
		}
		t.Rows = append(t.Rows, []string{fmt.Sprintf("%s [%d]", c.Claim, at+1), c.Verdict, "{" + c.ID + "}", sign + " " + figure.Number(float64(c.Threshold)), s.effect(c)})
		group := fmt.Sprintf("%s/%s/%s/%v/%d", c.Measure, c.Unit, c.Direction, c.Threshold, len(c.Arms))
		panel, ok := panels[group]
		if !ok {
			panel, panels[group] = len(f.Panels), len(f.Panels)
			f.Panels = append(f.Panels, s.forest(c))
		}
		span := figure.Span{Name: strings.Join(c.Arms, " : "), Ink: slices.Index(kinds, c.Verdict), Estimate: float64(c.Effect), Low: float64(c.Low), High: float64(c.High)}
		for _, p := range c.PerSeed {
			span.Points = append(span.Points, float64(p.Effect))
		}
		f.Panels[panel].Spans = append(f.Panels[panel].Spans, span)
	}
	for i, source := range sources {
		t.Note += fmt.Sprintf("[%d] %s. ", i+1, source)
	}
	t.Note += s.measures()
	return Section{ID: "claims", Title: "The claims", Figures: []figure.Figure{f}, Tables: []Table{t}}
}

// forest is the empty panel of claims like c.
func (s studyReport) forest(c study.ClaimResult) figure.Panel {
	p := figure.Panel{Marks: []float64{float64(c.Threshold)}, Y: figure.Axis{Label: "arms"}}
	sign := "above"
	if c.Direction == "less" {
		sign = "below"
	}
	p.Title = fmt.Sprintf("%s; claimed: %s %s", c.Measure, sign, figure.Number(float64(c.Threshold)))
	p.X.Label = "difference in " + c.Measure + " (" + c.Unit + ")"
	switch {
	case len(c.Arms) == 1:
		p.X = figure.Axis{Label: fmt.Sprintf("%s (%s)", c.Measure, c.Unit), Log: c.Unit == "ratio"}
	case c.Unit == "ratio":
		p.X = figure.Axis{Label: "ratio of the " + c.Measure + " of the first arm to that of the second", Log: true}
	}
	return p
}

// arms are what was measured of each arm.
func (s studyReport) arms() Section {
	sec := Section{ID: "arms", Title: "The arms", Intro: fmt.Sprintf("Every arm was trained with the same seeds, episodes and initial weights, and measured on %s of each seed.",
		plural(s.Episodes, "held-out episode", "held-out episodes"))}
	t := Table{Title: "Measures over seeds, with 95 % confidence intervals", Head: []string{"arm", "what it is"}, Prose: true}
	for _, m := range s.Measures {
		t.Head = append(t.Head, m.Name)
	}
	t.Head = append(t.Head, "diverged held-out episodes", "diverged training episodes", "meta-gradient")
	for _, a := range s.Arms {
		row := []string{a.Name, a.What}
		for _, m := range a.Measures {
			row = append(row, s.d.key(newKey(a.Name+"."+m.Name, m.Name+" of "+a.Name, float64(m.Mean), float64(m.Low), float64(m.High), plain)))
		}
		t.Rows = append(t.Rows, append(row, fmt.Sprintf("%d of %d", a.Diverged, s.Episodes*len(s.Seeds)),
			fmt.Sprintf("%d of %d", a.Training, s.Steps*s.Batch*len(s.Seeds)), fmt.Sprintf("order %d", a.Order)))
	}
	for i, m := range s.Measures {
		sec.Figures = append(sec.Figures, s.armsOf(i, m))
	}
	t.Note = s.measures()
	sec.Tables = []Table{t}
	return sec
}

// measures says what they are.
func (s studyReport) measures() string {
	var notes []string
	for _, m := range s.Measures {
		notes = append(notes, "“"+m.Name+"”: "+m.What+".")
	}
	return strings.Join(notes, " ")
}

// armsOf shows one measure of all arms.
func (s studyReport) armsOf(i int, m study.MeasureInfo) figure.Figure {
	f := figure.Figure{ID: "arms-" + m.Name, Title: capital(m.Name) + " of the arms",
		Caption: capital(m.What) + ". Large marks: the mean over seeds with its 95 % confidence interval; small rings: single seeds; thin lines join those of one seed, in which all arms saw the same episodes."}
	p := figure.Panel{Pairs: true, X: figure.Axis{Label: m.Name + " (" + m.Unit + ")"}, Y: figure.Axis{Label: "arm"}}
	if m.Scale == study.Ratio.String() {
		p.X.Log = true
		f.Caption = strings.Replace(f.Caption, "the mean", "the geometric mean", 1)
	}
	for _, a := range s.Arms {
		v := a.Measures[i]
		p.Spans = append(p.Spans, figure.Span{Name: a.Name, Estimate: float64(v.Mean), Low: float64(v.Low), High: float64(v.High), Points: v.Values})
	}
	f.Panels = []figure.Panel{p}
	return f
}

// capital writes the first letter large.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
