package npz_test

import (
	"bytes"
	"fmt"

	"metaplast/data/npz"
)

func Example() {
	b, err := npz.Encode([]npz.Named{
		{Name: "W0", Array: npz.Array{Shape: []int{2, 2}, Data: []float64{1, 2, 3, 4}}},
		{Name: "beta0", Array: npz.Array{Shape: []int{1}, Data: []float64{0.5}, Float32: true}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	arrays, err := npz.Decode(bytes.NewReader(b), int64(len(b)))
	fmt.Println(arrays["W0"], err)
	fmt.Println(arrays["beta0"])

	_, err = npz.Decode(bytes.NewReader(b[:100]), 100)
	fmt.Println(err)
	// Output:
	// {[2 2] [1 2 3 4] false} <nil>
	// {[1] [0.5] true}
	// npz: malformed npz: zip: not a valid zip file
}
