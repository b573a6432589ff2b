package data

import (
	"fmt"
	"maps"
	"slices"

	"metaplast/data/suggest"
)

// Polynomial is a local rule as a polynomial of degree 2 in each of what a synapse sees,
//
//	Δ = Σ_abc θ_abc x^a y^b w^c     a, b, c = 0, 1, 2
//
//	x  presynaptic activity
//	y  postsynaptic activity
//	w  weight
//
// with θ_abc at 9a + 3b + c. Hebb's rule is θ_110 = 1, Oja's θ_110 = 1 and θ_021 = −1.
//
// Source: Confavreux et al., NeurIPS 2020; Mehta et al., NeurIPS 2024.
type Polynomial [27]float64

// CoefficientName is the name of coefficient k of a Polynomial: "theta_110".
func CoefficientName(k int) string { return fmt.Sprintf("theta_%d%d%d", k/9, k/3%3, k%3) }

// CoefficientNames are the names of all of them, in their order.
func CoefficientNames() []string {
	names := make([]string, len(Polynomial{}))
	for k := range names {
		names[k] = CoefficientName(k)
	}
	return names
}

// PolynomialOf has the coefficients of these names, and 0 elsewhere. It fails with a
// suggest.UnknownError for a name that is none.
func PolynomialOf(coefficients map[string]float64) (p Polynomial, err error) {
	names := CoefficientNames()
	for _, name := range slices.Sorted(maps.Keys(coefficients)) {
		if err := suggest.Unknown("coefficient", name, names); err != nil {
			return p, err
		}
		p[slices.Index(names, name)] = coefficients[name]
	}
	return p, nil
}

// The rules that have names.
var (
	hebbPolynomial = Polynomial{12: 1}
	ojaPolynomial  = Polynomial{12: 1, 7: -1}
)

// Change is Δ of a synapse.
func (p Polynomial) Change(x, y, w float64) float64 {
	px, py, pw := [3]float64{1, x, x * x}, [3]float64{1, y, y * y}, [3]float64{1, w, w * w}
	sum := 0.0
	for k, theta := range p {
		if theta != 0 {
			// Rounded product by product: a processor that fuses product and sum gives the same bits.
			sum += float64(theta * px[k/9] * py[k/3%3] * pw[k%3])
		}
	}
	return sum
}
