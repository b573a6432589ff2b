package report

import (
	"fmt"
	"math"
)

// enough is the number of episodes from which on a difference is judged. Below it bootstrap intervals
// are too narrow: of five values they cover 84 % of the time, of twenty 93 %; see measure.Bootstrap.
const enough = 20

// compare tells by how much each learner differs from the first, on the same episodes. The first of the
// configuration is the reference whatever the episodes say: an interval of the difference to the best
// of them, chosen on the same episodes, would not cover what it promises.
func (r Run) compare(d *Document) error {
	if len(r.Learners) < 2 {
		return nil
	}
	first := r.Learners[0].Name
	s := fmt.Sprintf("Learners are compared with %s, the first of the configuration, episode by episode.", first)
	for i, l := range r.Learners[1:] {
		x, y, left := r.paired(i+1, 0)
		if len(x) == 0 {
			s += fmt.Sprintf(" %s and %s cannot be compared: there is no episode in which neither diverged.", l.Name, first)
			continue
		}
		pair := l.Name + "-" + first
		iv, err := r.bootstrap("difference/"+l.Name+"/"+first).PairedMean(x, y)
		if err != nil {
			return err
		}
		key := d.key(newKey("difference:"+pair, fmt.Sprintf("%s of %s less that of %s", r.score(), l.Name, first), iv.Estimate, iv.Low, iv.High, r.change()))
		s += " " + r.judge(l.Name, first, key, len(x), iv.Low, iv.High)
		if left > 0 {
			s += fmt.Sprintf(" (Without %s in which one of them diverged.)", plural(left, "episode", "episodes"))
		}
	}
	d.Summary = append(d.Summary, s)
	return nil
}

// judge reads the difference of a learner less the reference from its interval over n episodes.
func (r Run) judge(name, reference, key string, n int, low, high float64) string {
	s := r.Config.Task.Scoring()
	what, better, worse := s.Loss, high < 0, low > 0
	if s.Accuracy {
		what, better, worse = "accuracy", low > 0, high < 0
	}
	text := fmt.Sprintf("%s's %s less %s's: %s", name, what, reference, key)
	switch {
	case n < enough:
		return text + fmt.Sprintf(". These are too few episodes to judge by: %d, where %d are asked for.", n, enough)
	case better:
		return text + fmt.Sprintf("; %s does better.", name)
	case worse:
		return text + fmt.Sprintf("; %s does better.", reference)
	}
	return text + "; the interval includes 0, so that these episodes do not tell which does better."
}

// paired returns the scores of two learners on the same episodes; left is the number of episodes in
// which a loss is not finite.
func (r Run) paired(i, j int) (x, y []float64, left int) {
	a, b := r.Learners[i].Trained, r.Learners[j].Trained
	if r.Config.Task.Scoring().Accuracy {
		return a.Accuracies, b.Accuracies, 0
	}
	for e := range a.Losses {
		u, v := a.Losses[e], b.Losses[e]
		if math.IsNaN(u-v) || math.IsInf(u, 0) || math.IsInf(v, 0) {
			left++
			continue
		}
		x, y = append(x, u), append(y, v)
	}
	return x, y, left
}
