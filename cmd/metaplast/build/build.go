// Package build tells what the program is made of and runs on: version, libraries, kernels, processor.
package build

import (
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/klauspost/cpuid/v2"

	"metaplast/graph/blas"
	"metaplast/graph/op"
	"metaplast/metaopt/run"
)

// Version is what `metaplast version` tells.
type Version struct {
	Version  string   `json:"version"`  // of the module, "(devel)" outside of releases
	Revision string   `json:"revision"` // of the source, where it was built from a repository
	Modified bool     `json:"modified"` // whether there were changes beside it
	Go       string   `json:"go"`
	System   string   `json:"system"`
	CPU      string   `json:"cpu"`          // what the processor calls itself
	BLAS     string   `json:"blas"`         // the library in use
	Kernels  string   `json:"blas_kernels"` // what it says of itself
	Tiles    string   `json:"tiles"`        // instructions of the program's own kernels: AVX-512, AVX2 or none; see METAPLAST_KERNELS
	Dtypes   []string `json:"dtypes"`
}

// This is that of the program which is running.
func This() Version {
	v := Version{Version: "(devel)", Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, CPU: processor(), Tiles: op.Tiles(), Dtypes: []string{"float32", "float64"}}
	if lib, err := blas.Default(); err == nil {
		v.BLAS, v.Kernels = lib.Name(), lib.Describe()
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

// processor is what the machine's processor calls itself, or its architecture if it does not.
func processor() string {
	if name := strings.Join(strings.Fields(cpuid.CPU.BrandName), " "); name != "" {
		return name
	}
	return runtime.GOARCH
}

// Facts are what runs tell of the program and the machine that computes them.
func Facts() run.Facts {
	v := This()
	return run.Facts{Version: v.Version, Go: v.Go, System: v.System, CPUs: runtime.NumCPU(), CPU: v.CPU, Kernels: v.Kernels}
}

// Text shows it to people.
func (v Version) Text() []byte {
	text := "metaplast " + v.Version + " " + v.Go + " " + v.System + " blas " + v.BLAS
	if v.Revision != "" {
		text += " revision " + v.Revision
	}
	if v.Modified {
		text += " modified"
	}
	return []byte(text + "\nblas: " + v.Kernels + "\ntiles: " + v.Tiles + "\nprocessor: " + v.CPU + "\n")
}
