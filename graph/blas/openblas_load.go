//go:build (amd64 || arm64) && ((linux && !android) || darwin || (freebsd && cgo))

package blas

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// candidates are the shared objects to try, in order. The loader finds a bare name in its
// own folders and in those of LD_LIBRARY_PATH; Homebrew and MacPorts keep theirs elsewhere.
var candidates = map[string][]string{
	"linux":   {"libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0"},
	"freebsd": {"libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0"},
	"darwin": {
		"libopenblas.0.dylib",
		"/opt/homebrew/opt/openblas/lib/libopenblas.0.dylib",
		"/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
		"/usr/local/opt/openblas/lib/libopenblas.0.dylib",
		"/usr/local/opt/openblas/lib/libopenblas.dylib",
		"/opt/local/lib/libopenblas.dylib",
	},
}[runtime.GOOS]

// openOpenBLAS gives the first candidate that loads, has the interface and passes its
// self-test. Whatever was loaded stays loaded: an OpenBLAS that has started threads does not
// survive being unloaded.
func openOpenBLAS(candidates []string) (*Library, error) {
	var tried []Attempt
	for _, path := range candidates {
		impl, err := loadOpenBLAS(path)
		if err == nil {
			lib := &Library{name: nameOpenBLAS, impl: impl}
			if err = selfTest(lib); err == nil {
				return lib, nil
			}
		}
		tried = append(tried, Attempt{Path: path, Err: err, Absent: absent(path, err)})
	}
	return nil, &UnusableError{Name: nameOpenBLAS, Tried: tried}
}

// absent reports whether a shared object could not be loaded because there is none. Loaders
// give their reason in words alone; one that is not known here counts as a fault, which is
// shown, rather than an absence, which is not.
func absent(path string, err error) bool {
	var loading purego.Dlerror
	if !errors.As(err, &loading) {
		return false // it was loaded
	}
	if filepath.IsAbs(path) {
		_, err := os.Stat(path)
		return errors.Is(err, fs.ErrNotExist)
	}
	text := loading.Error()
	switch runtime.GOOS {
	case "darwin": // tried: 'folder/path' (no such file), …
		_, reasons, listed := strings.Cut(text, "tried: ")
		return listed && strings.Count(reasons, "' (") == strings.Count(reasons, "' (no such file")
	case "freebsd":
		return strings.HasPrefix(text, `Shared object "`+path+`" not found`)
	}
	// A library that path needs and that is missing has its own name here.
	return strings.HasPrefix(text, path+": cannot open shared object file: No such file") || // glibc
		strings.HasPrefix(text, "Error loading shared library "+path+": No such file") // musl
}

// How a build of OpenBLAS runs its threads, by openblas_get_parallel.
const (
	serialBuild = 0
	openMPBuild = 2
)

// loadOpenBLAS loads one shared object and sets it to one thread.
func loadOpenBLAS(path string) (*openBLAS, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	symbols := make(map[string]uintptr)
	for _, name := range []string{
		"sgemm_", "dgemm_",
		"openblas_get_config", "openblas_get_corename", "openblas_get_parallel", "openblas_set_num_threads",
	} {
		if symbols[name], err = purego.Dlsym(handle, name); err != nil {
			return nil, &InterfaceError{Have: "no function " + name, Want: "OpenBLAS with its Fortran interface"}
		}
	}
	var config, corename func() string
	var parallel func() int32
	var setThreads func(int32)
	purego.RegisterFunc(&config, symbols["openblas_get_config"])
	purego.RegisterFunc(&corename, symbols["openblas_get_corename"])
	purego.RegisterFunc(&parallel, symbols["openblas_get_parallel"])
	purego.RegisterFunc(&setThreads, symbols["openblas_set_num_threads"])

	about := strings.Join(strings.Fields(config()), " ")
	if strings.Contains(about, "USE64BITINT") {
		return nil, &InterfaceError{Have: "64-bit integers (" + about + ")", Want: "32-bit integers"}
	}
	setThreads(1)

	o := &openBLAS{
		sgemmFunc: symbols["sgemm_"],
		dgemmFunc: symbols["dgemm_"],
		about:     fmt.Sprintf("%s, kernels %s, %s", about, corename(), sharedObject(symbols["sgemm_"], path)),
	}
	switch parallel() {
	case serialBuild:
		o.serial = true
		o.about += ", one product at a time (a build without threads and locks)"
	case openMPBuild:
		if o.ompSetThreads, err = purego.Dlsym(handle, "omp_set_num_threads"); err != nil {
			return nil, &InterfaceError{Have: "OpenMP without omp_set_num_threads", Want: "a way to set one thread"}
		}
	}
	return o, nil
}

// sharedObject is the file a function came from, or the name it was loaded by where the
// system does not tell.
func sharedObject(function uintptr, name string) string {
	dladdr, err := purego.Dlsym(purego.RTLD_DEFAULT, "dladdr")
	if err != nil {
		return name
	}
	var info struct { // Dl_info
		file       *byte
		base       uintptr
		symbol     *byte
		symbolAddr uintptr
	}
	if r, _, _ := purego.SyscallN(dladdr, function, uintptr(unsafe.Pointer(&info))); int32(r) == 0 || info.file == nil {
		return name
	}
	length := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(info.file), length)) != 0 {
		length++
	}
	return string(unsafe.Slice(info.file, length))
}
