package fetch

import (
	"fmt"
	"strings"
)

// Sum identifies the bytes of a file.
type Sum struct {
	SHA256 string // 64 hexadecimal digits, lower case
	Size   int64  // bytes
}

// File is one file of a data set.
type File struct {
	Name string // in the set's folder
	URL  string
	Sums []Sum // any of them will do; the first is what URL gives
}

// Set is a data set. To fetch from elsewhere, a mirror or a test server, make one.
type Set struct {
	Name    string
	About   string // one line
	License string
	Files   []File // empty for a set that may not be downloaded
	Manual  string // for such a set: how to get it
}

// Omniglot is the name of the set in Sets.
const Omniglot = "omniglot"

// The checksums of the two archives of Omniglot in its official repository, as TensorFlow Datasets
// and torchvision publish them.
const (
	BackgroundSHA256 = "ad41ab679c8b5d90b271ef46be6987cc81211774a695c29dcc5367b2b26ee640"
	BackgroundSize   = 9464212
	EvaluationSHA256 = "1f61a8f3366785b057fc117d9228e78a16e3d976c8953b2a10fcc74cf0609cee"
	EvaluationSize   = 6462886
)

// The checksums of a repacked copy of the two archives: drawings only, without folders, sorted by
// path and stored without compression.
const (
	RepackedBackgroundSHA256 = "514f45727e3197156cbe58727ae5892bf7c819ab7c8f543700c326b2503be144"
	RepackedBackgroundSize   = 8704330
	RepackedEvaluationSHA256 = "81e9f1b514b0852d594e4fc6e64151511f4e8094c4465f3b494dc5693a9f7655"
	RepackedEvaluationSize   = 5960452
)

// The names of Omniglot's archives.
const (
	BackgroundZip = "images_background.zip"
	EvaluationZip = "images_evaluation.zip"
)

// Sets returns the data sets that the project knows how to come by.
func Sets() []Set {
	const omniglot = "https://raw.githubusercontent.com/brendenlake/omniglot/master/python/"
	return []Set{
		{
			Name: Omniglot, License: "MIT",
			About: "1623 handwritten characters of 50 alphabets, 20 drawings each (Lake et al., Science 350, 2015)",
			Files: []File{
				{Name: BackgroundZip, URL: omniglot + BackgroundZip,
					Sums: []Sum{{BackgroundSHA256, BackgroundSize}, {RepackedBackgroundSHA256, RepackedBackgroundSize}}},
				{Name: EvaluationZip, URL: omniglot + EvaluationZip,
					Sums: []Sum{{EvaluationSHA256, EvaluationSize}, {RepackedEvaluationSHA256, RepackedEvaluationSize}}},
			},
		},
		{
			Name: "mini-imagenet", License: "that of ImageNet: research only, no redistribution",
			About:  "100 classes of ImageNet, 600 images each (Vinyals et al., NeurIPS 2016; splits of Ravi & Larochelle, ICLR 2017)",
			Manual: "get the images from ImageNet, and put them into a folder images/ beside train.csv, val.csv and test.csv with the columns filename,label",
		},
	}
}

// Lookup returns the set of a name. It fails with ErrUnknown.
func Lookup(name string) (Set, error) {
	var names []string
	for _, s := range Sets() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Set{}, &Error{Set: fmt.Sprintf("%q", name), Err: ErrUnknown, Do: "choose one of " + strings.Join(names, ", ")}
}

// largest and has look through the sums of a file.
func (f File) largest() int64 {
	var n int64
	for _, s := range f.Sums {
		n = max(n, s.Size)
	}
	return n
}

func (f File) hasSize(n int64) bool {
	for _, s := range f.Sums {
		if s.Size == n {
			return true
		}
	}
	return false
}

func (f File) has(sum Sum) bool {
	for _, s := range f.Sums {
		if s == sum {
			return true
		}
	}
	return false
}

// sizes and hashes list what a file may be, for messages.
func (f File) sizes() string {
	var all []string
	for _, s := range f.Sums {
		all = append(all, fmt.Sprint(s.Size))
	}
	return strings.Join(all, " or ")
}

func (f File) hashes() string {
	var all []string
	for _, s := range f.Sums {
		all = append(all, s.SHA256)
	}
	return strings.Join(all, " or ")
}
