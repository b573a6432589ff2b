package data

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"gorgonia.org/tensor"
)

// Episode is one lifetime of a network: T inner steps of N examples each, then M examples to
// be judged by.
//
//	SupportX     [T,N,...]    inputs of inner step t
//	SupportY     [T,N,n_out]  targets; class labels are one-hot rows
//	QueryX       [M,...]      inputs after the last step; "..." as in SupportX
//	QueryY       [M,n_out]    targets
//	SupportTask  [T*N]        task of each support example: index of its function or class,
//	                          from 0, at t*N+n
//	QueryTask    [M]          task of each query example
//	SupportReward [T,N]       what is given for each support example beside its target, for learners
//	                          whose third factor it is; nil of a task that gives none
//
// All tensors are float64, contiguous and in C order, so that Data() is their elements. T, N,
// M and n_out are at least 1. The zero value is not a valid episode.
type Episode struct {
	SupportX, SupportY, QueryX, QueryY *tensor.Dense
	SupportTask, QueryTask             []int
	SupportReward                      *tensor.Dense
}

// Arrays are the elements of the four tensors, which keep them.
func (e Episode) Arrays() (supportX, supportY, queryX, queryY []float64) {
	values := func(d *tensor.Dense) []float64 { return d.Data().([]float64) }
	return values(e.SupportX), values(e.SupportY), values(e.QueryX), values(e.QueryY)
}

// Rewards are the elements of SupportReward, which keeps them; nil if there is none.
func (e Episode) Rewards() []float64 {
	if e.SupportReward == nil {
		return nil
	}
	return e.SupportReward.Data().([]float64)
}

// Reward is that of the N examples of inner step t; nil if there is none.
func (e Episode) Reward(t int) []float64 {
	r := e.Rewards()
	if r == nil {
		return nil
	}
	n := e.SupportReward.Shape()[1]
	return r[t*n : (t+1)*n]
}

// Validate checks that the shapes of an episode fit each other, that its values are finite
// and its task indices not negative. It returns all faults, joined: *ShapeError and, the first
// of each array, *ValueError.
func (e Episode) Validate() error {
	var faults []error
	shape := func(name string, d *tensor.Dense, min int, want string) []int {
		if d == nil {
			faults = append(faults, &ShapeError{Array: name, Want: want})
			return nil
		}
		s := []int(d.Shape().Clone())
		ok := len(s) >= min
		for _, n := range s {
			ok = ok && n >= 1
		}
		if !ok {
			faults = append(faults, &ShapeError{Array: name, Got: s, Want: want})
			return nil
		}
		if err := values(name, d, s); err != nil {
			faults = append(faults, err)
		}
		return s
	}
	sx := shape("SupportX", e.SupportX, 3, "[T,N,...]")
	sy := shape("SupportY", e.SupportY, 3, "[T,N,n_out]")
	qx := shape("QueryX", e.QueryX, 2, "[M,...]")
	qy := shape("QueryY", e.QueryY, 2, "[M,n_out]")
	var reward []int
	if e.SupportReward != nil {
		reward = shape("SupportReward", e.SupportReward, 2, "[T,N]")
	}

	fit := func(name string, got []int, want ...string) {
		if got != nil && !matches(got, want) {
			faults = append(faults, newShapeError(name, got, want))
		}
	}
	if sx != nil {
		fit("SupportY", sy, itoa(sx[0]), itoa(sx[1]), "n_out")
		fit("QueryX", qx, append([]string{"M"}, itoas(sx[2:])...)...)
		fit("SupportTask", []int{len(e.SupportTask)}, itoa(sx[0]*sx[1]))
		fit("SupportReward", reward, itoa(sx[0]), itoa(sx[1]))
	}
	if qx != nil {
		outputs := "n_out"
		if len(sy) == 3 {
			outputs = itoa(sy[2])
		}
		fit("QueryY", qy, itoa(qx[0]), outputs)
		fit("QueryTask", []int{len(e.QueryTask)}, itoa(qx[0]))
	}
	faults = append(faults, taskFaults("SupportTask", e.SupportTask), taskFaults("QueryTask", e.QueryTask))
	return errors.Join(faults...)
}

// taskFaults checks task indices.
func taskFaults(name string, indices []int) error {
	for i, task := range indices {
		if task < 0 {
			return &ValueError{Array: name, Index: []int{i}, Value: float64(task), Err: ErrTask}
		}
	}
	return nil
}

// values checks type, layout and finiteness.
func values(name string, d *tensor.Dense, shape []int) error {
	data, ok := d.Data().([]float64)
	if !ok {
		return fmt.Errorf("data: %s is of type %v, want float64", name, d.Dtype())
	}
	if d.RequiresIterator() || d.DataOrder().IsColMajor() || len(data) != d.Shape().TotalSize() {
		return fmt.Errorf("data: %s is a view or in Fortran order, want contiguous elements in C order", name)
	}
	for i, v := range data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			index := make([]int, len(shape))
			for k := len(shape) - 1; k >= 0; k-- {
				index[k] = i % shape[k]
				i /= shape[k]
			}
			return &ValueError{Array: name, Index: index, Value: v, Err: ErrNotFinite}
		}
	}
	return nil
}

// matches compares a shape with a pattern of numbers and of letters that fit anything.
func matches(got []int, want []string) bool {
	if len(got) != len(want) {
		return false
	}
	for i, w := range want {
		if n, err := strconv.Atoi(w); err == nil && n != got[i] {
			return false
		}
	}
	return true
}

func itoa(n int) string { return strconv.Itoa(n) }

func itoas(ns []int) []string {
	s := make([]string, len(ns))
	for i, n := range ns {
		s[i] = itoa(n)
	}
	return s
}
