package study

import (
	"bytes"
	"fmt"
	"strings"
)

// Findings is a page about the results of several studies, in Markdown: the verdicts in one table,
// then of each study its arms and what its claims were decided by. Made says how the page came to
// be: lines about versions, machines and times, and the command.
//
// The page is a function of its arguments, byte for byte.
func Findings(results []*Result, made []string) []byte {
	var b bytes.Buffer
	b.WriteString("# Findings\n\n")
	for _, line := range made {
		fmt.Fprintf(&b, "%s  \n", escaped(line))
	}
	count, claims := map[string]int{}, 0
	for _, r := range results {
		for _, c := range r.Claims {
			count[c.Verdict]++
			claims++
		}
	}
	fmt.Fprintf(&b, "\nOf %d claims in %d studies %d are confirmed, %d refuted and %d undecided. Each is tested by itself at 95 %%: "+
		"if none of the effects were there, some %.0f would be decided by chance. How a study is designed and judged: "+
		"[comparison studies](comparison-studies.md).\n\n", claims, len(results), count[Confirmed], count[Refuted], count[Undecided], 0.05*float64(claims))
	b.WriteString("| study | claim | effect [95 %] | claimed | seeds on that side | verdict |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range results {
		for _, c := range r.Claims {
			fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s %v | %s | **%s** |\n", r.Study, r.Study, escaped(c.Claim), c.effect(), sign(c.Direction), c.Threshold, c.seeds(), c.Verdict)
		}
	}
	for _, r := range results {
		r.section(&b)
	}
	return b.Bytes()
}

// section is about one study.
func (r *Result) section(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## %s\n\n%s. Task: %s, %s size; %d %s, %d meta-steps of %d %s; measured on %d held-out episodes of each seed, with %s.\n\n",
		r.Study, capital(r.Summary), r.Task, r.Size, len(r.Seeds), plural("seed", len(r.Seeds)), r.Steps, r.Batch, plural("episode", r.Batch), r.Episodes, r.BLAS)
	head := []string{"arm", "what it is"}
	for _, m := range r.Measures {
		head = append(head, m.Name)
	}
	head = append(head, "diverged: training", "held-out")
	row(b, head)
	fmt.Fprintf(b, "|%s\n", strings.Repeat(" --- |", len(head)))
	for _, a := range r.Arms {
		cells := []string{"`" + a.Name + "`", escaped(a.What)}
		for _, m := range a.Measures {
			cell := interval(m.Mean, m.Low, m.High)
			if m.Collapsed > 0 {
				cell += fmt.Sprintf(" of %d; %d collapsed", len(m.Values)-m.Collapsed, m.Collapsed)
			}
			cells = append(cells, cell)
		}
		row(b, append(cells, fmt.Sprintf("%d/%d", a.Training, r.Steps*r.Batch*len(r.Seeds)), fmt.Sprintf("%d/%d", a.Diverged, r.Episodes*len(r.Seeds))))
	}
	b.WriteByte('\n')
	for _, m := range r.Measures {
		kind := "mean"
		if m.Scale == Ratio.String() {
			kind = "geometric mean"
		}
		fmt.Fprintf(b, "- %s: %s; %s over seeds [Student's 95 %% interval]\n", m.Name, escaped(m.What), kind)
	}
	for _, c := range r.Claims {
		if c.Note != "" {
			fmt.Fprintf(b, "- %s, %s: %s\n", c.ID, strings.Join(c.Arms, " against "), escaped(c.Note))
		}
	}
	fmt.Fprintf(b, "\nTuning: %s\n", escaped(r.Tuning))
}

// effect shows the effect of a claim with its interval.
func (c ClaimResult) effect() string {
	return c.Of() + ": " + interval(c.Effect, c.Low, c.High)
}

// seeds is how many seeds the claim was decided by, and which way they point.
func (c ClaimResult) seeds() string {
	text := fmt.Sprintf("%d of %d", c.onSide(), len(c.PerSeed))
	if c.Decided == byRanks && c.Rank != nil {
		text += fmt.Sprintf("; ranks, p %v", c.Rank.P)
	}
	return text
}

func sign(direction string) string {
	if direction == "less" {
		return "<"
	}
	return ">"
}

func row(b *bytes.Buffer, cells []string) { fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | ")) }

// escaped makes text that is a cell of a table.
func escaped(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "\\|")
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
