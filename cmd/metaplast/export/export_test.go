package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/npz"
	"metaplast/data/objective"
	"metaplast/graph"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/evaluate"
)

var task = data.Sine{Functions: 2, Steps: 3, Batch: 2, Query: 3, Order: data.Continual}

// exported is an episode and an analysis of two learners.
func exported(t *testing.T) (data.Episode, []Learner, []analysis.Analysis) {
	t.Helper()
	n := graph.MLP(3, []int{5}, 1, 0, objective.MSE)
	ep, err := task.Sample(1, data.HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var learners []Learner
	var subjects []evaluate.Subject
	for _, preset := range []string{"flp", "oml"} {
		l, err := graph.Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		l.InnerLR = 0.01
		layout, err := graph.NewLayout(n, l)
		if err != nil {
			t.Fatal(err)
		}
		s := evaluate.Subject{Name: preset, Layout: layout, Theta: layout.Init(3), Graph: graph.Config{Network: n, Learners: []graph.NamedLearner{{Name: preset, Learner: l}}, Dtype: tensor.Float32}}
		tr, err := analysis.Record(context.Background(), s, ep, 2)
		if err != nil {
			t.Fatal(err)
		}
		subjects = append(subjects, s)
		learners = append(learners, Learner{Subject: s, Trace: tr})
	}
	all, err := analysis.Analyse(context.Background(), subjects, task, analysis.Options{Episodes: 2})
	if err != nil {
		t.Fatal(err)
	}
	return ep, learners, all
}

// archive writes arrays and reads them back.
func archive(t *testing.T, arrays []npz.Named) map[string]npz.Array {
	t.Helper()
	text, err := npz.Encode(arrays)
	if err != nil {
		t.Fatal(err)
	}
	back, err := npz.Decode(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func shape(t *testing.T, m map[string]npz.Array, name string, want ...int) []float64 {
	t.Helper()
	a, ok := m[name]
	if !ok || fmt.Sprint(a.Shape) != fmt.Sprint(want) {
		t.Fatalf("%s: %v, %v: want shape %v", name, ok, a.Shape, want)
	}
	return a.Data
}

func TestParametersAndEpisode(t *testing.T) {
	ep, learners, _ := exported(t)
	p, e := archive(t, Parameters(learners)), archive(t, Episode(ep, learners))
	w0 := shape(t, p, "flp/W0", 5, 3)
	shape(t, p, "flp/B1", 1, 1)
	shape(t, p, "flp/beta0", 1)
	shape(t, p, "oml/b1", 1)

	if x := shape(t, e, "x_support", 6, 2, 3); x[7] != ep.SupportX.Data().([]float64)[7] {
		t.Error("another support stream")
	}
	if k := shape(t, e, "task_support", 6, 2); k[5] != 0 || k[6] != 1 {
		t.Errorf("tasks %v", k)
	}
	shape(t, e, "y_query", 6, 1)
	if s := shape(t, e, "steps", 3); s[2] != 4 {
		t.Errorf("steps %v: want 0, 2, 4", s)
	}
	fast := shape(t, e, "flp/fast_W0", 4, 5, 3)
	for i, v := range w0 {
		if fast[i] != v {
			t.Fatalf("fast_W0[0] is not W0 at %d", i)
		}
	}
	shape(t, e, "flp/query_h1", 6, 5)
	out := shape(t, e, "flp/query_h2", 6, 1)
	loss := 0.0
	for q, y := range shape(t, e, "y_query", 6, 1) {
		loss += (out[q] - y) * (out[q] - y) / 6
	}
	if have := shape(t, e, "flp/query_loss", 1)[0]; math.Abs(have-loss) > 1e-12*loss {
		t.Errorf("query loss %v, of the predictions %v", have, loss)
	}
	if _, ok := e["flp/update_b0"]; ok {
		t.Error("updates of biases that do not change")
	}
	for _, name := range []string{"W0", "b0", "W1", "b1"} {
		u, g := e["oml/update_"+name].Data, e["oml/gradient_"+name].Data
		if len(u) == 0 || len(u) != len(g) {
			t.Fatalf("%s: %d updates, %d gradients", name, len(u), len(g))
		}
		for i := range u {
			if math.Abs(u[i]+0.01*g[i]) > 1e-14 {
				t.Errorf("%s[%d]: update %v, gradient %v: want −0.01 of it", name, i, u[i], g[i])
			}
		}
	}
}

func TestValues(t *testing.T) {
	ep, learners, _ := exported(t)
	n := 0
	for _, a := range Episode(ep, learners) {
		n += len(a.Data)
	}
	var subjects []evaluate.Subject
	for _, l := range learners {
		p, err := graph.Preset(l.Name)
		if err != nil {
			t.Fatal(err)
		}
		subjects = append(subjects, evaluate.Subject{Name: l.Name, Graph: graph.Config{Network: graph.MLP(3, []int{5}, 1, 0, objective.MSE), Learners: []graph.NamedLearner{{Learner: p}}}})
	}
	have, err := Values(task.Spec(), 3, subjects)
	if rest := n - have; err != nil || rest < 0 || rest > 100 { // steps, losses and activities are not counted
		t.Errorf("%d values before, %v: %d there", have, err, n)
	}
}

// TestMeasures compares the arrays with the JSON document, number by number.
func TestMeasures(t *testing.T) {
	_, _, all := exported(t)
	list, err := Measures(all)
	if err != nil {
		t.Fatal(err)
	}
	m := archive(t, list)
	for _, a := range all {
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		compared := 0
		for name, v := range doc {
			switch name {
			case "learner", "loss", "alpha", "beta":
				continue
			case "points", "activity", "by_episode", "by_age":
				for field := range v.([]any)[0].(map[string]any) {
					var want []float64
					for _, e := range v.([]any) {
						want = append(want, leaves(t, e.(map[string]any)[field])...)
					}
					same(t, m, a.Learner+"/"+name+"/"+field, want)
					compared++
				}
			default:
				same(t, m, a.Learner+"/"+name, leaves(t, v))
				compared++
			}
		}
		if compared < 50 {
			t.Errorf("%s: %d arrays compared", a.Learner, compared)
		}
	}
	shape(t, m, "flp/points/interference", 3, 2, 2)
	shape(t, m, "flp/average_final")
	shape(t, m, "oml/cosine", 2, 6)
}

// leaves are the numbers of a JSON value, in order.
func leaves(t *testing.T, v any) []float64 {
	switch v := v.(type) {
	case float64:
		return []float64{v}
	case bool:
		if v {
			return []float64{1}
		}
		return []float64{0}
	case string:
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			t.Fatal(err)
		}
		return []float64{f}
	case []any:
		var list []float64
		for _, e := range v {
			list = append(list, leaves(t, e)...)
		}
		return list
	}
	t.Fatalf("%T in the document", v)
	return nil
}

func same(t *testing.T, m map[string]npz.Array, name string, want []float64) {
	t.Helper()
	have, ok := m[name]
	if !ok || len(have.Data) != len(want) {
		t.Errorf("%s: %d numbers, want %d", name, len(have.Data), len(want))
		return
	}
	for i, w := range want {
		if have.Data[i] != w && !(have.Data[i] != have.Data[i] && w != w) {
			t.Errorf("%s[%d]: %v, the document has %v", name, i, have.Data[i], w)
		}
	}
}

func TestTables(t *testing.T) {
	_, learners, all := exported(t)
	rows := map[string]int{"parameters.csv": 2*4 + 2 + 2 + 2 + 2, "steps.csv": 2 * 6 * 3, "tasks.csv": 2 * 3 * 4, "retention.csv": 2 * 3 * 2, "episodes.csv": 2 * 2}
	tables := Tables(learners, all)
	if len(tables) != len(rows) {
		t.Errorf("%d tables", len(tables))
	}
	for _, table := range tables {
		text, err := table.CSV()
		if err != nil {
			t.Fatal(err)
		}
		back, err := csv.NewReader(bytes.NewReader(text)).ReadAll() // also checks that rows are equally long
		if err != nil {
			t.Fatal(err)
		}
		if len(back) != 1+rows[table.Name] {
			t.Errorf("%s: %d rows, want %d", table.Name, len(back)-1, rows[table.Name])
		}
	}
	step := stepTable(all).Rows[2] // the first layer in the first step
	if want := strconv.FormatFloat(all[0].Cosine[0][0], 'g', -1, 64); step[0] != "flp" || step[2] != "0" || step[3] != want {
		t.Errorf("%v: want cosine %s", step, want)
	}
	tasks := taskTable(all).Rows[3] // update of task 1, loss of task 0, at W(0)
	if want := strconv.FormatFloat(all[0].Points[0].Interference[1][0], 'g', -1, 64); tasks[2] != "1" || tasks[3] != "0" || tasks[6] != want {
		t.Errorf("%v: want interference %s", tasks, want)
	}
}

// TestEpisodeReward: the reward of a task that gives one is exported.
func TestEpisodeReward(t *testing.T) {
	ep, learners, _ := exported(t)
	if _, ok := archive(t, Episode(ep, learners))["reward_support"]; ok {
		t.Error("a task without reward has one")
	}
	steps, batch := ep.SupportX.Shape()[0], ep.SupportX.Shape()[1]
	ep.SupportReward = tensor.New(tensor.WithShape(steps, batch), tensor.Of(tensor.Float64))
	ep.Rewards()[3] = 2.5
	if r := shape(t, archive(t, Episode(ep, learners)), "reward_support", steps, batch); r[3] != 2.5 || r[2] != 0 {
		t.Errorf("%v", r)
	}
}
