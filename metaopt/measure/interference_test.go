package measure

import (
	"fmt"
	"math"
	"testing"

	"metaplast/data/fault"
)

func TestInterference(t *testing.T) {
	before, after := []float64{1, 2, 3}, [][]float64{{0.5, 2.5, 3}, {1, 1, 1}}
	got, err := Interference(before, after)
	if err != nil {
		t.Fatal(err)
	}
	withinTable(t, "interference", got, [][]float64{{-0.5, 0.5, 0}, {0, -1, -2}}, 0)
	if fmt.Sprint(before, after) != "[1 2 3] [[0.5 2.5 3] [1 1 1]]" {
		t.Error("input modified")
	}
}

// measured evaluates a network for Interference.
func measured(t *testing.T, m *mlp, updates [][]float64) [][]float64 {
	t.Helper()
	before := make([]float64, len(m.x))
	for j := range before {
		before[j] = m.loss(m.w, j)
	}
	after := table(len(updates), len(before))
	for i, u := range updates {
		for j := range before {
			after[i][j] = m.loss(plus(m.w, u), j)
		}
	}
	exact, err := Interference(before, after)
	if err != nil {
		t.Fatal(err)
	}
	return exact
}

// The first order is the first order: its difference from the exact interference falls as
// the square of the update, for updates of any direction.
func TestFirstOrderSlope(t *testing.T) {
	m := newMLP(t, "slope", 3)
	r := random("slope/updates")
	var gradients, updates [][]float64
	for j := range m.x {
		gradients = append(gradients, m.gradient(j))
	}
	for range 4 {
		updates = append(updates, gaussian(r, len(m.w)))
	}
	differences := func(step float64) [][]float64 {
		var small [][]float64
		for _, u := range updates {
			small = append(small, times(step, u))
		}
		first, err := FirstOrderInterference(small, gradients)
		if err != nil {
			t.Fatal(err)
		}
		d := measured(t, m, small)
		for i := range d {
			for j := range d[i] {
				d[i][j] -= first[i][j]
			}
		}
		return d
	}
	const step = 1e-3
	coarse, fine := differences(step), differences(step/2)
	for i := range coarse {
		for j := range coarse[i] {
			// The next order is the cube, a part of 1e-3 or so for each unit of curvature.
			within(t, fmt.Sprintf("quotient of errors [%d %d]", i, j), coarse[i][j]/fine[i][j], 4, 0.1)
			if math.Abs(coarse[i][j]) < 1e-9 {
				t.Errorf("error [%d %d] is %.1g, too small to have a slope", i, j, coarse[i][j])
			}
		}
	}
}

// Riemer et al.: for gradient descent interference is −η ∇L_i·∇L_j, so its sign is the
// opposite of the gradients' alignment, and it is symmetric. For another rule it need not be.
func TestInterferenceOfGradientDescent(t *testing.T) {
	m := newMLP(t, "riemer", 6)
	const rate = 1e-4
	var gradients, updates [][]float64
	for j := range m.x {
		g := m.gradient(j)
		gradients, updates = append(gradients, g), append(updates, times(-rate, g))
	}
	first, err := FirstOrderInterference(updates, gradients)
	if err != nil {
		t.Fatal(err)
	}
	exact := measured(t, m, updates)
	harmful := 0
	for i := range first {
		for j := range first {
			sum, size := 0.0, 0.0
			for p := range gradients[i] {
				sum += gradients[i][p] * gradients[j][p]
				size += math.Abs(gradients[i][p] * gradients[j][p])
			}
			tolerance := 1e-14 * rate * size // two dozen additions
			within(t, fmt.Sprintf("[%d %d]", i, j), first[i][j], -rate*sum, tolerance)
			within(t, fmt.Sprintf("[%d %d] and transpose", i, j), first[i][j], first[j][i], tolerance)
			if (exact[i][j] > 0) != (sum < 0) {
				t.Errorf("[%d %d]: loss changes by %v, gradients' product %v", i, j, exact[i][j], sum)
			}
			if i != j && sum < 0 {
				harmful++
			}
		}
	}
	if harmful == 0 || harmful == 30 {
		t.Fatalf("%d of 30 pairs interfere: choose another seed", harmful)
	}
	h, err := Harm(exact)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "share of harmful pairs", h.Harmful, float64(harmful)/30, 1e-15) // one division
	if !(h.Own < 0) {
		t.Errorf("descent changes its own loss by %v", h.Own)
	}

	// Updates that swap the gradients of tasks 0 and 1 make the matrix asymmetric.
	updates[0], updates[1] = updates[1], updates[0]
	swapped, err := FirstOrderInterference(updates, gradients)
	if err != nil {
		t.Fatal(err)
	}
	withinAll(t, "row of the other update", swapped[0], first[1], 0)
	if swapped[0][2] == swapped[2][0] {
		t.Error("interference of exchanged updates is symmetric")
	}
}

func TestFirstOrderScale(t *testing.T) {
	got, err := FirstOrderInterference([][]float64{{1e200, 2e200}, {0, 0}}, [][]float64{{3e-200, 4e-200}, {1e-300, 0}, {0, 0}})
	if err != nil {
		t.Fatal(err)
	}
	withinAll(t, "huge times tiny", got[0], []float64{11, 1e-100, 0}, 1e-14) // rounding of the inputs
	withinAll(t, "zero update", got[1], []float64{0, 0, 0}, 0)
	// Products that overflow and cancel.
	got, err = FirstOrderInterference([][]float64{{1e200, 1e200}}, [][]float64{{1e200, -1e200}})
	if err != nil || got[0][0] != 0 {
		t.Errorf("cancelling products: %v, %v", got, err)
	}
}

func TestHarm(t *testing.T) {
	m := [][]float64{{-10, 1, -2}, {0, 20, 3}, {4, 0, -40}}
	before := fmt.Sprint(m)
	got, err := Harm(m)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Harmed{Pairs: 6, Harmful: 0.5, Helpful: 1.0 / 6, Mean: 1, MeanHarm: 8.0 / 6, Own: -10}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if fmt.Sprint(m) != before {
		t.Error("input modified")
	}
}

func TestInterferenceRefused(t *testing.T) {
	overflow := [][]float64{{1, 1e308}, {1e308, 1}}
	for _, c := range []struct {
		name     string
		f        func() error
		want     error
		sentinel error
	}{
		{"no losses", func() error { _, err := Interference(nil, nil); return err },
			&TooFewError{What: "elements of losses before", Got: 0, Need: 1}, ErrTooFew},
		{"no updates", func() error { _, err := Interference([]float64{1}, nil); return err },
			&TooFewError{What: "losses after update", Got: 0, Need: 1}, ErrTooFew},
		{"ragged", func() error { _, err := Interference([]float64{1, 2}, [][]float64{{1, 2}, {1}}); return err },
			&fault.Length{What: "losses after update", Index: []int{1}, Got: 1, Want: 2}, fault.ErrLength},
		{"all rows long", func() error { _, err := Interference([]float64{1}, [][]float64{{1, 2}, {1, 2}}); return err },
			&fault.Length{What: "losses after update", Index: []int{0}, Got: 2, Want: 1}, fault.ErrLength},
		{"diverged before", func() error { _, err := Interference([]float64{1, nan}, [][]float64{{1, 2}}); return err },
			&NonFiniteError{What: "losses before", Index: []int{1}, Value: nan}, ErrNonFinite},
		{"diverged after", func() error { _, err := Interference([]float64{1, 2}, [][]float64{{1, 2}, {1, inf}}); return err },
			&NonFiniteError{What: "losses after update", Index: []int{1, 1}, Value: inf}, ErrNonFinite},
		{"difference overflows", func() error { _, err := Interference([]float64{1, 1e308}, [][]float64{{1, -1e308}}); return err },
			&NonFiniteError{What: "interference", Index: []int{0, 1}, Value: -inf}, ErrNonFinite},
		{"updates and gradients", func() error { _, err := FirstOrderInterference([][]float64{{1, 2}}, [][]float64{{1}}); return err },
			&fault.Length{What: "gradients", Index: []int{0}, Got: 1, Want: 2}, fault.ErrLength},
		{"no gradients", func() error { _, err := FirstOrderInterference([][]float64{{1}}, nil); return err },
			&TooFewError{What: "gradients", Got: 0, Need: 1}, ErrTooFew},
		{"updates missing", func() error { _, err := FirstOrderInterference(nil, [][]float64{{1}}); return err },
			&TooFewError{What: "updates", Got: 0, Need: 1}, ErrTooFew},
		{"product overflows", func() error {
			_, err := FirstOrderInterference([][]float64{{1}, {1e200}}, [][]float64{{1}, {-1e200}})
			return err
		}, &NonFiniteError{What: "first-order interference", Index: []int{1, 1}, Value: -inf}, ErrNonFinite},
		{"harm of one", func() error { _, err := Harm([][]float64{{1}}); return err },
			&TooFewError{What: "rows of interference", Got: 1, Need: 2}, ErrTooFew},
		{"harm not square", func() error { _, err := Harm([][]float64{{1, 2, 3}, {1, 2, 3}}); return err },
			&fault.Length{What: "row of interference", Index: []int{0}, Got: 3, Want: 2}, fault.ErrLength},
		{"harm of NaN", func() error { _, err := Harm([][]float64{{1, 2}, {3, nan}}); return err },
			&NonFiniteError{What: "interference", Index: []int{1, 1}, Value: nan}, ErrNonFinite},
		{"harm overflows", func() error { _, err := Harm(overflow); return err },
			&NonFiniteError{What: "sum of interference", Value: inf}, ErrNonFinite},
	} {
		fails(t, c.name, c.f(), c.want, c.sentinel)
	}
}
