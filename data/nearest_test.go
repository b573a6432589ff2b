package data

import (
	"math"
	"testing"

	"gorgonia.org/tensor"
)

func TestNearestNeighbour(t *testing.T) {
	of := func(v []float64, shape ...int) *tensor.Dense {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v))
	}
	e := Episode{
		SupportX: of([]float64{0, 0, 10, 0, 0, 10}, 3, 1, 2), SupportY: of([]float64{0, 1, 0, 1, 0, 0, 0, 0, 1}, 3, 1, 3), SupportTask: []int{0, 1, 2},
		QueryX: of([]float64{1, 1, 9, 1, 4, 4.5, 5, 0}, 4, 2), QueryTask: []int{0, 1, 2, 1},
		// Right; right; nearest to the first; between the first and the second, and the first counts.
		QueryY: of([]float64{0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0}, 4, 3),
	}
	if err := e.Validate(); err != nil {
		t.Fatal(err)
	}
	if got := NearestNeighbour(e); got != 0.75 {
		t.Errorf("%v, want 0.75", got)
	}
}

// Giving up early changes no decision.
func TestDistance(t *testing.T) {
	rng := pcg(1)
	for range 200 {
		a, b := make([]float64, 1+rng.IntN(300)), make([]float64, 300)
		sum := 0.0
		for i := range a {
			a[i], b[i] = rng.Float64(), rng.Float64()
			sum += (a[i] - b[i]) * (a[i] - b[i])
		}
		if got := distance(a, b, -1); math.Abs(got-sum) > 1e-9 {
			t.Fatalf("%v, want %v", got, sum)
		}
		limit := 2 * sum * rng.Float64()
		if got := distance(a, b, limit); (got < limit) != (sum < limit) {
			t.Fatalf("%v with limit %v, want %v", got, limit, sum)
		}
	}
}
