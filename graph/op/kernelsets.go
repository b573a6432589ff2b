package op

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// KernelsVariable is the environment variable that chooses the instruction set of this
// package's own kernels for the whole process.
//
//	avx512  products and passes over W in tiles, and loops over activities, in registers of 16
//	avx2    the same in registers of eight, with fused multiplication and addition (FMA3)
//	none    loops in Go, and every product by the library
//	auto    the best that the processor has; so does the empty value
//
// It says nothing about the libraries of package blas, which choose for themselves. What is
// chosen changes results within rounding. avx512 and avx2 give the same bits where gonum does the
// other products, none gives others.
const KernelsVariable = "METAPLAST_KERNELS"

// The sets, and the choice among them.
const (
	setAVX512 = "avx512"
	setAVX2   = "avx2"
	setNone   = "none"
	setAuto   = "auto"
)

// kernelSet is the set in use. It is settled before anything can ask for a kernel, and for the
// whole process: products of two sets must not mix in one run.
var kernelSet, kernelSetErr = chooseKernels(os.Getenv(KernelsVariable), processorSets())

// KernelsError is a value of METAPLAST_KERNELS that cannot be obeyed.
type KernelsError struct {
	Have string
	Sets []string // that this processor has, the best first
	// Lacks says that the set is a known one, which this processor, or this program on it,
	// does not have.
	Lacks bool
}

func (e *KernelsError) Error() string {
	if e.Lacks {
		return fmt.Sprintf("%s=%s: not on this processor; want one of %s, or %s for the best of them", KernelsVariable, e.Have, strings.Join(e.Sets, ", "), setAuto)
	}
	return fmt.Sprintf("%s: have %q, want one of %s, %s, %s, %s", KernelsVariable, e.Have, setAVX512, setAVX2, setNone, setAuto)
}

// CheckKernels returns the *KernelsError of METAPLAST_KERNELS, or nil. New returns it too, so
// that nothing is computed with a set that was not asked for.
func CheckKernels() error { return kernelSetErr }

// KernelSets are the instruction sets that this processor has, as METAPLAST_KERNELS names
// them, the best first. The last is none.
func KernelSets() []string { return processorSets() }

// Tiles is the instruction set in use, as people name it: AVX-512, AVX2 or none.
func Tiles() string {
	switch kernelSet {
	case setAVX512:
		return "AVX-512"
	case setAVX2:
		return "AVX2"
	}
	return setNone
}

// chooseKernels is the set that name asks for, of those that there are. With an error it is
// none.
func chooseKernels(name string, sets []string) (string, error) {
	switch name {
	case "", setAuto:
		return sets[0], nil
	case setAVX512, setAVX2, setNone:
		if slices.Contains(sets, name) {
			return name, nil
		}
		return setNone, &KernelsError{Have: name, Sets: sets, Lacks: true}
	}
	return setNone, &KernelsError{Have: name, Sets: sets}
}

// KernelSetOf is what METAPLAST_KERNELS calls the kernels that Tiles names.
func KernelSetOf(tiles string) string { return strings.ToLower(strings.ReplaceAll(tiles, "-", "")) }
