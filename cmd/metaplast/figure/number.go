package figure

import (
	"math"
	"strconv"
	"strings"
)

// Number shows a number to people, in three significant digits: "0.110", "−2.35", "1.2×10⁻⁷",
// "NaN", "+∞".
func Number(v float64) string { return significant(v, 3) }

// Percent shows a share in percent: "87.2 %".
func Percent(v float64) string {
	if !finite(v) {
		return Number(v)
	}
	return minus(strconv.FormatFloat(100*v, 'f', 1, 64)) + " %"
}

// Points shows a difference of shares in percentage points: "−3.2 points".
func Points(v float64) string {
	if !finite(v) {
		return Number(v)
	}
	return minus(strconv.FormatFloat(100*v, 'f', 1, 64)) + " points"
}

func significant(v float64, digits int) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "+∞"
	case math.IsInf(v, -1):
		return "−∞"
	case v == 0:
		return "0"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', digits-1, 64), "e")
	e, _ := strconv.Atoi(exponent) // of FormatFloat's own making
	if e < -3 || e > 5 {
		return minus(mantissa) + "×10" + raise(e)
	}
	// From the rounded number, so that 9.999 is 10.0 and not 10.00.
	rounded, _ := strconv.ParseFloat(mantissa+"e"+exponent, 64)
	return minus(strconv.FormatFloat(rounded, 'f', max(0, digits-1-e), 64))
}

// minus writes the sign that is as wide as a plus.
func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

var raised = []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")

func raise(e int) string {
	var b strings.Builder
	if e < 0 {
		b.WriteRune('⁻')
		e = -e
	}
	for _, d := range strconv.Itoa(e) {
		b.WriteRune(raised[d-'0'])
	}
	return b.String()
}
