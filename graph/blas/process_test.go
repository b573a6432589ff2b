package blas

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const childVariable = "METAPLAST_BLAS_TEST_USE"

// child is another process of this test binary: it tells what Default gave, after Use of the
// name in childVariable unless that is -.
func child() int {
	if name := os.Getenv(childVariable); name != "-" {
		if err := Use(name); err != nil {
			fmt.Println(err)
			return 1
		}
	}
	lib, err := Default()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(lib.Name())
	return 0
}

func TestProcess(t *testing.T) {
	tests := []struct {
		env, use string
		want     string
		fails    bool
	}{
		{"gonum", "-", "gonum", false},
		{"openblas", "-", "openblas", false},
		{"auto", "-", "openblas", false},
		{"", "-", "openblas", false},
		{"mkl", "-", `blas: METAPLAST_BLAS: have "mkl", want one of openblas, gonum, auto`, true},
		{"openblas", "gonum", "gonum", false},
		{"gonum", "openblas", "openblas", false},
		{"gonum", "mkl", `blas: library: have "mkl", want one of openblas, gonum, auto`, true},
	}
	for _, test := range tests {
		t.Run(test.env+"/"+test.use, func(t *testing.T) {
			if test.want == nameOpenBLAS {
				open(t, nameOpenBLAS)
			}
			command := exec.Command(os.Args[0])
			command.Env = append(os.Environ(), Variable+"="+test.env, childVariable+"="+test.use)
			out, err := command.CombinedOutput()
			if have := strings.TrimSpace(string(out)); have != test.want || (err != nil) != test.fails {
				t.Errorf("have %q (%v), want %q", have, err, test.want)
			}
		})
	}
}
