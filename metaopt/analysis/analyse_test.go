package analysis

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"metaplast/data"
	"metaplast/data/glyphs"
	"metaplast/data/objective"
	"metaplast/data/stream"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
)

// setting is a small task with a network for it.
type setting struct {
	sampler data.Sampler
	network graph.Network
}

func settings(t *testing.T) map[string]setting {
	t.Helper()
	bank, err := glyphs.Load(context.Background(), glyphs.Config{Size: 14})
	if err != nil {
		t.Fatal(err)
	}
	classes := data.Classification{Bank: bank, Ways: 3, Shots: 4, Batch: 2, Query: 3, Order: data.Continual}
	image := graph.MLP(1, []int{4}, 3, 0, objective.CrossEntropy)
	image.Input = []int{1, 14, 14}
	return map[string]setting{
		"sine":           {data.Sine{Functions: 3, Steps: 4, Batch: 2, Query: 4, Order: data.Continual}, graph.MLP(4, []int{7, 5}, 1, 0, objective.MSE)},
		"classification": {classes, image},
	}
}

// subject is a learner with all symmetry broken and an α that matters.
func subject(t *testing.T, preset string, n graph.Network) evaluate.Subject {
	t.Helper()
	s := learner(t, preset, n)
	l := &s.Graph.Learners[0].Learner
	l.FeedbackActivation = graph.Linear
	if l.Signal != "gradient" {
		l.Examples = graph.MeanExamples
	}
	layout, err := graph.NewLayout(n, *l)
	if err != nil {
		t.Fatal(err)
	}
	s.Theta = layout.Init(11)
	r := stream.New(1, "test/analysis", 0, 0)
	for _, p := range layout {
		spread := map[string]float64{graph.Weights: 0.05, graph.Feedback: 0.3, graph.Plasticity: 0.01, graph.Strength: 0.1}[p.Group]
		for i := range p.Size {
			p.Of(s.Theta)[i] += spread * r.NormFloat64()
		}
	}
	return s
}

func analyse(t *testing.T, sampler data.Sampler, o Options, s ...evaluate.Subject) []Analysis {
	t.Helper()
	a, err := Analyse(context.Background(), s, sampler, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// TestAnalyseAgainstBruteForce compares one episode's numbers with those of a network written
// by hand, gradients being central differences, for a local learner and gradient descent, on
// regression and classification.
func TestAnalyseAgainstBruteForce(t *testing.T) {
	for name, c := range settings(t) {
		for _, preset := range []string{"flp", "oml"} {
			t.Run(name+"/"+preset, func(t *testing.T) {
				s := subject(t, preset, c.network)
				a := analyse(t, c.sampler, Options{Episodes: 1, Seed: 4, Points: 3}, s)[0]
				if a.Diverged != 0 {
					t.Fatal("diverged")
				}
				bruteForce(t, s, c.sampler, a)
			})
		}
	}
}

func bruteForce(t *testing.T, s evaluate.Subject, sampler data.Sampler, a Analysis) {
	ep, err := sampler.Sample(4, data.HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	spec := sampler.Spec()
	r := newBrute(s)
	x, y := ep.SupportX.Data().([]float64), ep.SupportY.Data().([]float64)
	rows := func(of []int, x []float64, width int) []float64 { // of some examples
		var v []float64
		for _, i := range of {
			v = append(v, x[i*width:(i+1)*width]...)
		}
		return v
	}
	nx, ny := r.sizes[0], spec.Outputs
	task := func(tasks []int, k int) []int {
		var of []int
		for i, v := range tasks {
			if v == k {
				of = append(of, i)
			}
		}
		return of
	}
	query := func() (losses, accuracies []float64) {
		for k := range a.Tasks {
			of := task(ep.QueryTask, k)
			qx, qy := rows(of, ep.QueryX.Data().([]float64), nx), rows(of, ep.QueryY.Data().([]float64), ny)
			losses, accuracies = append(losses, r.mean(qx, qy)), append(accuracies, r.accuracy(qx, qy))
		}
		return
	}
	block := len(ep.SupportTask) / a.Tasks / spec.Batch // inner steps of a task
	results := func(k int) {
		losses, accuracies := query()
		wantLoss, wantRight := a.Before, a.AccuracyBefore
		if k >= 0 {
			wantLoss = a.Retention[k]
			if a.Accuracy != nil {
				wantRight = a.Accuracy[k]
			}
		}
		for j := range losses {
			near(t, "query loss", wantLoss[j], losses[j], 1e-10)
			if a.Accuracy != nil {
				near(t, "accuracy", wantRight[j], accuracies[j], 0)
			}
		}
	}
	results(-1)
	points, ranks := 0, 0.0
	for step := range spec.Steps + 1 {
		if step > 0 && step%block == 0 {
			results(step/block - 1)
		}
		if points < len(a.Points) && a.Points[points].Step == step {
			brutePoint(t, r, a, a.Points[points], func(k, p int) ([]float64, []float64) {
				of := task(ep.SupportTask, k)[p*spec.Batch : (p+1)*spec.Batch]
				return rows(of, x, nx), rows(of, y, ny)
			})
			points++
		}
		if step == spec.Steps {
			break
		}
		bx, by := x[step*spec.Batch*nx:(step+1)*spec.Batch*nx], y[step*spec.Batch*ny:(step+1)*spec.Batch*ny]
		g, u := r.gradient(bx, by), r.update(bx, by)
		near(t, "loss of the step", a.StepLoss[step], r.mean(bx, by), 1e-10)
		near(t, "cosine of the network", a.NetCosine[step], -inner(u, g)/math.Sqrt(inner(u, u)*inner(g, g)), 1e-6)
		near(t, "norm ratio", a.NetNormRatio[step], math.Sqrt(inner(u, u)/inner(g, g)), 1e-6)
		from := 0
		for l := range r.w {
			to := from + len(r.w[l])
			if r.l.PlasticBias {
				to += len(r.b[l])
			}
			near(t, "cosine of a layer", a.Cosine[l][step], -inner(u[from:to], g[from:to])/math.Sqrt(inner(u[from:to], u[from:to])*inner(g[from:to], g[from:to])), 1e-6)
			near(t, "norm ratio of a layer", a.NormRatio[l][step], math.Sqrt(inner(u[from:to], u[from:to])/inner(g[from:to], g[from:to])), 1e-6)
			near(t, "effective rank of ΔW", a.Rank[l][step], effectiveRank(t, r.sizes[l+1], r.sizes[l], u[from:from+len(r.w[l])]), 1e-5)
			of, other := a.Rank[l][step], effectiveRank(t, r.sizes[l+1], r.sizes[l], g[from:from+len(r.w[l])])
			ranks = math.Max(ranks, math.Abs(of-other))
			from = to
		}
		r.move(u, 1)
	}
	if points != 3 {
		t.Errorf("%d points of 3 met", points)
	}
	if s.Name == "flp" && ranks < 0.1 {
		t.Errorf("effective ranks of ΔW and ∇W differ by %g at most: the test does not tell them apart", ranks)
	}
}

// effectiveRank is exp of the entropy of the singular values of a matrix [rows,cols].
func effectiveRank(t *testing.T, rows, cols int, m []float64) float64 {
	t.Helper()
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(rows, cols, append([]float64(nil), m...)), mat.SVDNone) {
		t.Fatal("no singular values")
	}
	values := svd.Values(nil)
	sum, entropy := 0.0, 0.0
	for _, v := range values {
		sum += v
	}
	for _, v := range values {
		if v > 0 {
			entropy -= v / sum * math.Log(v/sum)
		}
	}
	return math.Exp(entropy)
}

func inner(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// brutePoint goes through all pairs of batches, moving the network there and back.
func brutePoint(t *testing.T, r *brute, a Analysis, p Point, batch func(k, p int) ([]float64, []float64)) {
	const each = 2
	updates, gradients := make([][each][]float64, a.Tasks), make([][each][]float64, a.Tasks)
	for k := range a.Tasks {
		for b := range each {
			x, y := batch(k, b)
			updates[k][b], gradients[k][b] = r.update(x, y), r.gradient(x, y)
		}
	}
	var harmful, first, pairs float64
	for i := range a.Tasks {
		for j := range a.Tasks {
			var exact, order1, overlap, alignment, n float64
			for bi := range each {
				for bj := range each {
					if i == j && bi == bj {
						continue
					}
					xj, yj := batch(j, bj)
					u, v, g := updates[i][bi], updates[j][bj], gradients[j][bj]
					before := r.mean(xj, yj)
					r.move(u, 1)
					change := r.mean(xj, yj) - before
					r.move(u, -1)
					const h = 1e-5 // the directional derivative, apart from the gradient
					r.move(u, h)
					up := r.mean(xj, yj)
					r.move(u, -2*h)
					slope := (up - r.mean(xj, yj)) / (2 * h)
					r.move(u, h)
					exact, order1, n = exact+change, order1+slope, n+1
					overlap += inner(u, v) / math.Sqrt(inner(u, u)*inner(v, v))
					alignment -= inner(u, g) / math.Sqrt(inner(u, u)*inner(g, g))
					if i != j {
						pairs++
						if change > 0 {
							harmful++
						}
						if slope > 0 {
							first++
						}
					}
				}
			}
			near(t, "interference", p.Interference[i][j], exact/n, 1e-7)
			near(t, "first order", p.FirstOrder[i][j], order1/n, 1e-6)
			near(t, "overlap", p.Overlap[i][j], overlap/n, 1e-6)
			near(t, "alignment", p.Alignment[i][j], alignment/n, 1e-6)
		}
	}
	near(t, "share of harmful pairs", float64(p.Harmful), harmful/pairs, 0)
	near(t, "and to first order", float64(p.HarmfulFirst), first/pairs, 0)
	next, mean, n := 0, 0.0, 0.0
	for a.BlockSteps[next] <= p.Step && next < a.Tasks-1 {
		next++
	}
	for j := range next {
		mean, n = mean+p.Interference[next][j], n+1
	}
	if p.Step == a.InnerSteps {
		mean = math.NaN()
	}
	near(t, "harm of the next task to those learned", float64(p.Past), mean/n, 1e-12)
}

// TestAnalyseOfDescent shows the known values: for gradient descent every cosine is 1, the norm
// ratio is the rate, updates overlap as gradients do (MER's alignment), and interference of
// first order is −η ∇L_i·∇L_j, symmetric, of the sign of −cos.
func TestAnalyseOfDescent(t *testing.T) {
	for name, c := range settings(t) {
		t.Run(name, func(t *testing.T) {
			s := subject(t, "oml", c.network)
			a := analyse(t, c.sampler, Options{Episodes: 3}, s)[0]
			for step := range a.Steps {
				near(t, "cosine", a.NetCosine[step], 1, 1e-12)
				near(t, "norm ratio", a.NetNormRatio[step], 0.01, 1e-10)
				for l := range a.Layers {
					near(t, "cosine of a layer", a.Cosine[l][step], 1, 1e-12)
					near(t, "norm ratio of a layer", a.NormRatio[l][step], 0.01, 1e-10)
					if !math.IsNaN(a.Angle[l][step]) {
						t.Error("an angle of feedback weights that do not exist")
					}
				}
			}
			if len(a.Points) != 4 {
				t.Fatalf("%d points: want W(0) and three ends of tasks", len(a.Points))
			}
			for _, p := range a.Points {
				for i := range a.Tasks {
					for j := range a.Tasks {
						near(t, "overlap is alignment", p.Overlap[i][j], p.Alignment[i][j], 1e-12)
						near(t, "symmetry", p.FirstOrder[i][j], p.FirstOrder[j][i], 1e-12)
					}
				}
				if p.Own >= 0 {
					t.Errorf("its own loss changes by %v: want it lower", p.Own)
				}
			}
		})
	}
}

// TestAnalyseSameBytes asks for the same document from any number of workers.
func TestAnalyseSameBytes(t *testing.T) {
	for name, c := range settings(t) {
		var want []byte
		for _, workers := range []int{0, 1, 2, 3, 9} {
			a := analyse(t, c.sampler, Options{Episodes: 5, Workers: workers, Seed: 2}, subject(t, "flp", c.network), subject(t, "fa", c.network))
			text, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = text
			}
			if !bytes.Equal(text, want) {
				t.Errorf("%s: another document from %d workers", name, workers)
			}
			var back []Analysis
			if err := json.Unmarshal(text, &back); err != nil {
				t.Fatal(err)
			}
			if again, err := json.Marshal(back); err != nil || !bytes.Equal(again, text) {
				t.Errorf("%s: another document after reading and writing, %v", name, err)
			}
		}
	}
}

// TestAnalyseIsAMean checks that numbers are means over episodes.
func TestAnalyseIsAMean(t *testing.T) {
	c := settings(t)["sine"]
	s := subject(t, "flp", c.network)
	all := analyse(t, c.sampler, Options{Episodes: 3}, s)[0]
	if len(all.ByEpisode) != 3 {
		t.Fatalf("%d episodes", len(all.ByEpisode))
	}
	var loss, cosine, harmful float64
	for _, e := range all.ByEpisode {
		loss += float64(e.Loss) / 3
		cosine += float64(e.Cosine) / 3
		harmful += float64(e.Harmful) / 3
	}
	mean := func(v []float64) float64 { return defined(len(v), func(i int) float64 { return v[i] }) }
	near(t, "loss", mean(all.Retention[all.Tasks-1]), loss, 1e-13)
	near(t, "loss as AverageFinal", float64(all.AverageFinal), loss, 1e-13)
	near(t, "cosine", mean(all.NetCosine), cosine, 1e-13)
	sum := 0.0
	for _, p := range all.Points {
		sum += float64(p.Harmful) / float64(len(all.Points))
	}
	near(t, "harmful", sum, harmful, 1e-13)
}

// exploding makes the targets of one episode so large that squares overflow.
type exploding struct {
	data.Sampler
	episode uint64
}

func (s exploding) Sample(seed uint64, split data.Split, step, episode uint64) (data.Episode, error) {
	ep, err := s.Sampler.Sample(seed, split, step, episode)
	if err == nil && episode == s.episode {
		y := ep.SupportY.Data().([]float64)
		for i := range y {
			y[i] *= 1e200
		}
	}
	return ep, err
}

// TestAnalyseDiverged counts an episode that explodes and leaves it out: what is left is the
// mean of the others.
func TestAnalyseDiverged(t *testing.T) {
	c := settings(t)["sine"]
	s := subject(t, "oml", c.network)
	a := analyse(t, exploding{c.sampler, 2}, Options{Episodes: 3}, s)[0]
	two := analyse(t, c.sampler, Options{Episodes: 2}, s)[0]
	if a.Diverged != 1 || !a.ByEpisode[2].Diverged || a.ByEpisode[1].Diverged || !math.IsNaN(float64(a.ByEpisode[2].Loss)) {
		t.Errorf("%d diverged, by episode %+v", a.Diverged, a.ByEpisode)
	}
	a.Episodes, a.Diverged, a.ByEpisode = 2, 0, a.ByEpisode[:2]
	have, err1 := json.Marshal(a)
	want, err2 := json.Marshal(two)
	if err1 != nil || err2 != nil || !bytes.Equal(have, want) {
		t.Error("the mean without the diverged episode is not that of the others")
	}

	// All of them: everything has its shape and is NaN.
	a = analyse(t, exploding{c.sampler, 0}, Options{Episodes: 1}, s)[0]
	if a.Diverged != 1 || len(a.Cosine) != 3 || len(a.Cosine[0]) != a.InnerSteps || !math.IsNaN(a.Cosine[0][0]) ||
		len(a.Points) != len(two.Points) || !math.IsNaN(a.Points[0].Interference[2][1]) || !math.IsNaN(float64(a.Forgetting)) {
		t.Errorf("all diverged: %+v", a)
	}
	if _, err := json.Marshal(a); err != nil {
		t.Error(err)
	}
}
