package report

import (
	"fmt"
	"math"
)

// compare says which learner does better, and by how much on the same episodes.
func (r Run) compare(d *Document) error {
	if len(r.Learners) < 2 {
		return nil
	}
	best := r.best()
	s := ""
	for i, l := range r.Learners {
		if i == best {
			continue
		}
		x, y, left := r.paired(i, best)
		if len(x) == 0 {
			s += fmt.Sprintf(" %s and %s cannot be compared: there is no episode in which neither diverged.", r.Learners[best].Name, l.Name)
			continue
		}
		pair := l.Name + "/" + r.Learners[best].Name
		iv, err := r.bootstrap("difference/"+pair).PairedMean(x, y)
		if err != nil {
			return err
		}
		key := d.key(newKey("difference:"+pair, "difference in "+r.score()+" between "+l.Name+" and "+r.Learners[best].Name, iv.Estimate, iv.Low, iv.High, r.format()))
		s += " " + r.judge(r.Learners[best].Name, l.Name, key, iv.Low, iv.High)
		if left > 0 {
			s += fmt.Sprintf(" (Without %s in which one of them diverged.)", plural(left, "episode", "episodes"))
		}
	}
	d.Summary = append(d.Summary, s[1:])
	return nil
}

// judge reads the difference between another learner and the best from its interval. It is
// positive where the best is better.
func (r Run) judge(best, other, key string, low, high float64) string {
	what, more := "error is lower", "error is higher"
	if r.Config.Task.Classifies() {
		what, more = "accuracy is higher", "accuracy is lower"
	}
	switch {
	case low > 0:
		return fmt.Sprintf("%s does better than %s: on the same episodes its %s by %s.", best, other, what, key)
	case high < 0:
		return fmt.Sprintf("%s has the better median, but on average its %s than that of %s: the difference is %s.", best, more, other, key)
	}
	return fmt.Sprintf("No difference between %s and %s can be told from these episodes: on average %s's %s by %s, and the interval includes 0.", best, other, best, what, key)
}

// best is the index of the learner with the highest accuracy, or the lowest median loss, which
// counts diverged episodes.
func (r Run) best() int {
	best, top := 0, math.Inf(1)
	for i, l := range r.Learners {
		v := l.Trained.Median
		if r.Config.Task.Classifies() {
			v = -l.Trained.Accuracy
		}
		if v < top {
			best, top = i, v
		}
	}
	return best
}

// paired returns the scores of two learners on the same episodes, such that a positive difference
// x − y is in favour of learner j; left is the number of episodes in which a loss is not finite.
func (r Run) paired(i, j int) (x, y []float64, left int) {
	a, b := r.Learners[i].Trained, r.Learners[j].Trained
	for e := range a.Losses {
		if r.Config.Task.Classifies() {
			x, y = append(x, -a.Accuracies[e]), append(y, -b.Accuracies[e])
			continue
		}
		u, v := a.Losses[e], b.Losses[e]
		if math.IsNaN(u-v) || math.IsInf(u, 0) || math.IsInf(v, 0) {
			left++
			continue
		}
		x, y = append(x, u), append(y, v)
	}
	return x, y, left
}
