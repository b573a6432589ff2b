package blas

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// A mistake must be told before any of it reaches C.
func TestMistakesPanic(t *testing.T) {
	tests := []struct {
		name          string
		ta, tb        bool
		m, n, k       int
		a, b, c       int // values in the slices
		lda, ldb, ldc int
		want          string
	}{
		{"negative m", false, false, -1, 2, 3, 9, 9, 9, 3, 2, 2, "m = -1"},
		{"negative n", false, false, 2, -2, 3, 9, 9, 9, 3, 2, 2, "n = -2"},
		{"negative k", false, false, 2, 2, -3, 9, 9, 9, 3, 2, 2, "k = -3"},
		{"lda", false, false, 2, 2, 3, 9, 9, 9, 2, 2, 2, "A [2,3]: leading dimension 2, want 3 to"},
		{"lda of Aᵀ", true, false, 4, 2, 3, 99, 99, 99, 3, 2, 2, "A [3,4]: leading dimension 3, want 4 to"},
		{"ldb", false, false, 2, 4, 3, 99, 99, 99, 3, 3, 4, "B [3,4]: leading dimension 3, want 4 to"},
		{"ldb of Bᵀ", false, true, 2, 4, 3, 99, 99, 99, 3, 2, 4, "B [4,3]: leading dimension 2, want 3 to"},
		{"ldc", false, false, 2, 4, 3, 99, 99, 99, 3, 4, 3, "C [2,4]: leading dimension 3, want 4 to"},
		{"zero ldc", false, false, 0, 0, 0, 0, 0, 0, 1, 1, 0, "leading dimension 0, want 1 to"},
		{"huge lda", false, false, 2, 2, 3, 99, 99, 99, math.MaxInt, 2, 2, "A [2,3]: leading dimension"},
		{"short A", false, false, 2, 2, 3, 5, 6, 4, 3, 2, 2, "A [2,3] with leading dimension 3: slice of 5 values, want 6"},
		{"short Aᵀ", true, false, 2, 2, 3, 6, 6, 4, 3, 2, 2, "A [3,2] with leading dimension 3: slice of 6 values, want 8"},
		{"short B", false, false, 2, 2, 3, 6, 5, 4, 3, 2, 2, "B [3,2] with leading dimension 2: slice of 5 values, want 6"},
		{"short Bᵀ", false, true, 2, 2, 3, 6, 6, 4, 3, 4, 2, "B [2,3] with leading dimension 4: slice of 6 values, want 7"},
		{"short C", false, false, 2, 2, 3, 6, 6, 4, 3, 2, 3, "C [2,2] with leading dimension 3: slice of 4 values, want 5"},
		{"short C, no terms", false, false, 2, 2, 0, 0, 0, 3, 1, 2, 2, "slice of 3 values, want 4"},
		{"nil", false, false, 2, 2, 3, 0, 0, 0, 3, 2, 2, "slice of 0 values"},
	}
	eachLibrary(t, func(t *testing.T, lib *Library) {
		for _, test := range tests {
			have := panicOf(func() {
				lib.Sgemm(test.ta, test.tb, test.m, test.n, test.k, 1, make([]float32, test.a), test.lda,
					make([]float32, test.b), test.ldb, 0, make([]float32, test.c), test.ldc)
			})
			if !strings.Contains(have, test.want) {
				t.Errorf("%s, float32: have panic %q, want %q", test.name, have, test.want)
			}
			have = panicOf(func() {
				lib.Dgemm(test.ta, test.tb, test.m, test.n, test.k, 1, make([]float64, test.a), test.lda,
					make([]float64, test.b), test.ldb, 0, make([]float64, test.c), test.ldc)
			})
			if !strings.Contains(have, test.want) {
				t.Errorf("%s, float64: have panic %q, want %q", test.name, have, test.want)
			}
		}
	})
}

// The shortest slices that hold a matrix end with its last value, not with its last row.
func TestShortestSlices(t *testing.T) {
	eachLibrary(t, func(t *testing.T, lib *Library) {
		c := make([]float64, 5+2)
		lib.Dgemm(false, false, 2, 2, 1, 1, []float64{1, 0, 2}, 2, []float64{3, 4}, 9, 0, c, 5)
		if want := []float64{3, 4, 0, 0, 0, 6, 8}; fmt.Sprint(c) != fmt.Sprint(want) {
			t.Errorf("have %v, want %v", c, want)
		}
	})
}

func panicOf(f func()) (message string) {
	defer func() {
		if v := recover(); v != nil {
			message = fmt.Sprint(v)
		}
	}()
	f()
	return ""
}
