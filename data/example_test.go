package data_test

import (
	"fmt"

	"metaplast/data"
)

// Two functions of two inner steps each, three examples a step.
func ExampleSine() {
	s := data.Sine{Functions: 2, Steps: 2, Batch: 3, Query: 4}
	e, err := s.Sample(1, data.Train, 0, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("support", e.SupportX.Shape(), e.SupportY.Shape(), e.SupportTask)
	fmt.Println("query", e.QueryX.Shape(), e.QueryY.Shape(), e.QueryTask)

	s.Order = data.IID
	e, _ = s.Sample(1, data.Train, 0, 0)
	fmt.Println("shuffled", e.SupportTask)
	// Output:
	// support (4, 3, 3) (4, 3, 1) [0 0 0 0 0 0 1 1 1 1 1 1]
	// query (8, 3) (8, 1) [0 0 0 0 1 1 1 1]
	// shuffled [0 0 0 1 0 0 0 1 1 1 1 1]
}

// All faults are listed at once.
func ExampleSine_Validate() {
	fmt.Println(data.Sine{Functions: -1, Steps: 8, Batch: 8, Order: "random"}.Validate())
	// Output:
	// functions: -1, want at least 1
	// query: 0, want at least 1
	// order: "random", want continual or iid
}
