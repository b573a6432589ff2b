package rules

import (
	"math"

	G "gorgonia.org/gorgonia"

	"metaplast/data/fault"
	"metaplast/data/suggest"
	"metaplast/graph/op"
)

// Gaussian keeps the mean and the variance of what a unit is shown: the row of the class that an example is
// of learns, by Welford's running form, one example at a time or several, with nothing stored.
//
//	n' = n + Σ_n p                                             [out]
//	Δ  = Σ_n p (h − W) / n'                                    [out,in]
//	s' = s + ½ (Σ_n p (h − x̄)² + (n m / n') (x̄ − W)²)          [out,in]
//
//	m  [out]     Σ_n p;  x̄ = Σ_n p h / m  [out,in], the mean of the step's examples
//	h  [N,in]    presynaptic activity
//	p  [N,out]   weight of an example for a row: one-hot with signal target and a clamped output; below 0 it counts as 0
//	W  [out,in]  mean of the row's examples so far, μ
//	n  [out]     how many there were, from prior on
//	s  [out,in]  half the sum of their squared distances from the mean
//
// For one example of a row it is δ = h − W, W ← W + δ/n', s ← s + δ (h − W')/2. Several at once give what one
// after the other does, in any order (Chan, Golub & LeVeque's pairwise form), up to rounding. With n = 0, the
// first example replaces W(0) altogether; prior lets W(0) count as so many examples.
//
// These are means and variances with α κ = 1 and the sum over examples: plasticity: none, inner_lr: 1,
// examples: sum, as in the learner of the preset gaussian. With another α the weights go that part of the way, which
// composes with other rules but is no mean. A row that has been given less than 10⁻⁶ of an example in all
// changes less than that.
//
// As rule of the output layer with readout: rule the answers are class posteriors. The precision of each
// synapse has a gamma prior of shape a = 1 + e^(log_alpha), rate β = e^(log_beta), so that afterwards it has
// a' = a + (n − prior)/2 and b' = β + s [out,in], and for an example x
//
//	map          ŷ_i = −Σ_j [(x_j − W_ij)² / (2 v_ij) + ½ log v_ij],   v = b'/(a' − 1)
//	predictive   ŷ_i = Σ_j [log Γ(a'_i + ½) − log Γ(a'_i) + a'_i log b'_ij − (a'_i + ½) log(b'_ij + ½ (x_j − W_ij)²)]
//
// the second being Student's distribution without the constants that all classes share.
//
// Cost: 4·N·in·out FLOPs and some ten passes over W; for one example no products and five passes. A readout by map is three
// products of 2·M·in·out FLOPs, predictive one pass of op.Builder.LogDistance.
//
// Source: Welford, Technometrics 4 (1962) 419–420; Chan, Golub & LeVeque, The American Statistician 37 (1983)
// 242–247, eq. 1.5; Banayeeanzade et al., Generative vs. discriminative: rethinking the meta-continual learning,
// NeurIPS 2021 (GeMCL), for the posterior and both readouts. There all examples of a class are at hand at once.
type Gaussian struct {
	Readout string  `yaml:"readout" range:"map or predictive" about:"how answers are read with readout rule: by the most probable precisions 1/v, or by all of them"`
	Prior   float64 `yaml:"prior" range:"from 0" about:"how many examples W(0) counts as"`
	Alpha   float64 `yaml:"alpha" range:"above 1" about:"initial shape of the gamma prior of precisions"`
	Beta    float64 `yaml:"beta" range:"above 0" about:"initial rate of the gamma prior of precisions"`
}

// The readouts of Gaussian.
const (
	MAPReadout        = "map"
	PredictiveReadout = "predictive"
)

var (
	_ Stateful   = Gaussian{}
	_ Parametric = Gaussian{}
	_ Reader     = Gaussian{}
)

// DefaultGaussian has variances of 1 before there are examples.
func DefaultGaussian() Gaussian { return Gaussian{Readout: PredictiveReadout, Alpha: 2, Beta: 1} }

// Info describes the rule.
func (Gaussian) Info() Info {
	return Info{
		Name:    GaussianName,
		Summary: "running mean and variance of the examples of each class, with the class posterior as readout",
		Formula: "n' = n + Σ_n p,  Δ = Σ_n p (h − W) / n',  s' = s + ½ Σ_n p (h − W)(h − W')",
		Source:  "Welford, Technometrics 4 (1962) 419-420; Banayeeanzade et al., NeurIPS 2021 (GeMCL)",
	}
}

// Validate checks the settings.
func (r Gaussian) Validate() error {
	var f fault.Fields
	f.Add("readout", suggest.Unknown("readout", r.Readout, []string{MAPReadout, PredictiveReadout}))
	f.Check(isFinite(r.Prior) && r.Prior >= 0, "prior", r.Prior, "a finite number of at least 0")
	f.Check(isFinite(r.Alpha) && r.Alpha > 1, "alpha", r.Alpha, "a finite number above 1")
	f.Check(isFinite(r.Beta) && r.Beta > 0, "beta", r.Beta, "a finite number above 0")
	return f.Join()
}

// Params are those of the prior, which only the readout has use for.
func (r Gaussian) Params() []Param {
	return []Param{
		{Name: "log_alpha", Initial: math.Log(r.Alpha - 1), About: "log(a − 1), a the shape of the prior of precisions"},
		{Name: "log_beta", Initial: math.Log(r.Beta), About: "log β, β the rate of the prior of precisions"},
	}
}

// State is n and s.
func (r Gaussian) State() []Variable {
	return []Variable{
		{Name: "n", Per: PerPost, Initial: r.Prior, About: "examples of the row so far"},
		{Name: "s", Per: PerSynapse, About: "half the sum of squared distances from the mean"},
	}
}

// least is what a number of examples counts as at least where it divides, so that a row that has been shown nothing
// stays where it is.
const least = 1e-6

// Next returns Δ [out,in], n' and s'.
func (Gaussian) Next(b *op.Builder, s Synapses) (*G.Node, Values) {
	if !b.Usable(s.Pre, s.Post, s.W, s.State["n"], s.State["s"]) {
		return nil, nil
	}
	p, h, before := b.Relu(s.Post), s.Pre, s.State["n"]
	given := b.SumBias(p) // m [out]
	n := b.Add(before, given)
	// All is computed around the mean of the examples, not around 0 or W, whose distance from them has
	// nothing to do with their variance.
	centre := b.Scale(b.SumBias(h), -1/float64(h.Shape()[0])) // [in]
	gap := b.Scale(b.AddBias(s.W, centre), -1)                // mean of the row's examples − W, but for what they differ in
	var within *G.Node                                        // Σ p (h − their mean)²
	if h.Shape()[0] > 1 {
		x := b.AddBias(h, centre)
		own := b.RowScale(inverse(b, given), b.MatMul(p, x, op.T, op.N)) // mean of the row's examples − centre
		gap = b.Add(gap, own)
		within = b.Sub(b.MatMul(p, b.Mul(x, x), op.T, op.N), b.RowScale(given, b.Mul(own, own)))
	}
	rate := b.Mul(given, inverse(b, n))
	more := b.RowScale(b.Mul(before, rate), b.Mul(gap, gap))
	if within != nil {
		more = b.Add(more, within)
	}
	return b.RowScale(rate, gap), Values{"n": n, "s": b.AddScaled(s.State["s"], more, 0.5)}
}

// inverse is 1/x, of nothing less than least.
func inverse(b *op.Builder, x *G.Node) *G.Node {
	if !b.Usable(x) {
		return nil
	}
	return b.Div(b.OnesLike(x), b.Clamp(x, least, math.Inf(1)))
}

// Delta returns Δ [out,in].
func (r Gaussian) Delta(b *op.Builder, s Synapses) *G.Node {
	delta, _ := r.Next(b, s)
	return delta
}

// Read returns the logarithm of what the class posterior is proportional to, [M,out].
func (r Gaussian) Read(b *op.Builder, h *G.Node, s Synapses) *G.Node {
	if !b.Usable(h, s.W, s.State["n"], s.State["s"], s.Params["log_alpha"], s.Params["log_beta"]) {
		return nil
	}
	w, n := s.W, s.State["n"]
	out := w.Shape()[0]
	// a' − 1 [out], b' [out,in]
	shape := b.AddScaled(Times(b, b.Ones(w, out), b.Exp(s.Params["log_alpha"])), b.AddScaled(n, b.OnesLike(n), -r.Prior), 0.5)
	rate := b.Add(s.State["s"], Times(b, b.OnesLike(w), b.Exp(s.Params["log_beta"])))
	if r.Readout == MAPReadout {
		return readMAP(b, h, w, shape, rate)
	}
	return readPredictive(b, h, w, b.Add(shape, b.OnesLike(shape)), rate)
}

// readMAP is by precisions shape/rate, of which shape is [out].
func readMAP(b *op.Builder, h, w, shape, rate *G.Node) *G.Node {
	if !b.Usable(h, w, shape, rate) {
		return nil
	}
	// Distances are taken around the mean of the rows, so that large terms do not cancel.
	centre := b.Scale(b.SumBias(w), -1/float64(w.Shape()[0]))
	h, w = b.AddBias(h, centre), b.AddBias(w, centre)
	precision := b.RowScale(shape, b.Div(b.OnesLike(rate), rate))
	pulled := b.Mul(precision, w)
	z := b.AddMatMul(b.MatMul(h, pulled, op.N, op.T), b.Mul(h, h), precision, op.N, op.T, -0.5)
	own := b.AddScaled(b.RowSum(b.Log(precision)), b.RowDot(pulled, w), -1) // Σ_j log 1/v − W²/v
	return b.AddBias(z, b.Scale(own, 0.5))
}

// readPredictive is Student's, shape [out].
func readPredictive(b *op.Builder, h, w, shape, rate *G.Node) *G.Node {
	if !b.Usable(h, w, shape, rate) {
		return nil
	}
	half := b.AddScaled(shape, b.OnesLike(shape), 0.5)
	own := b.Scale(b.Sub(b.LogGamma(half), b.LogGamma(shape)), float64(w.Shape()[1]))
	own = b.Add(own, b.Mul(shape, b.RowSum(b.Log(rate)))) // [out]
	far := b.LogDistance(h, w, rate)
	return b.AddBias(b.Scale(b.ColScale(far, half), -1), own)
}
