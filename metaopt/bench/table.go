package bench

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"
)

// Table is the report for people.
func (r *Report) Table() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %s; %d inner steps, %d episodes per meta-step, %d threads, blas %s\n%s\n\n",
		r.Name, strings.Join(r.Learners, ", "), r.InnerSteps, r.Episodes, r.Threads, r.BLAS, r.Kernels)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(w, "%s\t%s\n", name, fmt.Sprintf(format, args...)) }
	row("build and plan", "%.2f s, %d nodes", r.BuildSeconds, r.Nodes)
	row("meta-step", "%.4g s, median of %d (%.4g to %.4g; the first took %.4g)", r.SecondsPerMetaStep, r.MetaSteps, r.FastestSeconds, r.SlowestSeconds, r.FirstSeconds)
	row("limit", "%.4g s: the larger of %.4g s for %.4g GFLOP in matrix products and %.4g s for %.4g GB through memory",
		r.LimitSeconds, r.FLOPs/1e9/r.PeakGFLOPS, r.FLOPs/1e9, r.Bytes/1e9/r.BandwidthGBPS, r.Bytes/1e9)
	row("processor", "%.1f GFLOP/s of %s, %.1f GB/s in streams through %.2f GB", r.PeakGFLOPS, r.multiplyAdds(), r.BandwidthGBPS, float64(r.StreamBytes)/1e9)
	row("limit / measured", "%.2f", r.LimitFraction)
	row("library", "%.1f GFLOP/s at those shapes, copies at %.1f GB/s: %.4g s kernel by kernel (roofline)", r.ProductRate/1e9, r.Bandwidth/1e9, r.RooflineSeconds)
	row("roofline / measured", "%.2f", r.RooflineFraction)
	row("memory", "%.3f GB resident at most (%.3f after the first meta-step, %.3f after the last), %.3f GB planned, remat %d",
		float64(r.PeakRSS)/1e9, float64(r.FirstRSS)/1e9, float64(r.LastRSS)/1e9, float64(r.SlabBytes)/1e9, r.Remat)
	row("allocations", "%.1f per meta-step, %.0f bytes", r.AllocsPerMetaStep, r.BytesPerMetaStep)
	w.Flush()
	fmt.Fprintf(&b, "\none episode on one thread, by kind of kernel:\n\n")
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "kind\truns\tseconds\tshare\tGFLOP/s\t\n")
	for _, k := range r.Profile {
		rate := ""
		if k.FLOPs > 0 {
			rate = fmt.Sprintf("%.1f", k.FLOPs/k.Seconds/1e9)
		}
		fmt.Fprintf(w, "%s\t%d\t%.4f\t%.1f %%\t%s\t\n", k.Kind, k.Runs, k.Seconds, 100*k.Share, rate)
	}
	w.Flush()
	return b.Bytes()
}

// multiplyAdds is what the peak is of.
func (r *Report) multiplyAdds() string {
	if r.PeakKernels == scalar {
		return "scalar multiply-adds (no limit for a library with vector registers)"
	}
	return r.PeakKernels + " multiply-adds in registers"
}
