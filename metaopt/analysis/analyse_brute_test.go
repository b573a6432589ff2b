package analysis

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"metaplast/data"
	"metaplast/metaopt/evaluate"
)

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
