package cli

import (
	"metaplast/cmd/metaplast/figure"
	"metaplast/cmd/metaplast/report"
	"metaplast/metaopt/config"
)

// writeCurve draws the learning curve of a run, a function of its metrics alone.
func writeCurve(f folder, c *config.Config, metrics map[string]*series) error {
	var names []string
	var curves []report.Curve
	for _, l := range c.Learners {
		names, curves = append(names, l.Name), append(curves, curveOf(metrics[l.Name]))
	}
	fig := report.LearningCurve(c.Name, names, curves, c.Task.Scoring())
	for _, format := range figure.Formats {
		text, err := fig.File(format)
		if err != nil {
			return err
		}
		if err := f.write("learning-curve."+format, text); err != nil {
			return err
		}
	}
	return nil
}
