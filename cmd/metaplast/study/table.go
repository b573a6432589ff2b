package study

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"metaplast/metaopt/measure"
)

// Table shows a result to people: the arms, then the claims with their verdicts.
func (r *Result) Table() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "study %s, %s size, %s: %s\n", r.Study, r.Size, r.Task, r.Summary)
	fmt.Fprintf(&b, "%d %s, %d meta-steps of %d episodes, %d held-out episodes each\n\n", len(r.Seeds), plural("seed", len(r.Seeds)), r.Steps, r.Batch, r.Episodes)
	for i, m := range r.Measures {
		r.arms(&b, i, m)
	}
	fmt.Fprintf(&b, "%s\n\n", r.chance())
	var sources []string
	for _, c := range r.Claims {
		i := slices.Index(sources, c.Source)
		if i < 0 {
			i, sources = len(sources), append(sources, c.Source)
		}
		c.write(&b, i+1)
	}
	for i, s := range sources {
		fmt.Fprintf(&b, "[%d] %s\n", i+1, s)
	}
	fmt.Fprintf(&b, "\ntuning: %s\n", r.Tuning)
	return b.Bytes()
}

// arms shows one measure of all arms.
func (r *Result) arms(b *bytes.Buffer, i int, m MeasureInfo) {
	kind := "mean"
	if m.Scale == Ratio.String() {
		kind = "geometric mean"
	}
	fmt.Fprintf(b, "%s: %s; %s over seeds [95 %% confidence interval]\n\n", m.Name, m.What, kind)
	w := tabwriter.NewWriter(b, 0, 0, 3, ' ', 0)
	head := "arm\t" + m.Name + "\tby seed"
	if i == 0 {
		head += "\tdiverged: training\theld-out"
	}
	fmt.Fprintln(w, head)
	for _, a := range r.Arms {
		am := a.Measures[i]
		mean := interval(am.Mean, am.Low, am.High)
		if am.Collapsed > 0 {
			mean += fmt.Sprintf(" of %d", len(am.Values)-am.Collapsed)
		}
		fmt.Fprintf(w, "%s\t%s\t%s", a.Name, mean, strings.Join(shorts(am.Values), " "))
		if i == 0 {
			fmt.Fprintf(w, "\t%d/%d\t%d/%d", a.Training, r.Steps*r.Batch*len(r.Seeds), a.Diverged, r.Episodes*len(r.Seeds))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	fmt.Fprintln(b)
}

// write shows a claim, whose source has a number.
func (c ClaimResult) write(b *bytes.Buffer, source int) {
	sign := ">"
	if c.Direction == "less" {
		sign = "<"
	}
	how := "%s − %s"
	if c.Unit == "ratio" {
		how = "%s / %s"
	}
	fmt.Fprintf(b, "%s: %s [%d]\n", strings.ToUpper(c.Verdict), c.Claim, source)
	fmt.Fprintf(b, "  %s of %s = %s, claimed %s %v\n", c.Measure, fmt.Sprintf(how, c.Arms[0], c.Arms[1]), interval(c.Effect, c.Low, c.High), sign, c.Threshold)
	if c.Note != "" {
		fmt.Fprintf(b, "  %s\n", c.Note)
	}
	fmt.Fprintln(b)
}

// chance says how many claims are tested, and what that means for their verdicts.
func (r *Result) chance() string {
	n := len(r.Claims)
	if n == 1 {
		return "1 claim, tested at 95 %: without any effect it is decided by chance in 5 % of such studies"
	}
	return fmt.Sprintf("%d claims, each tested by itself at 95 %%: without any effect one or more are decided by chance in up to %d %% of such studies", n, min(100, 5*n))
}

func interval(mean, low, high measure.Number) string {
	return fmt.Sprintf("%v [%v, %v]", mean, low, high)
}

func shorts(values []float64) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = measure.Number(v).String()
	}
	return out
}

func plural(word string, n int) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
