package rulestest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/data/stream"
	"metaplast/data/suggest"
	"metaplast/graph"
	"metaplast/rules"
)

// Row is the check of all meta-gradients of one combination.
type Row struct {
	Rule        string  `json:"rule"`
	Combinator  string  `json:"combinator,omitempty"` // the rule around it, empty if there is none
	Pathway     string  `json:"pathway"`
	Granularity string  `json:"granularity"`
	WorstError  float64 `json:"worst_error"` // relative to the largest derivative in its array; MaxFloat64 for what is not finite
	Place       string  `json:"place"`       // of the worst error: element and settings
	Passed      bool    `json:"passed"`
	Elements    int     `json:"elements"`          // derivatives compared
	Error       string  `json:"error,omitempty"`   // why it failed
	Refused     string  `json:"refused,omitempty"` // why there is nothing to check, and what to do instead: as pathway none, and a rule that needs feedback
}

// Failed reports whether something is wrong: a row that has neither passed nor been refused.
func (r Row) Failed() bool { return !r.Passed && r.Refused == "" }

// what names the rule of a row.
func (r Row) what() string {
	if r.Combinator == "" {
		return r.Rule
	}
	return r.Combinator + " of " + r.Rule
}

// Rows checks the named rules with every pathway and granularity; if none is named, all but rules of rules, which
// Combined has, and these too with Options.All. It
// returns an error for an unknown name, before it checks anything, and for a context that
// is done, with the rows so far. A check that cannot run is a row that has failed. Cost:
// about a tenth of a second for each row on one core.
func Rows(ctx context.Context, names []string, opts Options) ([]Row, error) {
	list, err := plain(names, opts)
	if err != nil {
		return nil, err
	}
	return rowsOf(ctx, list, opts)
}

func known(rule, pathway, granularity string) error {
	if _, err := rules.LookupRule(rule); err != nil {
		return err
	}
	if _, err := rules.LookupPathway(pathway); err != nil {
		return err
	}
	return suggest.Unknown("granularity", granularity, graph.Granularities())
}

// Episodes builds small whole episodes of a registered rule, a pathway and a granularity of
// plasticity by graph.Unroll, in float64, and compares every meta-gradient with central
// differences.
//
//	network  3-5-4-2, or two channels of kernels 2×2 on 1×3×4 and 4-2 on them, Steps inner steps of 3 examples, 4 query examples
//	settings mse and cross-entropy, each with signal target, error and gradient; clamped or
//	         not, gated or not, layers and feedback of every activation, sum and mean,
//	         plastic biases, a frozen layer, a plastic convolution; parameters of the rule once in the
//	         network, in a layer and in a neuron, with a penalty; a loss over the stream; the
//	         readout by distance, and by the rule where that is a rules.Reader
//	learned  everything: W, b, B, c, α, β as far as the settings have them, the rule's parameters, those of
//	         its variables that can be learned, and the modulator's parameters
//	third    the modulator of a rule that has one is another with each of the settings
//
// It returns an error if that cannot be done, with a row that has failed and says so. A
// derivative that is wrong is a row that has failed. A rule that needs feedback, as
// rules.ErrNoFeedback says, is refused with pathway none.
func Episodes(rule, pathway, granularity string, opts Options) (row Row, err error) {
	row = Row{Rule: rule, Pathway: pathway, Granularity: granularity}
	value, err := rules.LookupRule(rule)
	if err == nil {
		err = known(rule, pathway, granularity)
	}
	if err != nil {
		row.Error = cannotRun + err.Error()
		return row, err
	}
	return combination{rule: value, row: row, variants: variants()}.check(opts)
}

const (
	cannotRun = "cannot run: "
	checked   = "checked" // the learner's name
)

// check compares all meta-gradients of a combination.
func (c combination) check(opts Options) (row Row, err error) {
	row = c.row
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
		row.WorstError = min(row.WorstError, math.MaxFloat64)
		if err != nil {
			row.Passed, row.Error = false, cannotRun+err.Error()
		}
	}()
	if row.Refused != "" {
		return row, nil
	}
	o, err := opts.defaults()
	if err != nil {
		return row, err
	}
	if c.elements > 0 {
		o.Elements = c.elements
	}
	row.Passed = true
	for i, v := range c.variants {
		learner := v.learner(c.rule, row.Pathway, row.Granularity)
		if rules.Sees(c.rule).Modulator {
			m := c.modulator
			if m == nil {
				all := rules.Modulators()
				if len(all) == 0 {
					return row, fmt.Errorf("rule %s has a third factor, and no modulator is registered", c.rule.Info().Name)
				}
				m = all[(c.number+i)%len(all)]
			}
			learner.UseModulator(m)
		}
		r, err := o.decide(func(o Options) (result, error) { return o.episode(v, learner) })
		if sender, _ := rules.LookupPathway(row.Pathway); errors.Is(err, rules.ErrNoFeedback) && sender != nil && !rules.SendsFeedback(sender) {
			row.Passed, row.Refused = false, strings.TrimPrefix(err.Error(), "learners."+checked+".")
			return row, nil
		}
		if err != nil {
			return row, fmt.Errorf("%s: %w", v.name, err)
		}
		row.Elements += r.elements
		passed := len(r.failed) == 0
		// A failure is worse than anything that passes.
		if row.Passed && !passed || row.Passed == passed && (row.Place == "" || r.worst > row.WorstError) {
			row.WorstError, row.Place = r.worst, r.place+", "+v.name
		}
		if row.Passed && !passed {
			row.Passed, row.Error = false, fmt.Sprintf("%s, %s: %s", r.places[0], v.name, r.failed[0])
		}
	}
	return row, nil
}

// The sizes of an episode. They differ, so that no two dimensions can be mistaken for each
// other.
const (
	episodeBatch = 3
	episodeQuery = 4
	episodeOut   = 2
)

// episodeNetwork is the network of a variant.
func episodeNetwork(v variant) graph.Network {
	n := graph.MLP(3, []int{5, 4}, episodeOut, v.frozen, v.loss)
	if v.conv {
		n = graph.MLP(1, []int{4}, episodeOut, 0, v.loss)
		n.Input = []int{1, 3, 4}
		n.Layers = append([]graph.Layer{{Kind: graph.ConvLayer, Out: 2, Activation: graph.Relu, Plastic: true, Kernel: 2, Stride: 1}}, n.Layers...)
	}
	for l, a := range v.phi {
		n.Layers[l].Activation = string(a)
	}
	return n
}

func (o Options) episode(v variant, learner graph.Learner) (result, error) {
	cfg := graph.Config{
		Network:  episodeNetwork(v),
		Learners: []graph.NamedLearner{{Name: checked, Learner: learner}},
		Steps:    o.Steps, Batch: episodeBatch, Query: episodeQuery, Dtype: tensor.Float64,
		Reward: true, Objective: v.objective,
	}
	full, err := graph.Unroll(cfg)
	if err != nil {
		return result{}, err
	}
	defer full.Close()
	cfg.Forward = true
	forward, err := graph.Unroll(cfg)
	if err != nil {
		return result{}, err
	}
	defer forward.Close()

	layout := full.Layout(0)
	theta := o.parameters(layout)
	exact := make([]float64, len(theta))
	for _, u := range []*graph.Unrolled{full, forward} {
		if err := o.bind(u, cfg.Network); err != nil {
			return result{}, err
		}
		if err := u.SetParams(0, theta); err != nil {
			return result{}, err
		}
		if err := u.Run(); err != nil {
			return result{}, err
		}
	}
	if full.Loss(0) != forward.Loss(0) {
		return result{}, fmt.Errorf("loss is %v with meta-gradients in the graph and %v without", full.Loss(0), forward.Loss(0))
	}
	full.Gradient(0, exact) // what is not finite fails the comparison
	var probes []probe
	for _, p := range layout {
		if p.Learned {
			probes = append(probes, probe{array{name: p.Name, shape: p.Shape, data: p.Of(theta)}, p.Of(exact)})
		}
	}
	r, err := o.gradients(func() (float64, error) {
		if err := forward.SetParams(0, theta); err != nil {
			return 0, err
		}
		err := forward.Run()
		return forward.Loss(0), err
	}, probes)
	if err == nil && !r.nonzero {
		err = fmt.Errorf("every derivative is zero: the check shows nothing")
	}
	return r, err
}

// parameters are the initial ones with all symmetry broken: what starts at a constant gets
// a value of its own for each element. Plasticity is small enough for no episode to
// diverge, where differences would be nothing but rounding.
func (o Options) parameters(layout graph.Layout) []float64 {
	theta := layout.Init(o.Seed + uint64(o.draw))
	for _, p := range layout {
		spread := map[string]float64{graph.Weights: 0.2, graph.Feedback: 0.2, graph.Plasticity: 0.02, graph.Strength: 0.1, graph.RuleOwn: 0.05}[p.Group]
		for i, x := range o.values("episode/"+p.Name, p.Size) {
			if p.Group == graph.Weights {
				p.Of(theta)[i] *= 0.7
			}
			p.Of(theta)[i] += spread * x
		}
	}
	return theta
}

// bind draws an episode: normal inputs, and normal targets or one-hot ones.
func (o Options) bind(u *graph.Unrolled, n graph.Network) error {
	draw := func(name string, classes bool, shape ...int) []float64 {
		size := tensor.Shape(shape).TotalSize()
		data := o.values("episode/"+name, size)
		if classes {
			r := stream.New(o.Seed, "rulestest/episode/classes/"+name, 0, uint64(o.draw))
			clear(data)
			for i := 0; i < size; i += episodeOut {
				data[i+r.IntN(episodeOut)] = 1
			}
		}
		return data
	}
	classes := n.Loss == objective.CrossEntropy
	if err := u.BindReward(draw("reward", false, o.Steps, episodeBatch)); err != nil {
		return err
	}
	return u.Bind(
		draw("x_support", false, append([]int{o.Steps, episodeBatch}, n.Input...)...), draw("y_support", classes, o.Steps, episodeBatch, episodeOut),
		draw("x_query", false, append([]int{episodeQuery}, n.Input...)...), draw("y_query", classes, episodeQuery, episodeOut))
}
