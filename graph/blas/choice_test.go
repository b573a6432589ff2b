package blas

import (
	"errors"
	"strings"
	"testing"
)

// testChoice is a process with the environment env, with OpenBLAS or without.
func testChoice(env string, openBLAS bool) *choice {
	return &choice{
		env: func() string { return env },
		open: func(name string) (*Library, error) {
			switch {
			case name == nameOpenBLAS && !openBLAS:
				return nil, &UnusableError{Name: name, Tried: []Attempt{{Path: "libopenblas.so.0", Err: errors.New("no such file"), Absent: true}}}
			case name == nameOpenBLAS || name == nameGonum:
				return &Library{name: name, impl: gonumProducts{}}, nil
			}
			return nil, &UnknownError{Name: name, Want: Names()}
		},
	}
}

func TestChoice(t *testing.T) {
	const absent, unknown, late = "no usable openblas", "want one of openblas, gonum, auto", "chosen"
	tests := []struct {
		env      string
		openBLAS bool
		use      []string
		want     string // the library, or part of the error of Default
		useErr   string // part of the last error of Use
	}{
		{"", true, nil, "openblas", ""},
		{"auto", true, nil, "openblas", ""},
		{"openblas", true, nil, "openblas", ""},
		{"gonum", true, nil, "gonum", ""},
		{"mkl", true, nil, unknown, ""},
		{"OpenBLAS", true, nil, unknown, ""},
		{"", false, nil, "gonum", ""},
		{"auto", false, nil, "gonum", ""},
		{"openblas", false, nil, absent, ""},
		{"gonum", false, nil, "gonum", ""},

		{"openblas", true, []string{"gonum"}, "gonum", ""},
		{"gonum", true, []string{"openblas"}, "openblas", ""},
		{"gonum", true, []string{"auto"}, "openblas", ""},
		{"gonum", true, []string{""}, "gonum", ""},
		{"mkl", true, []string{"gonum"}, "gonum", ""},
		{"openblas", false, []string{"gonum"}, "gonum", ""},
		{"", true, []string{"openblas", "gonum"}, "gonum", ""},
		{"gonum", true, []string{"mkl"}, "gonum", unknown},
		{"gonum", false, []string{"openblas"}, "gonum", absent},
	}
	for _, test := range tests {
		c := testChoice(test.env, test.openBLAS)
		var useErr error
		for _, name := range test.use {
			useErr = c.use(name)
		}
		if !matches(useErr, test.useErr) {
			t.Errorf("%+v: Use: have %v", test, useErr)
		}
		lib, err := c.resolve()
		if err != nil {
			if !matches(err, test.want) || !strings.Contains(err.Error(), Variable) {
				t.Errorf("%+v: Default: have %v", test, err)
			}
			continue
		}
		if lib.Name() != test.want {
			t.Errorf("%+v: Default: have %s", test, lib.Name())
		}
		if again, _ := c.resolve(); again != lib {
			t.Errorf("%+v: Default gave two values", test)
		}
		for _, name := range Names() {
			if name == nameOpenBLAS && !test.openBLAS {
				continue
			}
			err := c.use(name)
			if tooLate := (*ChosenError)(nil); errors.As(err, &tooLate) != (name != lib.Name()) {
				t.Errorf("%+v: Use(%s) after Default: have %v", test, name, err)
			}
			if name != lib.Name() && !matches(err, late) {
				t.Errorf("%+v: Use(%s) after Default: have %v", test, name, err)
			}
		}
	}
}

func matches(err error, want string) bool {
	if err == nil {
		return want == ""
	}
	return want != "" && strings.Contains(err.Error(), want)
}

// What auto fell back to says why.
func TestFallbackIsTold(t *testing.T) {
	lib, err := testChoice("", false).resolve()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(lib.Describe(), "since blas: no usable openblas") {
		t.Errorf("have %q", lib.Describe())
	}
}

// A library that is there and cannot be used is something to warn of, where nobody asked for a
// library by name; one that is not there is none.
func TestBrokenLibraryIsWarnedOf(t *testing.T) {
	gone := Attempt{Path: "libopenblas.so.0", Err: errors.New("libopenblas.so.0: no such file"), Absent: true}
	short := Attempt{Path: "libopenblas.so.0", Err: errors.New("libopenblas.so.0: file too short")}
	wrong := Attempt{Path: "libopenblas.so", Err: &SelfTestError{Product: "sgemm NT 7×5×3", Index: 4, Have: 1, Want: 2}}
	for _, c := range []struct {
		env   string
		tried []Attempt
		want  string
	}{
		{"", []Attempt{gone}, ""},
		{"", nil, ""}, // a system without a way of loading
		{"gonum", []Attempt{short}, ""},
		{"", []Attempt{short}, "openblas is installed and cannot be used: libopenblas.so.0: file too short"},
		{"auto", []Attempt{gone, wrong}, "openblas is installed and cannot be used: libopenblas.so: self-test sgemm NT 7×5×3: value 4: have 1, want 2"},
		{"", []Attempt{short, wrong}, "openblas is installed and cannot be used: libopenblas.so.0: file too short; libopenblas.so: self-test sgemm NT 7×5×3: value 4: have 1, want 2"},
	} {
		process := &choice{env: func() string { return c.env }, open: func(name string) (*Library, error) {
			if name == nameOpenBLAS {
				return nil, &UnusableError{Name: name, Tried: c.tried}
			}
			return &Library{name: name, impl: gonumProducts{}}, nil
		}}
		lib, err := process.resolve()
		if err != nil || lib.Name() != nameGonum || lib.Warning() != c.want {
			t.Errorf("%q, %v: %v, warning %q, want %q", c.env, c.tried, err, lib.Warning(), c.want)
		}
		if c.want != "" && !strings.HasSuffix(lib.Describe(), "; chosen since "+c.want) {
			t.Errorf("described as %q", lib.Describe())
		}
	}
}

func TestOpen(t *testing.T) {
	eachLibrary(t, func(t *testing.T, lib *Library) {
		if again, err := Open(lib.Name()); again != lib || err != nil {
			t.Errorf("opened again: have %p %v, want %p", again, err, lib)
		}
		t.Log(lib.Describe())
	})
	unknown := (*UnknownError)(nil)
	if _, err := Open("auto"); !errors.As(err, &unknown) || err.Error() != `blas: library: have "auto", want one of openblas, gonum` {
		t.Errorf("have %v", err)
	}
}
