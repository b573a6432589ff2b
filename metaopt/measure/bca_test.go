package measure

import "testing"

func TestCorrectedLevel(t *testing.T) {
	for _, c := range []struct {
		name      string
		q, z0, a  float64
		want      float64
		tolerance float64
	}{
		{"no correction", 0.025, 0, 0, 0.025, 1e-15},        // Φ of Φ⁻¹
		{"bias", 0.975, 0.1, 0, 0.9846123, 1e-6},            // Φ(2.159964)
		{"acceleration", 0.025, 0, 0.1, 0.0506305, 1e-6},    // Φ(−1.959964/1.1959964)
		{"the denominator reaches 0", 0.9999, 0, 0.5, 1, 0}, // z = 3.7
		{"the denominator reaches 0 below", 0.0001, 0, -0.5, 0, 0},
	} {
		within(t, c.name, corrected(c.q, c.z0, c.a), c.want, c.tolerance)
	}
}

func TestBias(t *testing.T) {
	for _, c := range []struct {
		name      string
		estimate  float64
		want      float64
		tolerance float64
	}{
		{"half", 2.5, 0, 0},
		{"a tie counts half", 2, -0.3186394, 1e-7}, // Φ⁻¹(3/8)
		{"all above", 0, -1.1503494, 1e-7},         // Φ⁻¹(1/8)
		{"all below", 9, 1.1503494, 1e-7},          // Φ⁻¹(7/8)
	} {
		within(t, c.name, bias([]float64{1, 2, 3, 4}, c.estimate), c.want, c.tolerance)
	}
	within(t, "acceleration of equal values", acceleration([]float64{5, 5, 5}, 5), 0, 0)
	within(t, "all tie", bias([]float64{5, 5, 5}, 5), 0, 0)
}
