package op

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

func TestChooseKernels(t *testing.T) {
	all, some, one := []string{"avx512", "avx2", "none"}, []string{"avx2", "none"}, []string{"none"}
	for _, c := range []struct {
		name string
		sets []string
		want string // the set, or the error
	}{
		{"", all, "avx512"}, {"auto", all, "avx512"}, {"avx512", all, "avx512"}, {"avx2", all, "avx2"}, {"none", all, "none"},
		{"", some, "avx2"}, {"auto", some, "avx2"}, {"none", some, "none"}, {"", one, "none"},
		{"avx512", some, "METAPLAST_KERNELS=avx512: not on this processor; want one of avx2, none, or auto for the best of them"},
		{"avx2", one, "METAPLAST_KERNELS=avx2: not on this processor; want one of none, or auto for the best of them"},
		{"sse", all, `METAPLAST_KERNELS: have "sse", want one of avx512, avx2, none, auto`},
		{"AVX2", all, `METAPLAST_KERNELS: have "AVX2", want one of avx512, avx2, none, auto`},
		{" ", one, `METAPLAST_KERNELS: have " ", want one of avx512, avx2, none, auto`},
	} {
		have, err := chooseKernels(c.name, c.sets)
		if err != nil {
			if have != setNone {
				t.Errorf("%q of %v: %s beside an error", c.name, c.sets, have)
			}
			have = err.Error()
		}
		if have != c.want {
			t.Errorf("%q of %v: %s, want %s", c.name, c.sets, have, c.want)
		}
	}
}

// TestKernelsInUse asks whether this process runs what METAPLAST_KERNELS says, and the best
// set where it says nothing.
func TestKernelsInUse(t *testing.T) {
	sets := KernelSets()
	want := os.Getenv(KernelsVariable)
	if want == "" || want == setAuto {
		want = sets[0]
	}
	if err := CheckKernels(); err != nil || kernelSet != want || !slices.Contains(sets, kernelSet) {
		t.Errorf("%s in use (%v), want %s", kernelSet, err, want)
	}
	if width := map[string]int{setAVX512: 16, setAVX2: 8}[want]; vectorWidth != width {
		t.Errorf("%s: %d elements in a register, want %d", want, vectorWidth, width)
	}
	if have := map[string]string{setAVX512: "AVX-512", setAVX2: "AVX2", setNone: "none"}[want]; Tiles() != have {
		t.Errorf("%s: Tiles says %s", want, Tiles())
	}
	t.Log("kernels:", kernelSet)
}

// TestFewerKernels tests what lesser processors run on one that has more: fused kernels and
// their derivatives, in a process for each set below the one in use.
func TestFewerKernels(t *testing.T) {
	sets := KernelSets()
	fewer := sets[slices.Index(sets, kernelSet)+1:]
	if len(fewer) == 0 {
		t.Skip("SKIPPED: loops in Go are in use: there is no lesser set")
	}
	for _, set := range fewer {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			child(t, set, "^(TestFused|TestFloat32|TestKernelsInUse)$", "kernels: "+set)
		})
	}
}

// TestRefusedKernels asks a process with a set that does not exist for an error of New, and no
// panic.
func TestRefusedKernels(t *testing.T) {
	if os.Getenv(KernelsVariable) != "sse" {
		child(t, "sse", "^TestRefusedKernels$", "--- PASS: TestRefusedKernels")
		return
	}
	var refused *KernelsError
	if err := New(tensor.Float32).Err(); !errors.As(err, &refused) || refused.Have != "sse" {
		t.Errorf("New: %v, want a KernelsError", err)
	}
}

// child runs tests of this package in a process with another instruction set, which must say
// something.
func child(t *testing.T, set, run, says string) {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run", run, "-test.v")
	command.Env = append(os.Environ(), KernelsVariable+"="+set)
	out, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), says) {
		t.Errorf("%v\n%s", err, out)
	}
}
