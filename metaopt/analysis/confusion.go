package analysis

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

// Confusion tells what classes a learner of classification takes for which at the end of an
// episode. Classes are numbered in the order in which the stream presents them, so that a
// preference for what came last shows.
type Confusion struct {
	Learner  string        `json:"learner"`
	Episodes int           `json:"episodes"`
	Share    measure.Table `json:"share"` // [k][a] of the queries of the episodes' class k, the share answered by class a; the last column: by an output that is none of the episode's classes, or not a number
}

// Confuse counts the answers of subjects, with W(T), to the queries of the same episodes. Queries
// of classes that an episode does not teach are left out. Of Options, it reads Episodes, Split, Seed
// and Workers.
//
//	Share[k][a] = 1/|Q_k| Σ_{q∈Q_k} [argmax_u ŷ_q = u_a],  u_a: output unit of class a
//
// Errors: a sampler whose loss is not cross-entropy, those of Answers. Cost: one pass through every
// episode a subject.
func Confuse(ctx context.Context, subjects []evaluate.Subject, sampler data.Sampler, o Options) ([]Confusion, error) {
	spec := sampler.Spec()
	if spec.Loss != objective.CrossEntropy {
		return nil, fmt.Errorf("analysis: confusion of %s: want a task of classification, have loss %s", spec.Name, spec.Loss)
	}
	split := o.Split
	if split == data.Train {
		split = data.HeldOut
	}
	workers := max(1, min(o.Workers, o.Episodes))
	counts := make([][][][]int, workers) // [worker][subject][class][answer]
	g, ctx := errgroup.WithContext(ctx)
	done := o.counter()
	for w := range workers {
		counts[w] = make([][][]int, len(subjects))
		g.Go(func() error {
			askers := make([]*asker, len(subjects))
			defer func() {
				for _, a := range askers {
					if a != nil {
						a.inner.Close()
					}
				}
			}()
			for e := w; e < o.Episodes; e += workers {
				ep, err := sampler.Sample(o.Seed, split, 0, uint64(e))
				if err != nil {
					return fmt.Errorf("analysis: episode %d: %w", e, err)
				}
				for i, s := range subjects {
					if askers[i] == nil {
						if askers[i], err = newAsker(s, ep); err != nil {
							return err
						}
					}
					out, err := askers[i].answers(ctx, ep, []int{spec.Steps})
					if err != nil {
						return fmt.Errorf("episode %d: %w", e, err)
					}
					counts[w][i] = tally(counts[w][i], ep, out[0], spec.Outputs)
				}
				done()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := make([]Confusion, len(subjects))
	for i, s := range subjects {
		all[i] = Confusion{Learner: s.Name, Episodes: o.Episodes}
		for w := range workers {
			all[i].add(counts[w][i])
		}
		all[i].normalise()
	}
	return all, nil
}

// tally counts the answers to an episode's queries. Whole numbers, so that the sum is the same in
// any order.
func tally(counts [][]int, ep data.Episode, out []float64, outputs int) [][]int {
	unit := units(ep, outputs)
	if counts == nil {
		counts = make([][]int, len(unit))
		for k := range counts {
			counts[k] = make([]int, len(unit)+1)
		}
	}
	class := make([]int, outputs)
	for u := range class {
		class[u] = len(unit)
	}
	for k, u := range unit {
		class[u] = k
	}
	for q, k := range ep.QueryTask {
		if k >= len(unit) {
			continue
		}
		a := len(unit)
		if u := Answer(out[q*outputs:][:outputs]); u >= 0 {
			a = class[u]
		}
		counts[k][a]++
	}
	return counts
}

// units returns the output unit of each class that the support stream teaches.
func units(ep data.Episode, outputs int) []int {
	var unit []int
	y := ep.SupportY.Data().([]float64)
	for e, k := range ep.SupportTask {
		for len(unit) <= k {
			unit = append(unit, 0)
		}
		unit[k] = Answer(y[e*outputs:][:outputs])
	}
	return unit
}

// Answer is the class that outputs stand for: the index of the first of the largest numbers; −1
// where all are NaN.
func Answer(v []float64) int {
	best := -1
	for j, x := range v {
		if x == x && (best < 0 || x > v[best]) {
			best = j
		}
	}
	return best
}

// add takes in the counts of a worker.
func (c *Confusion) add(counts [][]int) {
	if c.Share == nil {
		c.Share = make(measure.Table, len(counts))
	}
	for k, row := range counts {
		if c.Share[k] == nil {
			c.Share[k] = make([]float64, len(row))
		}
		for a, n := range row {
			c.Share[k][a] += float64(n)
		}
	}
}

// normalise makes shares of counts.
func (c *Confusion) normalise() {
	for _, row := range c.Share {
		sum := 0.0
		for _, n := range row {
			sum += n
		}
		for a := range row {
			row[a] /= sum
		}
	}
}
