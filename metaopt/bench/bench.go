package bench

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"metaplast/graph"
	"metaplast/graph/blas"
	"metaplast/graph/engine"
	"metaplast/metaopt"
)

// Options of Run.
type Options struct {
	Repeat int // meta-steps that are measured, at least 1, after one that is not

	// Done is called now and then, between measurements, with the meta-steps that are measured so far,
	// and all; may be nil.
	Done func(done, all int)
}

// Report is what Run measured. Seconds are of wall time.
type Report struct {
	Name               string   `json:"name"`
	Learners           []string `json:"learners"`
	BLAS               string   `json:"blas"`
	Kernels            string   `json:"blas_kernels"`
	Threads            int      `json:"threads"`
	Remat              int      `json:"remat"`
	Episodes           int      `json:"episodes_per_meta_step"`
	InnerSteps         int      `json:"inner_steps"`
	Nodes              int      `json:"nodes"`         // of one graph
	BuildSeconds       float64  `json:"build_seconds"` // nodes, derivatives and plan, of all graphs side by side
	FirstSeconds       float64  `json:"first_meta_step_seconds"`
	SecondsPerMetaStep float64  `json:"seconds_per_meta_step"` // median
	FastestSeconds     float64  `json:"fastest_meta_step_seconds"`
	SlowestSeconds     float64  `json:"slowest_meta_step_seconds"`
	MetaSteps          int      `json:"meta_steps"`
	AllocsPerMetaStep  float64  `json:"allocs_per_meta_step"`
	BytesPerMetaStep   float64  `json:"allocated_bytes_per_meta_step"`
	PeakRSS            int64    `json:"peak_rss_bytes"`                  // of the process until then; 0 if unknown
	FirstRSS           int64    `json:"rss_after_first_meta_step_bytes"` // for soaks: memory must not grow from here
	LastRSS            int64    `json:"rss_after_last_meta_step_bytes"`
	SlabBytes          int64    `json:"slab_bytes"` // of all graphs
	FLOPs              float64  `json:"flops"`      // of a meta-step's matrix products
	Bytes              float64  `json:"bytes"`      // of a meta-step's large arrays
	ProductRate        float64  `json:"product_flops_per_second"`
	Bandwidth          float64  `json:"bandwidth_bytes_per_second"`
	RooflineSeconds    float64  `json:"roofline_seconds"`  // median over the rounds
	RooflineFraction   float64  `json:"roofline_fraction"` // median over the rounds
	PeakKernels        string   `json:"peak_kernels"`      // instruction set of the multiply-adds: AVX-512, AVX2 or scalar
	PeakGFLOPS         float64  `json:"peak_gflops"`       // 10⁹ FLOPs per second of multiply-adds in registers, all threads together, the best run
	BandwidthGBPS      float64  `json:"bandwidth_gbps"`    // 10⁹ bytes per second of two streams read and one written, all threads, the best pass
	StreamBytes        int64    `json:"stream_bytes"`      // of the arrays that these streams lie in
	LimitSeconds       float64  `json:"limit_seconds"`     // of a meta-step: max(FLOPs / peak, bytes / bandwidth)
	LimitFraction      float64  `json:"limit_fraction"`    // LimitSeconds / SecondsPerMetaStep
	Profile            []Kind   `json:"profile"`           // of one episode on one thread
}

// Kind is the part of one kind of kernel in an episode.
type Kind struct {
	Kind    string  `json:"kind"`
	Runs    int     `json:"runs"`
	Seconds float64 `json:"seconds"`
	Share   float64 `json:"share"`
	FLOPs   float64 `json:"flops"`
}

// Run measures the meta-steps of a run: sampling, the episodes with their gradients, clipping
// and the optimiser's update. Nothing is written. A meta-step whose episodes diverge is
// measured like any other.
func Run(ctx context.Context, name string, plan metaopt.Plan, o Options) (*Report, error) {
	lib, err := blas.Default()
	if err != nil {
		return nil, err
	}
	plan.Settings.MaxDiverged = 0
	t, err := metaopt.NewTrainer(plan)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	spec := plan.Sampler.Spec()
	r := &Report{Name: name, BLAS: lib.Name(), Kernels: lib.Describe(), Threads: max(plan.Workers, 1), Remat: t.Remat(),
		Episodes: plan.Settings.Batch, InnerSteps: spec.Steps, MetaSteps: max(o.Repeat, 1)}
	for _, l := range plan.Graph.Learners {
		r.Learners = append(r.Learners, l.Name)
	}
	r.BuildSeconds, err = timed(t.Build)
	if err != nil {
		return nil, err
	}
	debug.FreeOSMemory() // what building left behind
	graphs := t.Graphs()
	if len(graphs) == 0 {
		return nil, errors.New("bench measures a graph: the run's estimator has none")
	}
	r.Nodes = graphs[0].Nodes()
	for _, g := range graphs {
		r.SlabBytes += int64(g.Bytes())
	}
	step := func() error { return t.MetaStep(ctx) }
	if r.FirstSeconds, err = timed(step); err != nil {
		return nil, err
	}
	r.FirstRSS = resident("VmRSS:")
	costs, err := graphs[0].Costs()
	if err != nil {
		return nil, err
	}
	l := &Limit{Threads: r.Threads, Dtype: plan.Graph.Dtype, Memory: plan.Memory}
	if err := r.measure(ctx, step, costs, l, lib, o.Done); err != nil {
		return nil, err
	}
	return r, r.profile(graphs[0], costs)
}

// rounds is how often the machine's rates are measured, at most: between meta-steps, so that
// both see the same machine. What a shared machine does changes by the second.
const rounds = 7

// measure takes the meta-steps that count, in rounds.
func (r *Report) measure(ctx context.Context, step func() error, costs []engine.Cost, l *Limit, lib *blas.Library, done func(done, all int)) error {
	n := min(rounds, r.MetaSteps)
	episodes := float64(r.Episodes)
	var all, rooflines, fractions, products, bandwidths []float64
	var mallocs, bytes uint64
	for round := range n {
		var times []float64
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range r.MetaSteps*(round+1)/n - r.MetaSteps*round/n {
			if err := ctx.Err(); err != nil {
				return err
			}
			t, err := timed(step)
			if err != nil {
				return err
			}
			times = append(times, t)
		}
		runtime.ReadMemStats(&after)
		mallocs, bytes = mallocs+after.Mallocs-before.Mallocs, bytes+after.TotalAlloc-before.TotalAlloc
		if round == 0 {
			r.PeakRSS = resident("VmHWM:") // before the arrays that rates are measured with
		}
		r.LastRSS = resident("VmRSS:")
		if done != nil {
			done(r.MetaSteps*(round+1)/n, r.MetaSteps)
		}
		m := &Machine{Threads: r.Threads, Dtype: l.Dtype, Library: lib}
		bandwidth := m.Bandwidth()
		roof := roofline(costs, m, bandwidth)
		r.FLOPs, r.Bytes = episodes*roof.FLOPs, episodes*roof.Bytes
		debug.FreeOSMemory() // what rates were measured with
		if round == 0 || round == n-1 {
			l.Measure()
			debug.FreeOSMemory()
		}
		all = append(all, times...)
		rooflines = append(rooflines, episodes*roof.Seconds)
		fractions = append(fractions, episodes*roof.Seconds/middle(times))
		products = append(products, roof.FLOPs/roof.Products)
		bandwidths = append(bandwidths, bandwidth)
	}
	r.AllocsPerMetaStep, r.BytesPerMetaStep = float64(mallocs)/float64(r.MetaSteps), float64(bytes)/float64(r.MetaSteps)
	r.FastestSeconds, r.SlowestSeconds, r.SecondsPerMetaStep = slices.Min(all), slices.Max(all), middle(all)
	r.RooflineSeconds, r.RooflineFraction = middle(rooflines), middle(fractions)
	r.ProductRate, r.Bandwidth = middle(products), middle(bandwidths)
	r.PeakKernels, r.PeakGFLOPS, r.BandwidthGBPS, r.StreamBytes = l.Kernels, l.Peak/1e9, l.Bandwidth/1e9, l.Bytes
	r.LimitSeconds = l.Seconds(r.FLOPs, r.Bytes)
	r.LimitFraction = r.LimitSeconds / r.SecondsPerMetaStep
	return nil
}

// middle is the median.
func middle(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[len(x)/2] + x[(len(x)-1)/2]) / 2
}

// profile adds up an episode's time by kind of kernel.
func (r *Report) profile(u *graph.Unrolled, costs []engine.Cost) error {
	at := map[string]int{}
	total := 0.0
	err := u.Profile(func(i int, d time.Duration) {
		c := costs[i]
		j, ok := at[c.Kind]
		if !ok {
			j = len(r.Profile)
			at[c.Kind] = j
			r.Profile = append(r.Profile, Kind{Kind: c.Kind})
		}
		k := &r.Profile[j]
		k.Runs++
		k.Seconds += d.Seconds()
		for _, p := range c.Products {
			k.FLOPs += p.FLOPs()
		}
		total += d.Seconds()
	})
	for i := range r.Profile {
		r.Profile[i].Share = r.Profile[i].Seconds / total
	}
	slices.SortStableFunc(r.Profile, func(a, b Kind) int { return cmp.Compare(b.Seconds, a.Seconds) })
	return err
}

func timed(f func() error) (float64, error) {
	start := time.Now()
	err := f()
	return time.Since(start).Seconds(), err
}
