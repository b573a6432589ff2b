package analysis

import (
	"context"
	"fmt"
	"slices"

	"metaplast/data"
)

// course is what all episodes have in common: when what is measured. It follows from the order
// in which tasks come.
type course struct {
	spec    data.Spec
	tasks   int
	ordered bool
	counts  []int // support examples of each task
	blocks  []int // inner steps after which each task has been taught in full, or equal parts of the stream
	steps   []int // measured inner steps, increasing
	points  []int // inner steps after which interference is measured, increasing
	labels  []int // task of each batch of a measurement of interference
}

// lookAhead draws all episodes once, to see the order of their tasks.
func lookAhead(ctx context.Context, sampler data.Sampler, o Options) (course, error) {
	c := course{spec: sampler.Spec(), ordered: true}
	for e := range o.Episodes {
		if err := ctx.Err(); err != nil {
			return c, err
		}
		ep, err := sampler.Sample(o.Seed, o.Split, 0, uint64(e))
		if err != nil {
			return c, fmt.Errorf("analysis: episode %d: %w", e, err)
		}
		counts := count(ep.SupportTask)
		if e > 0 && !slices.Equal(counts, c.counts) {
			return c, fmt.Errorf("analysis: episode %d has %v support examples of its tasks, episode 0 has %v: want the same in all", e, counts, c.counts)
		}
		c.counts, c.tasks = counts, len(counts)
		c.ordered = c.ordered && slices.IsSorted(ep.SupportTask)
	}
	taught := 0
	for k := range c.tasks {
		taught += c.counts[k]
		if c.ordered {
			c.blocks = append(c.blocks, (taught+c.spec.Batch-1)/c.spec.Batch)
		} else {
			c.blocks = append(c.blocks, ((k+1)*c.spec.Steps+c.tasks-1)/c.tasks)
		}
		for range max(1, min(o.Batches, c.counts[k]/c.spec.Batch)) {
			c.labels = append(c.labels, k)
		}
	}
	c.steps = spread(c.spec.Steps, o.Steps)
	ends := slices.Compact(append([]int{0}, c.blocks...))
	for _, i := range spread(len(ends), o.Points) {
		c.points = append(c.points, ends[i])
	}
	return c, nil
}

// count is how many examples each task has. Every task up to the largest has one at least, or
// a zero tells.
func count(tasks []int) []int {
	counts := make([]int, slices.Max(tasks)+1)
	for _, k := range tasks {
		counts[k]++
	}
	return counts
}

// spread returns at most limit of the numbers 0 … n−1, increasing, evenly spread, the first and,
// from a limit of 2 on, the last among them.
func spread(n, limit int) []int {
	if limit >= n {
		limit = n
	}
	at := make([]int, limit)
	for i := range at {
		if limit > 1 {
			at[i] = (i*(n-1) + (limit-1)/2) / (limit - 1)
		}
	}
	return at
}

// learned is how many tasks have been taught in full after some inner steps.
func (c course) learned(steps int) int {
	n := 0
	for _, end := range c.blocks {
		if end <= steps {
			n++
		}
	}
	return n
}

// scene is an episode, cut up for measuring.
type scene struct {
	x, y   [][]float64 // by inner step: N examples
	reward [][]float64 // and what the task gives for them; nil if it gives none
	qx, qy []float64
	query  []int     // task of each query example
	batch  []batch   // by label of the course
	bx, by []float64 // all batches, one after the other
	course           // of all episodes
}

// batch is N support examples of one task.
type batch struct{ x, y, reward []float64 }

func newScene(ep data.Episode, c course) (*scene, error) {
	s := &scene{course: c, qx: ep.QueryX.Data().([]float64), qy: ep.QueryY.Data().([]float64), query: ep.QueryTask}
	for k, n := range count(ep.QueryTask) {
		if k < c.tasks && n == 0 {
			return nil, fmt.Errorf("no query example of task %d: want one of each", k)
		}
	}
	x, y := ep.SupportX.Data().([]float64), ep.SupportY.Data().([]float64)
	n := c.spec.Batch
	nx, ny := len(x)/len(ep.SupportTask), len(y)/len(ep.SupportTask)
	for t := range c.spec.Steps {
		s.x, s.y, s.reward = append(s.x, x[t*n*nx:(t+1)*n*nx]), append(s.y, y[t*n*ny:(t+1)*n*ny]), append(s.reward, ep.Reward(t))
	}
	of := make([][]int, c.tasks) // support examples of each task
	for i, k := range ep.SupportTask {
		of[k] = append(of[k], i)
	}
	taken := make([]int, c.tasks)
	for _, k := range c.labels {
		var b batch
		for range n {
			i := of[k][taken[k]%len(of[k])]
			taken[k]++
			b.x, b.y = append(b.x, x[i*nx:(i+1)*nx]...), append(b.y, y[i*ny:(i+1)*ny]...)
			if r := ep.Rewards(); r != nil {
				b.reward = append(b.reward, r[i])
			}
		}
		s.batch = append(s.batch, b)
		s.bx, s.by = append(s.bx, b.x...), append(s.by, b.y...)
	}
	return s, nil
}
