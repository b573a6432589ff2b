package rules_test

import (
	"errors"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"

	"metaplast/data/objective"
	"metaplast/data/suggest"
	"metaplast/graph/engine"
	"metaplast/rules"
)

// softmax of each row.
func (m matrix) softmax() matrix {
	sums := make([]float64, len(m))
	for i, row := range m {
		for _, z := range row {
			sums[i] += math.Exp(z)
		}
	}
	return m.each(func(i, j int) float64 { return math.Exp(m[i][j]) / sums[i] })
}

func TestSignal(t *testing.T) {
	const n, out = 5, 3
	yhat, y := normal("yhat", n, out), normal("y", n, out)
	classes := zeros(n, out)
	for i := range classes {
		classes[i][i%out] = 1
	}
	less := func(y, p matrix, factor float64) matrix {
		return y.each(func(i, j int) float64 { return factor * (y[i][j] - p[i][j]) })
	}
	for _, c := range []struct {
		kind, loss string
		y, want    matrix
	}{
		{rules.Target, objective.MSE, y, y},
		{rules.Target, objective.CrossEntropy, classes, classes},
		{rules.Error, objective.MSE, y, less(y, yhat, 1)},
		{rules.Error, objective.CrossEntropy, classes, less(classes, yhat.softmax(), 1./n)},
		{rules.Gradient, objective.MSE, y, less(y, yhat, 2./(n*out))},
		{rules.Gradient, objective.CrossEntropy, classes, less(classes, yhat.softmax(), 1./n)},
	} {
		for _, detach := range []bool{false, true} {
			b := newBench(t)
			in, target := b.matrix("yhat", yhat), b.matrix("y", c.y)
			s := rules.Signal(b.b, c.kind, c.loss, in, target, detach)
			b.run(s)
			b.equal(c.kind+" "+c.loss, s, c.want)

			// The outer gradient sees the output through the signal, unless detached.
			grads, err := engine.Grad(b.b, b.b.Dot(s, s), in)
			if err != nil {
				t.Fatal(err)
			}
			if depends := grads[0] != nil; depends != (!detach && c.kind != rules.Target) {
				t.Errorf("%s %s, detach %v: depends on the output: %v", c.kind, c.loss, detach, depends)
			}
		}
	}
}

// TestSignalGradient checks that signal gradient is the negative gradient of Loss.
func TestSignalGradient(t *testing.T) {
	y := zeros(5, 3)
	for i := range y {
		y[i][i%3] = 1
	}
	for _, loss := range objective.Names() {
		b := newBench(t)
		in, target := b.matrix("yhat", normal("yhat", 5, 3)), b.matrix("y", y)
		s := rules.Signal(b.b, rules.Gradient, loss, in, target, false)
		grads, err := engine.Grad(b.b, rules.Loss(b.b, loss, in, target), in)
		if err != nil {
			t.Fatal(err)
		}
		b.run(s, grads[0])
		want := y.each(func(i, j int) float64 { return -grads[0].Value().Data().([]float64)[3*i+j] })
		b.equal(loss, s, want)
	}
}

func TestLoss(t *testing.T) {
	yhat := normal("yhat", 4, 3)
	y := normal("y", 4, 3).softmax()
	var squares, entropy float64
	p := yhat.softmax()
	for i := range y {
		for j := range y[i] {
			squares += (yhat[i][j] - y[i][j]) * (yhat[i][j] - y[i][j])
			entropy -= y[i][j] * math.Log(p[i][j])
		}
	}
	for loss, want := range map[string]float64{objective.MSE: squares / 12, objective.CrossEntropy: entropy / 4} {
		b := newBench(t)
		n := rules.Loss(b.b, loss, b.matrix("yhat", yhat), b.matrix("y", y))
		b.run(n)
		if got := n.Value().Data().([]float64)[0]; math.Abs(got-want) > exact*want {
			t.Errorf("%s: %.17g: want %.17g", loss, got, want)
		}
	}
}

func TestSignalUnknown(t *testing.T) {
	for _, build := range []func(b bench, yhat, y *G.Node) *G.Node{
		func(b bench, yhat, y *G.Node) *G.Node {
			return rules.Signal(b.b, "eror", objective.MSE, yhat, y, false)
		},
		func(b bench, yhat, y *G.Node) *G.Node {
			return rules.Signal(b.b, rules.Error, "msee", yhat, y, false)
		},
		func(b bench, yhat, y *G.Node) *G.Node { return rules.Loss(b.b, "l1", yhat, y) },
	} {
		b := newBench(t)
		m := normal("m", 2, 2)
		var unknown *suggest.UnknownError
		if n := build(b, b.matrix("yhat", m), b.matrix("y", m)); n != nil || !errors.As(b.b.Err(), &unknown) {
			t.Errorf("%v, %v: want an UnknownError", n, b.b.Err())
		}
	}
}
