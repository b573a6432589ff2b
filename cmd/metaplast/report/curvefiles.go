package report

import (
	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/config"
	"metaplast/metaopt/run"
)

// CurveFiles draws the learning curve of a run, a function of its metrics alone.
func CurveFiles(c *config.Config, metrics map[string]*run.Series) ([]run.File, error) {
	var names []string
	var curves []Curve
	for _, l := range c.Learners {
		names, curves = append(names, l.Name), append(curves, curveOf(metrics[l.Name]))
	}
	fig := LearningCurve(c.Name, names, curves, c.Task.Scoring())
	var files []run.File
	for _, format := range figure.Formats {
		text, err := fig.File(format)
		if err != nil {
			return nil, err
		}
		files = append(files, run.File{Name: "learning-curve." + format, Text: text})
	}
	return files, nil
}
