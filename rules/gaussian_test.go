package rules_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/data/stream"
	"metaplast/graph/op"
	"metaplast/rules"
	"metaplast/rules/rulestest"
)

func TestGaussianCheck(t *testing.T) {
	for _, r := range []rules.Gaussian{rules.DefaultGaussian(), {Readout: rules.MAPReadout, Prior: 2, Alpha: 3, Beta: 0.5}} {
		rulestest.Check(t, r, rulestest.Options{})
	}
}

// taught is what is known after a stream of steps: W, n and s.
type taught struct {
	w, s matrix
	n    []float64
}

// teach shows examples x of classes y to a layer, so many at a time, one graph for each step.
func teach(t *testing.T, r rules.Gaussian, w matrix, x matrix, y []int, batch int) taught {
	t.Helper()
	now := taught{w: w, s: zeros(len(w), len(w[0])), n: slices.Repeat([]float64{r.Prior}, len(w))}
	for at := 0; at < len(x); at += batch {
		b := newBench(t)
		p := zeros(batch, len(w))
		for k := range p {
			p[k][y[at+k]] = 1
		}
		s := rules.Synapses{Pre: b.matrix("h", x[at:at+batch]), Post: b.matrix("p", p), W: b.matrix("W", now.w),
			State: rules.Values{"n": b.vector("n", now.n), "s": b.matrix("s", now.s)}}
		after, next := rules.Apply(b.b, r, s, op.Plasticity{Scale: 1})
		if b.b.Err() != nil {
			t.Fatal(b.b.Err())
		}
		b.run(after, next["n"], next["s"])
		now = taught{valueOf(after), valueOf(next["s"]), slices.Clone(next["n"].Value().Data().([]float64))}
	}
	return now
}

func valueOf(n *G.Node) matrix {
	data := n.Value().Data().([]float64)
	return zeros(n.Shape()[0], n.Shape()[1]).each(func(i, j int) float64 { return data[i*n.Shape()[1]+j] })
}

// TestGaussianIsBatchMeanAndVariance compares what a stream has taught, one example or several at a time, in
// several orders, with means and sums of squares of each class's examples all at once, to 1e-12 relative
// to how far they are apart. The examples lie far from 0 and from W(0), which is where sums of
// squares lose digits.
func TestGaussianIsBatchMeanAndVariance(t *testing.T) {
	const classes, in, shots = 3, 4, 8
	w := normal("W(0)", classes, in).each(func(i, j int) float64 { return 20 * float64(i-j) })
	var x matrix
	var y []int
	draws := normal("x", classes*shots, in)
	for k, row := range draws {
		class := k % classes
		for j := range row {
			row[j] = 5 + 3*float64(class) + (0.5+float64(class))*row[j]
		}
		x, y = append(x, row), append(y, class)
	}
	for _, prior := range []float64{0, 2.5} {
		r := rules.DefaultGaussian()
		r.Prior = prior
		wantMean, wantHalf := zeros(classes, in), zeros(classes, in)
		for i := range classes {
			for j := range in {
				sum, n := prior*w[i][j], prior
				for k := range x {
					if y[k] == i {
						sum, n = sum+x[k][j], n+1
					}
				}
				mean := sum / n
				squares := prior * (w[i][j] - mean) * (w[i][j] - mean)
				for k := range x {
					if y[k] == i {
						squares += (x[k][j] - mean) * (x[k][j] - mean)
					}
				}
				wantMean[i][j], wantHalf[i][j] = mean, squares/2
			}
		}
		for order := range 4 {
			perm := stream.New(uint64(order), "test/gaussian/order", 0, 0).Perm(len(x))
			if order == 3 { // class after class
				slices.SortStableFunc(perm, func(a, b int) int { return y[a] - y[b] })
			}
			var xs matrix
			var ys []int
			for _, k := range perm {
				xs, ys = append(xs, x[k]), append(ys, y[k])
			}
			for _, batch := range []int{1, 4, len(x)} {
				have := teach(t, r, w, xs, ys, batch)
				name := fmt.Sprintf("prior %v, order %d, %d at a time", prior, order, batch)
				for i := range classes {
					if have.n[i] != prior+shots {
						t.Errorf("%s: n[%d] %v: want %v", name, i, have.n[i], prior+shots)
					}
					for j := range in {
						if d := math.Abs(have.w[i][j]-wantMean[i][j]) / math.Abs(wantMean[i][j]); !(d <= 1e-12) {
							t.Errorf("%s: mean[%d,%d] %.17g: want %.17g", name, i, j, have.w[i][j], wantMean[i][j])
						}
						if d := math.Abs(have.s[i][j]-wantHalf[i][j]) / wantHalf[i][j]; !(d <= 1e-12) {
							t.Errorf("%s: s[%d,%d] %.17g: want %.17g, error %.1e", name, i, j, have.s[i][j], wantHalf[i][j], d)
						}
					}
				}
			}
		}
	}
}

// TestGaussianFirst: the first example replaces W(0) bit for bit and leaves no variance; a class that is not
// taught stays where it is; what counts against a row is no example.
func TestGaussianFirst(t *testing.T) {
	w := normal("W(0)", 3, 4)
	x := normal("x", 1, 4)
	have := teach(t, rules.DefaultGaussian(), w, x, []int{1}, 1)
	for i := range w {
		for j := range w[i] {
			want := w[i][j]
			if i == 1 {
				want = x[0][j]
			}
			if math.Abs(have.w[i][j]-want) > 1e-15*math.Abs(want) || i != 1 && have.w[i][j] != want || have.s[i][j] != 0 {
				t.Errorf("[%d,%d]: mean %v, s %v: want %v and 0", i, j, have.w[i][j], have.s[i][j], want)
			}
		}
	}
	b := newBench(t)
	s := rules.Synapses{Pre: b.matrix("h", x), Post: b.matrix("p", matrix{{-0.5, -1, 0}}), W: b.matrix("W", w),
		State: rules.Values{"n": b.vector("n", make([]float64, 3)), "s": b.matrix("s", zeros(3, 4))}}
	delta, next := rules.DefaultGaussian().Next(b.b, s)
	b.run(delta, next["n"])
	b.equal("Δ", delta, zeros(3, 4))
	for i, n := range next["n"].Value().Data().([]float64) {
		if n != 0 {
			t.Errorf("n[%d] %v: want 0", i, n)
		}
	}
}

// TestGaussianReadouts compares answers with sums over synapses: the logarithm of a normal density by the most
// probable precision, and that of Student's distribution, each up to what all classes share.
func TestGaussianReadouts(t *testing.T) {
	const m, out, in = 5, 3, 4
	h, w := normal("h", m, in), normal("W", out, in)
	half := zeros(out, in).each(func(i, j int) float64 { return 0.3 + 0.2*float64(i+j) })
	n := []float64{2, 3.5, 9}
	const logAlpha, logBeta, prior = 0.7, -0.4, 2.
	for _, readout := range []string{rules.MAPReadout, rules.PredictiveReadout} {
		r := rules.Gaussian{Readout: readout, Prior: prior, Alpha: 2, Beta: 1}
		b := newBench(t)
		z := r.Read(b.b, b.matrix("h", h), rules.Synapses{W: b.matrix("W", w),
			State:  rules.Values{"n": b.vector("n", n), "s": b.matrix("s", half)},
			Params: rules.Values{"log_alpha": b.vector("log_alpha", []float64{logAlpha}), "log_beta": b.vector("log_beta", []float64{logBeta})}})
		if b.b.Err() != nil {
			t.Fatal(b.b.Err())
		}
		b.run(z)
		b.within(readout, z, zeros(m, out).each(func(k, i int) (sum float64) {
			a := 1 + math.Exp(logAlpha) + (n[i]-prior)/2
			for j := range in {
				rate, d := math.Exp(logBeta)+half[i][j], h[k][j]-w[i][j]
				if readout == rules.MAPReadout {
					v := rate / (a - 1)
					sum -= d*d/(2*v) + math.Log(v)/2
					continue
				}
				more, _ := math.Lgamma(a + 0.5)
				less, _ := math.Lgamma(a)
				sum += more - less + a*math.Log(rate) - (a+0.5)*math.Log(rate+d*d/2)
			}
			return sum
		}), 1e-12)
	}
}

func TestGaussianSettings(t *testing.T) {
	if err := rules.DefaultGaussian().Validate(); err != nil {
		t.Error(err)
	}
	err := rules.Gaussian{Readout: "mpa", Prior: -1, Alpha: 1, Beta: math.Inf(1)}.Validate()
	for _, want := range []string{"readout", "map", "prior: -1", "alpha: 1", "beta: +Inf"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("have %v, want %q in it", err, want)
		}
	}
}
