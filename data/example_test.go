package data_test

import (
	"context"
	"fmt"

	"metaplast/data"
	"metaplast/data/glyphs"
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

// Three new characters, two drawings of each to learn from and one to be judged by.
func ExampleClassification() {
	bank, err := glyphs.Load(context.Background(), glyphs.Config{Train: 20, HeldOut: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := data.Classification{Bank: bank, Ways: 3, Shots: 2, Batch: 1, Query: 1, Outputs: 10}
	e, err := c.Sample(1, data.HeldOut, 0, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("support", e.SupportX.Shape(), e.SupportY.Shape(), e.SupportTask)
	fmt.Println("query", e.QueryX.Shape(), e.QueryY.Shape(), e.QueryTask)
	// Output:
	// support (6, 1, 1, 28, 28) (6, 1, 10) [0 0 1 1 2 2]
	// query (3, 1, 28, 28) (3, 10) [0 1 2]
}

// A long stream, shown step by step from two buffers, with the places where a matrix of accuracies
// is measured.
func ExampleTrajectory() {
	bank, err := glyphs.Load(context.Background(), glyphs.Config{Train: 1, HeldOut: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := data.Trajectory{Bank: bank, Classes: 4}.Plan(1, data.HeldOut, 0, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, y := make([]float64, 28*28), make([]float64, p.Outputs)
	step := 0
	for _, block := range p.Blocks() {
		for ; step < block.Step; step++ {
			if err := p.Fill(p.Support[step:step+1], x, y); err != nil {
				fmt.Println(err)
				return
			}
		}
		fmt.Printf("after step %d: ask about %d to %d of %d\n", step, block.QueryFrom, block.QueryTo-1, len(p.Query))
	}
	// Output:
	// after step 15: ask about 0 to 4 of 20
	// after step 30: ask about 5 to 9 of 20
	// after step 45: ask about 10 to 14 of 20
	// after step 60: ask about 15 to 19 of 20
}

// stripes are drawings of 4×4 pixels: class c has a bright row c, a bit brighter in each drawing.
type stripes struct{}

func (stripes) Read(dst []uint8, class, drawing int) error {
	clear(dst)
	for x := range 4 {
		dst[4*(class%4)+x] = uint8(200 + drawing)
	}
	return nil
}

// Drawings of one's own become a bank, and any bank episodes of classification.
func ExampleNewBank() {
	spec := data.BankSpec{Name: "stripes", Shape: [3]int{1, 4, 4}, Source: stripes{}}
	for i, split := range []data.Split{data.Train, data.Train, data.HeldOut, data.HeldOut} {
		spec.Classes = append(spec.Classes, data.Class{Name: fmt.Sprint("row ", i), Split: split, Drawings: 5})
	}
	bank, err := data.NewBank(spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := data.Classification{Bank: bank, Ways: 2, Shots: 3, Batch: 1, Query: 2}.Sample(1, data.Train, 0, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("support", e.SupportX.Shape(), "query", e.QueryX.Shape())
	fmt.Printf("nearest neighbour: %.0f %% correct\n", 100*data.NearestNeighbour(e))
	// Output:
	// support (6, 1, 1, 4, 4) query (4, 1, 4, 4)
	// nearest neighbour: 100 % correct
}
