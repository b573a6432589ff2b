// Package metatrain meta-trains learners from Go and goes on with the run later.
package metatrain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"metaplast/metaopt/config"
	"metaplast/metaopt/run"
)

// The run is that of the command `metaplast train sine-quick --set meta.steps=40`, with the same
// files: `metaplast eval`, `report` and `compare` read its folder, and `train --resume` goes on with it.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	preset, err := config.LookupPreset("sine-quick")
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg, err := config.Parse(preset.Name, preset.Text, []string{"meta.steps=40", "task.steps=4"})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := run.Create(filepath.Join(dir, "run"), cfg, run.Options{Workers: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	if err := r.Train(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	result, err := r.Result()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range result.Learners {
		fmt.Printf("%s: held-out loss is lower: %v\n", l.Learner, l.Trained.Median < l.Untrained.Median)
	}
	// Output:
	// flp: held-out loss is lower: true
	// oml: held-out loss is lower: true
}
