package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"

	"metaplast/metaopt/analysis"
)

// Table is a CSV file.
type Table struct {
	Name string // of the file
	Rows [][]string
}

// CSV encodes it.
func (t Table) CSV() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(t.Rows); err != nil {
		return nil, fmt.Errorf("%s: %w", t.Name, err)
	}
	return b.Bytes(), nil
}

// Tables are all of an export.
func Tables(learners []Learner, all []analysis.Analysis) []Table {
	return []Table{parameterTable(learners), stepTable(all), taskTable(all), retentionTable(all), episodeTable(all)}
}

func text(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// parameterTable has a row for each array of meta-parameters.
func parameterTable(learners []Learner) Table {
	t := Table{Name: "parameters.csv", Rows: [][]string{{"learner", "name", "group", "layer", "shape", "learned", "size", "mean", "rms", "min", "max"}}}
	for _, l := range learners {
		for _, p := range l.Layout {
			sum, squares, low, high := 0.0, 0.0, math.Inf(1), math.Inf(-1)
			for _, v := range p.Of(l.Theta) {
				sum, squares, low, high = sum+v, squares+float64(v*v), min(low, v), max(high, v)
			}
			n := float64(p.Size)
			shape := ""
			for i, d := range p.Shape {
				if i > 0 {
					shape += "x"
				}
				shape += strconv.Itoa(d)
			}
			t.Rows = append(t.Rows, []string{l.Name, p.Name, p.Group, strconv.Itoa(p.Layer), shape, strconv.FormatBool(p.Learned), strconv.Itoa(p.Size),
				text(sum / n), text(math.Sqrt(squares / n)), text(low), text(high)})
		}
	}
	return t
}

// stepTable has a row for each measured inner step and plastic layer, and one for all layers.
func stepTable(all []analysis.Analysis) Table {
	t := Table{Name: "steps.csv", Rows: [][]string{{"learner", "step", "layer", "cosine", "norm_ratio", "rank", "angle_degrees", "loss"}}}
	for _, a := range all {
		for s, step := range a.Steps {
			t.Rows = append(t.Rows, []string{a.Learner, strconv.Itoa(step), "all", text(a.NetCosine[s]), text(a.NetNormRatio[s]), "", "", text(a.StepLoss[s])})
			for l, layer := range a.Layers {
				t.Rows = append(t.Rows, []string{a.Learner, strconv.Itoa(step), strconv.Itoa(layer),
					text(a.Cosine[l][s]), text(a.NormRatio[l][s]), text(a.Rank[l][s]), text(a.Angle[l][s]), ""})
			}
		}
	}
	return t
}

// taskTable has a row for each point of the stream and ordered pair of tasks.
func taskTable(all []analysis.Analysis) Table {
	t := Table{Name: "tasks.csv", Rows: [][]string{{"learner", "step", "update_task", "other_task", "overlap", "alignment", "interference", "first_order"}}}
	for _, a := range all {
		for _, p := range a.Points {
			for i := range a.Tasks {
				for j := range a.Tasks {
					t.Rows = append(t.Rows, []string{a.Learner, strconv.Itoa(p.Step), strconv.Itoa(i), strconv.Itoa(j),
						text(p.Overlap[i][j]), text(p.Alignment[i][j]), text(p.Interference[i][j]), text(p.FirstOrder[i][j])})
				}
			}
		}
	}
	return t
}

// retentionTable has a row for each block of the stream, and one before it, and task.
func retentionTable(all []analysis.Analysis) Table {
	t := Table{Name: "retention.csv", Rows: [][]string{{"learner", "block", "step", "task", "loss", "accuracy"}}}
	for _, a := range all {
		add := func(block, step int, losses, accuracies []float64) {
			for j, loss := range losses {
				accuracy := ""
				if accuracies != nil {
					accuracy = text(accuracies[j])
				}
				t.Rows = append(t.Rows, []string{a.Learner, strconv.Itoa(block), strconv.Itoa(step), strconv.Itoa(j), text(loss), accuracy})
			}
		}
		add(-1, 0, a.Before, a.AccuracyBefore)
		for k, losses := range a.Retention {
			var accuracies []float64
			if a.Accuracy != nil {
				accuracies = a.Accuracy[k]
			}
			add(k, a.BlockSteps[k], losses, accuracies)
		}
	}
	return t
}

// episodeTable has a row for each episode, with all measures.
func episodeTable(all []analysis.Analysis) Table {
	t := Table{Name: "episodes.csv", Rows: [][]string{append([]string{"learner"}, analysis.Columns()...)}}
	for _, a := range all {
		for _, e := range a.ByEpisode {
			row := []string{a.Learner, fmt.Sprint(e.Number), fmt.Sprint(e.Diverged)}
			for _, m := range analysis.Measures() {
				row = append(row, text(float64(e.Value(m.Name))))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}
