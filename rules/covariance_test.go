package rules_test

import (
	"testing"

	"metaplast/rules"
)

// columnMeans are the means over the rows.
func columnMeans(m matrix) []float64 {
	var v []float64
	for _, column := range m.transposed() {
		v = append(v, mean(column))
	}
	return v
}

// less is each row less v.
func (m matrix) less(v []float64) matrix {
	return m.each(func(i, j int) float64 { return m[i][j] - v[j] })
}

func centred(m matrix) matrix { return m.less(columnMeans(m)) }

func TestCovarianceOfBatch(t *testing.T) {
	l := normalLife(3, 4, 3, 2)
	rule := rules.Covariance{Mean: rules.BatchMean, Tau: 0.1}
	l.check(t, rule, func(i int, w matrix) matrix {
		return w.add(hebb(centred(l.post[i]), centred(l.pre[i])), l.alpha)
	})
	l.slopes(t, rule)
}

func TestCovarianceRunning(t *testing.T) {
	for _, tau := range []float64{0.25, 1} {
		l := normalLife(4, 2, 3, 2)
		l.params["tau"] = []float64{tau}
		post, pre := make([]float64, 2), make([]float64, 3)
		rule := rules.Covariance{Mean: rules.RunningMean, Tau: 0.1}
		l.check(t, rule, func(i int, w matrix) matrix {
			next := w.add(hebb(l.post[i].less(post), l.pre[i].less(pre)), l.alpha)
			for k, x := range columnMeans(l.post[i]) {
				post[k] += tau * (x - post[k])
			}
			for k, x := range columnMeans(l.pre[i]) {
				pre[k] += tau * (x - pre[k])
			}
			return next
		})
		l.slopes(t, rule)
		l.slopes(t, rules.Modulated{Of: rule, Gain: 1})
	}
}
