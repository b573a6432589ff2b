package rulestest_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/data/suggest"
	"metaplast/graph"
	"metaplast/graph/op"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

// TestRows checks every rule of the project with every pathway and granularity. Other tests
// of this package register rules, so that the names are written out.
func TestRows(t *testing.T) {
	done := 0
	names := []string{"hebb", "oja"}
	rows, err := rulestest.Rows(context.Background(), names, rulestest.Options{Elements: elements(), Each: func(rulestest.Row) { done++ }})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[3]string]bool{}
	for _, r := range rows {
		seen[[3]string{r.Rule, r.Pathway, r.Granularity}] = true
		if !r.Passed || r.Elements < 50 || r.Place == "" || !(r.WorstError <= 1e-8) {
			t.Errorf("%+v", r)
		}
	}
	if want := len(names) * len(rules.Pathways()) * len(graph.Granularities()); len(seen) != want || done != want {
		t.Errorf("%d combinations, %d reported: want %d", len(seen), done, want)
	}
}

// elements is how many elements of each array are checked: all, unless tests are to be
// short.
func elements() int {
	if testing.Short() {
		return 5
	}
	return 0
}

// TestRowsFail shows that a wrong derivative fails with every pathway and granularity, a
// gross one as well as one that is wrong by a part in a million, and that the row names the
// place.
func TestRowsFail(t *testing.T) {
	hebb := func(b *op.Builder, s rules.Synapses) *G.Node { return b.Hebb(s.Post, s.Pre) }
	few := rulestest.Options{Elements: 3, Pathways: []string{"direct", "none"}, Granularities: []string{"none", "synapse"}}
	all := rulestest.Options{Elements: 2}
	if testing.Short() {
		all = few
	}
	for _, c := range []struct {
		rule rule
		opts rulestest.Options
	}{
		{squared("test-one-percent", func(o *differentiable) { o.factor = 1.01 }), all},
		{squared("test-one-millionth", func(o *differentiable) { o.factor = 1 + 1e-6 }), few},
		{rule{"test-stopped", func(b *op.Builder, s rules.Synapses) *G.Node { return b.StopGradient(hebb(b, s)) }}, few},
	} {
		if err := rules.Register(c.rule); err != nil {
			t.Fatal(err)
		}
		rows, err := rulestest.Rows(context.Background(), []string{c.rule.name}, c.opts)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row.Passed || !strings.Contains(row.Place, "signal ") || !strings.Contains(row.Place, "[") || row.Error == "" || !(row.WorstError > 1e-8) {
				t.Errorf("%+v: want a failure with its place", row)
			}
		}
	}
}

// TestRowsCannotRun shows that what cannot be checked has failed, and that its row is valid
// JSON.
func TestRowsCannotRun(t *testing.T) {
	for _, r := range []rule{
		{"test-no-derivative", func(b *op.Builder, s rules.Synapses) *G.Node {
			return b.Hebb(b.Apply(newSquare(s.Post), s.Post), s.Pre)
		}},
		{"test-shape", func(b *op.Builder, s rules.Synapses) *G.Node { return b.Hebb(s.Pre, s.Post) }},
		{"test-panic", func(b *op.Builder, s rules.Synapses) *G.Node { panic("oh") }},
		{"test-overflow", func(b *op.Builder, s rules.Synapses) *G.Node { return b.Scale(b.Hebb(s.Post, s.Pre), 1e300) }},
	} {
		if err := rules.Register(r); err != nil {
			t.Fatal(err)
		}
		rows, err := rulestest.Rows(context.Background(), []string{r.name}, rulestest.Options{Pathways: []string{"direct"}, Granularities: []string{"neuron"}})
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		if rows[0].Passed || !strings.Contains(rows[0].Error, "cannot run") {
			t.Errorf("%+v: want a failure that says why", rows[0])
		}
		if _, err := json.Marshal(rows); err != nil {
			t.Error(err)
		}
	}
}

// TestEpisodesCannotRun shows that no row has passed beside an error.
func TestEpisodesCannotRun(t *testing.T) {
	if err := rules.Register(rule{"test-without-derivative", func(b *op.Builder, s rules.Synapses) *G.Node {
		return b.Hebb(b.Apply(newSquare(s.Post), s.Post), s.Pre)
	}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule, pathway, granularity string
		opts                       rulestest.Options
	}{
		{"test-without-derivative", "direct", "synapse", rulestest.Options{}},
		{"hebb", "direct", "synapse", rulestest.Options{N: -1}},
		{"hepp", "direct", "synapse", rulestest.Options{}},
		{"hebb", "direct", "synapses", rulestest.Options{}},
	} {
		row, err := rulestest.Episodes(c.rule, c.pathway, c.granularity, c.opts)
		if err == nil || row.Passed || !row.Failed() || !strings.Contains(row.Error, "cannot run: ") {
			t.Errorf("%+v: %v: want an error, and a row that has failed and says why", row, err)
		}
	}
}

// TestRowsRefused shows a rule that needs feedback: with pathway none there is nothing to check,
// which is not to pass; and with feedback it must not say that it has none.
func TestRowsRefused(t *testing.T) {
	for _, r := range []rule{
		{"test-needs-feedback", func(b *op.Builder, s rules.Synapses) *G.Node {
			if s.Feedback == nil {
				return b.Fail(rules.ErrNoFeedback)
			}
			return b.Hebb(b.Mul(s.Post, s.Feedback), s.Pre)
		}},
		{"test-always-refuses", func(b *op.Builder, s rules.Synapses) *G.Node { return b.Fail(rules.ErrNoFeedback) }},
	} {
		if err := rules.Register(r); err != nil {
			t.Fatal(err)
		}
		rows, err := rulestest.Rows(context.Background(), []string{r.name}, rulestest.Options{Elements: 2, Pathways: []string{"none", "direct"}, Granularities: []string{"layer"}})
		if err != nil || len(rows) != 2 {
			t.Fatal(rows, err)
		}
		if none := rows[0]; none.Passed || none.Failed() || !strings.Contains(none.Refused, "feedback") || none.Error != "" {
			t.Errorf("%+v: want it refused", none)
		}
		if direct, works := rows[1], r.name == "test-needs-feedback"; direct.Passed != works || direct.Failed() == works || direct.Refused != "" {
			t.Errorf("%+v: want passed to be %v", direct, works)
		}
	}
}

func TestRowsErrors(t *testing.T) {
	var unknown *suggest.UnknownError
	for _, c := range []struct {
		names []string
		opts  rulestest.Options
	}{
		{[]string{"hebb", "ojo"}, rulestest.Options{}},
		{nil, rulestest.Options{Pathways: []string{"drect"}}},
		{nil, rulestest.Options{Granularities: []string{"synapses"}}},
	} {
		if rows, err := rulestest.Rows(context.Background(), c.names, c.opts); !errors.As(err, &unknown) || rows != nil {
			t.Errorf("%+v: %v: want an error that names the nearest", c, err)
		}
	}
	if _, err := rulestest.Rows(context.Background(), nil, rulestest.Options{N: -1}); err == nil {
		t.Error("want an error for an illegal option")
	}
	ctx, cancel := context.WithCancel(context.Background())
	rows, err := rulestest.Rows(ctx, []string{"hebb"}, rulestest.Options{Elements: 1, Each: func(rulestest.Row) { cancel() }})
	if len(rows) != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d rows, %v: want one row and the context's error", len(rows), err)
	}
}
