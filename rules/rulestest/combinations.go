package rulestest

import (
	"context"
	"reflect"
	"runtime"
	"sync"

	"metaplast/data/settings"
	"metaplast/graph"
	"metaplast/rules"
)

// combination is a rule in the settings of a row, and how it is checked.
type combination struct {
	rule      rules.Rule
	row       Row
	variants  []variant
	elements  int             // of each array; 0 means what the options say
	modulator rules.Modulator // nil means every registered one in turn, from number on
	number    int
}

// names are what the options have of pathways and granularities, all where they have none.
func (o Options) names() (pathways, granularities []string) {
	pathways, granularities = o.Pathways, o.Granularities
	if len(pathways) == 0 {
		for _, p := range rules.Pathways() {
			pathways = append(pathways, p.Info().Name)
		}
	}
	if len(granularities) == 0 {
		granularities = graph.Granularities()
	}
	return pathways, granularities
}

// each is a combination with every pathway and granularity of the options.
func (o Options) each(c combination, do func(combination)) {
	pathways, granularities := o.names()
	for _, c.row.Pathway = range pathways {
		for _, c.row.Granularity = range granularities {
			do(c)
		}
	}
}

// plain are the combinations of Rows.
func plain(names []string, opts Options) (list []combination, err error) {
	o, err := opts.defaults()
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		for _, r := range rules.Rules() {
			if o.All || !nests(r) {
				names = append(names, r.Info().Name)
			}
		}
	}
	for _, name := range names {
		rule, err := rules.LookupRule(name)
		if err != nil {
			return nil, err
		}
		o.each(combination{rule: rule, row: Row{Rule: name}, variants: variants()}, func(c combination) {
			if e := known(name, c.row.Pathway, c.row.Granularity); err == nil {
				err = e
			}
			list = append(list, c)
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Combined checks every rule inside every combinator, those that have one of the names on either side if
// some are named. A combinator is a rule with a rule among its settings, under the key of. Every one stands
// around every registered rule with the settings that it is registered with, with every pathway
// and granularity: what it refuses is a row that says why, and what to do instead.
//
// A row has one of the settings of Episodes, one after the other with the rows, so that each occurs
// with each combinator, rule, pathway and granularity, and few elements of each array, unless Options.All
// is set. Errors are those of Rows. Cost: some hundredths of a second for each row on one core.
func Combined(ctx context.Context, names []string, opts Options) ([]Row, error) {
	list, err := combined(names, opts)
	if err != nil {
		return nil, err
	}
	return rowsOf(ctx, list, opts)
}

// thinned is how many elements of each array are looked at where a row is one of many.
const thinned = 2

// combined are the combinations of Combined.
func combined(names []string, opts Options) (list []combination, err error) {
	o, err := opts.defaults()
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, name := range names {
		if _, err := rules.LookupRule(name); err != nil {
			return nil, err
		}
		named[name] = true
	}
	all := variants()
	for _, outer := range rules.Rules() {
		if !nests(outer) {
			continue
		}
		for _, inner := range rules.Rules() {
			row := Row{Rule: inner.Info().Name, Combinator: outer.Info().Name}
			if len(names) > 0 && !named[row.Rule] && !named[row.Combinator] {
				continue
			}
			rule := around(outer, inner)
			if err := settings.Validate("rule", rule); err != nil {
				row.Refused = err.Error()
				list = append(list, combination{rule: rule, row: row})
				continue
			}
			o.each(combination{rule: rule, row: row}, func(c combination) {
				if e := known(row.Rule, c.row.Pathway, c.row.Granularity); err == nil {
					err = e
				}
				c.number = len(list)
				c.variants, c.elements = all, o.Elements
				if !o.All {
					// With a number that has no factor in common with those of pathways and granularities,
					// each of these meets each of the settings.
					c.variants, c.elements = all[c.number%len(all):][:1], thinned
					if o.Elements > 0 {
						c.elements = min(thinned, o.Elements)
					}
				}
				list = append(list, c)
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// inside is the key of the setting that is a rule.
const inside = "of"

var ruleType = reflect.TypeFor[rules.Rule]()

// slot is the field for the rule inside of one, -1 if it has none.
func slot(t reflect.Type) int {
	if t.Kind() != reflect.Struct {
		return -1
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.Type == ruleType && f.Tag.Get("yaml") == inside {
			return i
		}
	}
	return -1
}

func nests(r rules.Rule) bool { return slot(reflect.TypeOf(r)) >= 0 }

// around is a combinator with another rule inside.
func around(outer, inner rules.Rule) rules.Rule {
	v := reflect.New(reflect.TypeOf(outer)).Elem()
	v.Set(reflect.ValueOf(outer))
	v.Field(slot(v.Type())).Set(reflect.ValueOf(inner))
	return v.Interface().(rules.Rule)
}

// rowsOf checks combinations side by side and reports them in their order.
func rowsOf(ctx context.Context, list []combination, opts Options) ([]Row, error) {
	o, err := opts.defaults()
	if err != nil {
		return nil, err
	}
	rows, done := make([]Row, len(list)), make([]chan struct{}, len(list))
	for i := range done {
		done[i] = make(chan struct{})
	}
	next := make(chan int)
	ctx, stop := context.WithCancelCause(ctx)
	var group sync.WaitGroup
	for range min(o.Workers, len(list)) {
		group.Go(func() {
			for i := range next {
				rows[i], _ = list[i].check(opts) // the row has the error
				close(done[i])
			}
		})
	}
	group.Go(func() {
		defer close(next)
		for i := range list {
			select {
			case next <- i:
			case <-ctx.Done():
				return
			}
		}
	})
	defer group.Wait()
	defer stop(nil)
	for i := range list {
		if ctx.Err() != nil {
			return rows[:i], context.Cause(ctx)
		}
		select {
		case <-done[i]:
		case <-ctx.Done():
			return rows[:i], context.Cause(ctx)
		}
		if o.Each != nil {
			o.Each(rows[i])
		}
	}
	return rows, nil
}

// Combinations is how many rows Rows and Combined give together, and how many of these have nothing to
// check.
func Combinations(names []string, opts Options) (rows, refused int, err error) {
	list, err := plain(names, opts)
	if err != nil {
		return 0, 0, err
	}
	more, err := combined(names, opts)
	if err != nil {
		return 0, 0, err
	}
	list = append(list, more...)
	for _, c := range list {
		p, _ := rules.LookupPathway(c.row.Pathway)
		if c.row.Refused != "" || !rules.SendsFeedback(p) && rules.NeedsFeedback(c.rule) {
			refused++
		}
	}
	return len(list), refused, nil
}

// Workers is how many rows are best checked side by side: one for each processor.
func Workers() int { return runtime.GOMAXPROCS(0) }
