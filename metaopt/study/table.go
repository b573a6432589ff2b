package study

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"metaplast/metaopt/measure"
)

// columns is the width of a table: that of a terminal.
const columns = 80

// fold writes text in lines of at most columns, all but the first behind an indent. A word that is
// longer has a line of its own.
func fold(b *bytes.Buffer, first, indent, text string) {
	width := utf8.RuneCountInString(first)
	b.WriteString(first)
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case width+1+n > columns:
			b.WriteString("\n" + indent)
			width = utf8.RuneCountInString(indent)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	b.WriteByte('\n')
}

// Table shows a result to people, 80 columns wide: the arms, then the claims with their verdicts.
func (r *Result) Table() []byte {
	var b bytes.Buffer
	fold(&b, "", "", fmt.Sprintf("study %s, %s size, %s: %s", r.Study, r.Size, r.Task, r.Summary))
	fmt.Fprintf(&b, "%d %s, %d meta-steps of %d episodes, %d held-out episodes each\n\n", len(r.Seeds), plural("seed", len(r.Seeds)), r.Steps, r.Batch, r.Episodes)
	for i, m := range r.Measures {
		r.arms(&b, i, m)
	}
	for _, a := range r.Arms {
		a.coefficients(&b, r.Seeds)
	}
	fold(&b, "", "", r.chance())
	b.WriteByte('\n')
	var sources []string
	for _, c := range r.Claims {
		i := slices.Index(sources, c.Source)
		if i < 0 {
			i, sources = len(sources), append(sources, c.Source)
		}
		c.write(&b, i+1)
	}
	for i, s := range sources {
		fold(&b, fmt.Sprintf("[%d] ", i+1), "    ", s)
	}
	b.WriteByte('\n')
	fold(&b, "tuning: ", "", r.Tuning)
	return b.Bytes()
}

// arms shows one measure of all arms.
func (r *Result) arms(b *bytes.Buffer, i int, m MeasureInfo) {
	kind := "mean"
	if m.Scale == Ratio.String() {
		kind = "geometric mean"
	}
	fold(b, m.Name+": ", "", fmt.Sprintf("%s; %s over seeds [95 %% confidence interval]", m.What, kind))
	if i == 0 {
		fold(b, "", "", "collapsed: seeds without a finite number; behind it the episodes that diverged, in training and held out")
	}
	b.WriteByte('\n')
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	head := "arm\t" + m.Name + "\tcollapsed"
	if i == 0 {
		head += "\tin training\theld out"
	}
	fmt.Fprintln(w, head)
	for _, a := range r.Arms {
		am := a.Measures[i]
		fmt.Fprintf(w, "%s\t%s\t%d/%d", a.Name, interval(am.Mean, am.Low, am.High), am.Collapsed, len(am.Values))
		if i == 0 {
			fmt.Fprintf(w, "\t%d/%d\t%d/%d", a.Training, r.Steps*r.Batch*len(r.Seeds), a.Diverged, r.Episodes*len(r.Seeds))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	b.WriteString("\nby seed:\n")
	for _, a := range r.Arms {
		fold(b, "  "+a.Name+": ", "    ", strings.Join(shorts(a.Measures[i].Values), " "))
	}
	b.WriteByte('\n')
}

// write shows a claim, whose source has a number.
func (c ClaimResult) write(b *bytes.Buffer, source int) {
	sign := ">"
	if c.Direction == "less" {
		sign = "<"
	}
	fold(b, strings.ToUpper(c.Verdict)+": ", "  ", fmt.Sprintf("%s [%d]", c.Claim, source))
	fold(b, "  ", "    ", fmt.Sprintf("%s = %s, claimed %s %v", c.Of(), interval(c.Effect, c.Low, c.High), sign, c.Threshold))
	if c.Note != "" {
		fold(b, "  ", "  ", c.Note)
	}
	b.WriteByte('\n')
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
