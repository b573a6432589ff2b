package blas

import (
	"errors"
	"os"
	"strings"
	"sync"
)

var process = choice{env: func() string { return os.Getenv(Variable) }, open: Open}

// Default is the library of this process: what Use chose, else what METAPLAST_BLAS names,
// else OpenBLAS if it is usable, else gonum. The first call that succeeds settles it. Errors
// are those of Open, for a name the environment gave.
func Default() (*Library, error) { return process.resolve() }

// InUse is the name of the library of this process; empty where there is none that can be used.
func InUse() string {
	lib, err := Default()
	if err != nil {
		return ""
	}
	return lib.Name()
}

// Use chooses the library of this process, over the environment: the choice of a command
// line. auto is OpenBLAS if usable, else gonum; the empty name chooses nothing and leaves
// the choice as it is. Use loads the library, so that an absent one is told at once, with
// the errors of Open; the choice is then unchanged. Once Default has settled on a library,
// choosing another is a *ChosenError, since products of the two must not mix in one run.
func Use(name string) error { return process.use(name) }

// choice is how a process comes to its library.
type choice struct {
	env  func() string
	open func(name string) (*Library, error)

	mu      sync.Mutex
	used    *Library // by Use
	settled *Library
}

func (c *choice) use(name string) error {
	if name == "" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	lib, err := c.find(name)
	if err != nil {
		return err
	}
	if c.settled != nil && c.settled.name != lib.name {
		return &ChosenError{Have: c.settled.name, Want: lib.name}
	}
	c.used = lib
	return nil
}

func (c *choice) resolve() (*Library, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.settled != nil {
		return c.settled, nil
	}
	lib := c.used
	if lib == nil {
		var err error
		if lib, err = c.find(c.env()); err != nil {
			return nil, from(Variable, err)
		}
	}
	c.settled = lib
	return lib, nil
}

// find opens a library by name, or the best one for auto and the empty name.
func (c *choice) find(name string) (*Library, error) {
	if name != "" && name != nameAuto {
		lib, err := c.open(name)
		var unknown *UnknownError
		if errors.As(err, &unknown) {
			return nil, &UnknownError{Name: name, Want: append(Names(), nameAuto)}
		}
		return lib, err
	}
	lib, err := c.open(nameOpenBLAS)
	if err == nil {
		return lib, nil
	}
	fallback, gonumErr := c.open(nameGonum)
	if gonumErr != nil {
		return nil, errors.Join(err, gonumErr)
	}
	reason, _, _ := strings.Cut(err.Error(), "\n")
	lib = &Library{name: fallback.name, impl: fallback.impl, note: "chosen since " + reason}
	var unusable *UnusableError
	if errors.As(err, &unusable) {
		var broken []string
		for _, t := range unusable.Broken() {
			broken = append(broken, t.String())
		}
		if len(broken) > 0 {
			lib.warning = unusable.Name + " is installed and cannot be used: " + strings.Join(broken, "; ")
			lib.note = "chosen since " + lib.warning
		}
	}
	return lib, nil
}

// from says in an error of Open where the name was given. The memoised error stays as it is.
func from(where string, err error) error {
	var unknown *UnknownError
	var unusable *UnusableError
	switch {
	case errors.As(err, &unknown):
		e := *unknown
		e.From = where
		return &e
	case errors.As(err, &unusable):
		e := *unusable
		e.From = where
		return &e
	}
	return err
}
