package bench_test

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/graph/blas"
	"metaplast/graph/op"
	"metaplast/metaopt/bench"
)

// TestLimitSeconds: the longer of two that go on at once.
func TestLimitSeconds(t *testing.T) {
	l := bench.Limit{Peak: 100, Bandwidth: 10}
	for _, c := range []struct{ flops, bytes, want float64 }{{1000, 10, 10}, {1000, 200, 20}, {0, 1, 0.1}} {
		if have := l.Seconds(c.flops, c.bytes); have != c.want {
			t.Errorf("%v FLOPs, %v bytes: %v s, want %v", c.flops, c.bytes, have, c.want)
		}
	}
}

// TestLimit measures this machine: rates that a processor can have, which further measurements only
// raise, and no product of the library that is faster.
func TestLimit(t *testing.T) {
	lib, err := blas.Open("gonum")
	if err != nil {
		t.Fatal(err)
	}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		l := &bench.Limit{Threads: 2, Dtype: dt, Memory: 1 << 28}
		l.Measure()
		before := *l
		l.Measure()
		if l.Peak < before.Peak || l.Bandwidth < before.Bandwidth {
			t.Errorf("%v: %+v after %+v: it was better", dt, *l, before)
		}
		// A core has at most two units of 16 float32, or half as many float64, at 7 GHz.
		if most := 2 * 2 * 2 * 16 * 7e9; l.Peak < 1e8 || l.Peak > most*4/float64(dt.Size()) {
			t.Errorf("%v: %g FLOP/s", dt, l.Peak)
		}
		if l.Bandwidth < 1e8 || l.Bandwidth > 1e12 || l.Bytes < 64<<20 || l.Bytes > 1<<28 {
			t.Errorf("%v: %g bytes/s in %d bytes", dt, l.Bandwidth, l.Bytes)
		}
		want := op.Tiles()
		if want == "none" {
			want = "scalar"
		}
		if l.Kernels != want {
			t.Errorf("%v: peak of %s, want %s", dt, l.Kernels, want)
		}
		m := &bench.Machine{Threads: 2, Dtype: dt, Library: lib}
		rate := m.Rate(op.Product{M: 128, N: 128, K: 128})
		t.Logf("%v: peak %.4g GFLOP/s of %s, %s makes %.4g; %.4g GB/s", dt, l.Peak/1e9, l.Kernels, lib.Name(), rate/1e9, l.Bandwidth/1e9)
		// Scalar multiply-adds are no bound for a library that has vector registers.
		if l.Kernels != "scalar" && rate > l.Peak {
			t.Errorf("%v: %s multiplies with %g FLOP/s, the peak of %s is %g", dt, lib.Name(), rate, l.Kernels, l.Peak)
		}
	}
}

// TestRunLimit asks whether the parts of a report fit, in JSON and in the table.
func TestRunLimit(t *testing.T) {
	r, err := bench.Run(context.Background(), "tiny", plan(t), bench.Options{Repeat: 2})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var have map[string]any
	if err := json.Unmarshal(text, &have); err != nil {
		t.Fatal(err)
	}
	number := func(key string) float64 {
		t.Helper()
		v, ok := have[key].(float64)
		if !ok || v < 0 || math.IsInf(v, 0) {
			t.Fatalf("%s: %v", key, have[key])
		}
		return v
	}
	peak, bandwidth := 1e9*number("peak_gflops"), 1e9*number("bandwidth_gbps")
	limit := max(number("flops")/peak, number("bytes")/bandwidth)
	if near := number("limit_seconds"); math.Abs(near-limit) > 1e-9*limit || limit <= 0 {
		t.Errorf("limit %v s, want %v", near, limit)
	}
	measured := number("seconds_per_meta_step")
	if f := number("limit_fraction"); math.Abs(f-limit/measured) > 1e-9*f || f <= 0 || f >= 1 {
		t.Errorf("fraction %v of a limit of %v s in %v s", f, limit, measured)
	}
	if kernels := []any{"AVX-512", "AVX2", "scalar"}; !slices.Contains(kernels, have["peak_kernels"]) {
		t.Errorf("peak of %v, want one of %v", have["peak_kernels"], kernels)
	}
	for _, want := range []string{"limit ", "processor ", "limit / measured ", "library ", "roofline / measured ", r.PeakKernels + " multiply-adds"} {
		if !strings.Contains(string(r.Table()), want) {
			t.Errorf("the table has no %q:\n%s", want, r.Table())
		}
	}
}
