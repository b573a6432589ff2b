package config

import (
	"fmt"

	"metaplast/data"
)

// Scoring says how answers of the task are judged and spoken of.
func (t Task) Scoring() data.Scoring {
	if t.Own != nil {
		return t.Own.Scoring()
	}
	s := t.Spec()
	g := data.ScoringOf(s)
	order := "one after the other"
	if t.Order == data.IID {
		order = "all mixed"
	}
	examples := plural(s.Batch, "example", "examples")
	if !t.ofImages() {
		g.Unseen = "functions never seen in meta-training"
		g.Episode = fmt.Sprintf("%s, %s: %s of %s", plural(t.Functions, "sine function", "sine functions"), order,
			plural(s.Steps, "inner step", "inner steps"), examples)
		return g
	}
	g.Ways, g.Watched, g.Unseen = t.Ways, data.Validation, "classes never seen in meta-training"
	g.Splits = map[data.Split]string{data.HeldOut: "meta-test classes", data.Validation: "validation classes"}
	g.Episode = fmt.Sprintf("%d classes of %s, %s, from %s of each: %s of %s", t.Ways, t.Kind, order, plural(t.Shots, "drawing", "drawings"),
		plural(s.Steps, "inner step", "inner steps"), examples)
	return g
}

func plural(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
