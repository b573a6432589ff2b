package analysis

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"metaplast/data/catalog"
	"metaplast/metaopt/measure"
)

// Measure is a number of one episode, declared once: its name is the key in JSON and the heading of its
// column, its words stand in reports and studies.
type Measure struct {
	Name    string  // in lower case, with _ between words
	What    string  // one line: what it is, the mean over what; empty where no study may use it
	Unit    string  // of the number: cosine, ratio, share, loss, score
	Formula string  // in the symbols of docs/mathematics.md
	Source  string  // citation of the formula, or the page that defines it
	Said    Wording // in reports; the zero value is left out of them
	// Of is the number of an episode that did not diverge, from what was measured of it alone; NaN where
	// it is undefined.
	Of func(episode *Analysis) measure.Number
}

// Info describes the measure, as an entry of a catalog.
func (m Measure) Info() catalog.Info {
	return catalog.Info{Name: m.Name, Summary: m.What, Formula: m.Formula, Source: m.Source}
}

// Wording is how a report tells a measure. {…} in between are the numbers of all learners.
type Wording struct {
	Label      string // in a table
	Begin, End string // around the numbers, in a sentence; empty where there is none
	Shown      Shown
	Place      int // among the measures of a report, from 1; those with 0 are last, in the order of registration

	Classes *Wording // where the score is an accuracy; nil if that makes no difference
}

// Shown is how a number is written.
type Shown int

// The ways of Wording.Shown.
const (
	Plain   Shown = iota
	Percent       // a share
	Points        // a difference of shares, in percentage points
)

// For is the wording of a task whose score is an accuracy, or a loss.
func (w Wording) For(accuracy bool) Wording {
	if accuracy && w.Classes != nil {
		return *w.Classes
	}
	return w
}

// registered are the measures, in the order of their columns.
var registered = catalog.Of("measure",
	Measure{Name: "loss", Unit: "loss", Formula: "mean over the tasks of a stream of 𝓛 after its last", Source: "docs/mathematics.md", Of: func(a *Analysis) measure.Number { return ofList(a.Retention[a.Tasks-1]) }},
	Measure{Name: "accuracy", Unit: "share", Formula: "mean over the tasks of a stream of accuracy after its last", Source: "docs/mathematics.md", Of: func(a *Analysis) measure.Number {
		if a.Accuracy == nil {
			return measure.Number(math.NaN())
		}
		return ofList(a.Accuracy[a.Tasks-1])
	}},
	Measure{
		Name: "cosine", Unit: "cosine", Formula: "cos(ΔW, −∇W)", Source: "docs/mathematics.md",
		What: "cosine between the update and the negative gradient on the same examples, all plastic weights as one vector, the mean over inner steps and held-out episodes",
		Said: Wording{Place: 1, Label: "cosine of updates with the negative gradient",
			Begin: "The cosine between an update and the negative gradient is ", End: "; 1 would be gradient descent's own direction, 0 one that has nothing to do with it."},
		Of: func(a *Analysis) measure.Number { return ofList(a.NetCosine) },
	},
	Measure{Name: "norm_ratio", Unit: "ratio", Formula: "median of ‖ΔW‖ / ‖∇W‖", Source: "docs/mathematics.md", Of: func(a *Analysis) measure.Number { return measure.Number(measure.Median(a.NetNormRatio)) }},
	Measure{
		Name: "overlap", Unit: "cosine", Formula: "cos(ΔW_i, ΔW_j), i and j of different tasks", Source: "docs/mathematics.md",
		What: "cosine between the updates on two tasks, the mean over pairs of tasks, points of the stream and held-out episodes",
		Said: Wording{Place: 3, Label: "overlap (cosine) of updates on different tasks"},
		Of:   ofPoints(func(p Point) measure.Number { return p.OverlapBetween }),
	},
	Measure{Name: "between", Unit: "loss", Formula: "L_j(W + ΔW_i) − L_j(W), i and j of different tasks", Source: "docs/mathematics.md", Of: ofPoints(func(p Point) measure.Number { return p.Between })},
	Measure{
		Name: "harmful", Unit: "share", Formula: "L_j(W + ΔW_i) > L_j(W), i and j of different tasks", Source: "docs/mathematics.md",
		What: "share of updates on a task that raise the loss of another, over pairs of tasks, points of the stream and held-out episodes",
		Said: Wording{Place: 2, Label: "share of updates on one task that harm another", Shown: Percent,
			Begin: "Of pairs of different tasks, an update on one makes the other worse in ", End: "."},
		Of: ofPoints(func(p Point) measure.Number { return p.Harmful }),
	},
	Measure{Name: "harmful_first", Unit: "share", Formula: "∇L_j·ΔW_i > 0, i and j of different tasks", Source: "Riemer et al., ICLR 2019", Of: ofPoints(func(p Point) measure.Number { return p.HarmfulFirst })},
	Measure{
		Name: "past_harmful", Unit: "share", Formula: "L_j(W + ΔW_i) > L_j(W), j learned before i", Source: "docs/mathematics.md",
		What: "share of updates on the task that comes next that raise the loss of a task learned before, over tasks, points of the stream and held-out episodes",
		Of:   ofPoints(func(p Point) measure.Number { return p.PastHarmful }),
	},
	Measure{Name: "backward_transfer", Unit: "score", Formula: "mean over j < T of R_Tj − R_jj", Source: "Lopez-Paz & Ranzato, NeurIPS 2017", Of: func(a *Analysis) measure.Number { return a.BackwardTransfer }},
	Measure{Name: "forward_transfer", Unit: "score", Formula: "mean over j > 1 of R_(j−1)j − b_j", Source: "Lopez-Paz & Ranzato, NeurIPS 2017", Of: func(a *Analysis) measure.Number { return a.ForwardTransfer }},
	Measure{
		Name: "forgetting", Unit: "score", Formula: "mean over j < T of best_(i<T) R_ij − R_Tj", Source: "Chaudhry et al., ECCV 2018",
		Said: Wording{Place: 4, Label: "forgetting: rise of the loss on earlier tasks",
			Begin: "While later tasks are learned, the loss on earlier ones rises by ", End: "; a negative number is a gain.",
			Classes: &Wording{Label: "forgetting: accuracy lost on earlier tasks, in percentage points", Shown: Points,
				Begin: "While later tasks are learned, accuracy on earlier ones falls by ", End: "; a negative number is a gain."}},
		Of: func(a *Analysis) measure.Number { return a.Forgetting },
	},
)

// Measures lists the measures of an episode, in the order of registration.
func Measures() []Measure { return registered.All() }

// RegisterMeasure adds a measure, on the terms of catalog.Register: what is analysed from then on has it
// in JSON, tables and, where it has words, reports. It must have Of.
func RegisterMeasure(m Measure) error {
	if m.Of == nil {
		return fmt.Errorf("register measure %q: without Of, want the number of an episode", m.Name)
	}
	if m.Name == numberKey || m.Name == divergedKey {
		return fmt.Errorf("register measure: name %q: want one that is not taken", m.Name)
	}
	return registered.Register(m)
}

// LookupMeasure returns the measure of a name, or a suggest.UnknownError that names the nearest.
func LookupMeasure(name string) (Measure, error) { return registered.Lookup(name) }

// The keys of an episode beside its measures.
const (
	numberKey   = "number"
	divergedKey = "diverged"
)

// Episode is what single numbers were in one episode, for intervals and pairs.
type Episode struct {
	Number   int
	Diverged bool
	Values   map[string]measure.Number // by name of the measure; none if the episode diverged
}

// Value is a measure by its name; NaN where undefined, and everywhere if the episode diverged.
func (e Episode) Value(name string) measure.Number {
	if v, ok := e.Values[name]; ok {
		return v
	}
	return measure.Number(math.NaN())
}

// MarshalJSON gives number, diverged and every measure, in the order of Measures.
func (e Episode) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{%q:%d,%q:%t`, numberKey, e.Number, divergedKey, e.Diverged)
	for _, m := range Measures() {
		v, err := json.Marshal(e.Value(m.Name))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, `,%q:%s`, m.Name, v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON is the way back. Measures that nobody has registered are kept, and not written again.
func (e *Episode) UnmarshalJSON(text []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	*e = Episode{}
	for key, into := range map[string]any{numberKey: &e.Number, divergedKey: &e.Diverged} {
		if v, ok := raw[key]; ok {
			if err := json.Unmarshal(v, into); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			delete(raw, key)
		}
	}
	if e.Diverged {
		return nil
	}
	e.Values = map[string]measure.Number{}
	for key, v := range raw {
		var n measure.Number
		if err := json.Unmarshal(v, &n); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		e.Values[key] = n
	}
	return nil
}

// Columns are the headings of a table of episodes, and of an episode its row.
func Columns() []string {
	head := []string{numberKey, divergedKey}
	for _, m := range Measures() {
		head = append(head, m.Name)
	}
	return head
}

// summary is the episode's line; r is nil if it diverged.
func (r *Analysis) summary(number int) Episode {
	e := Episode{Number: number, Diverged: r == nil}
	if r == nil {
		return e
	}
	e.Values = map[string]measure.Number{}
	for _, m := range Measures() {
		e.Values[m.Name] = m.Of(r)
	}
	return e
}

// ofList is the mean of the numbers that are defined.
func ofList(v []float64) measure.Number {
	return measure.Number(defined(len(v), func(i int) float64 { return v[i] }))
}

// ofPoints is the mean over the points of the stream where a number is defined.
func ofPoints(f func(Point) measure.Number) func(*Analysis) measure.Number {
	return func(a *Analysis) measure.Number {
		return measure.Number(defined(len(a.Points), func(i int) float64 { return float64(f(a.Points[i])) }))
	}
}
