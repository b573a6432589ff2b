// Package miniimagenet reads mini-ImageNet, or any folder of labelled images with three tables, as
// a data.Bank.
//
//	DIR/images/      JPEG or PNG files
//	DIR/train.csv    columns filename,label: the classes of meta-training
//	DIR/val.csv      … of validation
//	DIR/test.csv     … of meta-test
//
// The real one has 64, 16 and 20 classes of 600 images. It cannot be downloaded by a program, for
// the images are ImageNet's; the tables are those of Ravi & Larochelle.
//
// Images are scaled to Size×Size by area averaging without cropping, so that other shapes than
// squares are squeezed, as in the code of Finn et al., ICML 2017. Colours are normalised,
//
//	x = (v/255 − Mean[c]) / Std[c]    v in 0 … 255, c = red, green, blue
//
// with the means and standard deviations over ImageNet that are in general use.
//
// An image is decoded when an episode first shows it, and kept as 3·Size² bytes as long as there is
// room, so that loading is quick and memory bounded.
//
// Source: Vinyals et al., NeurIPS 2016, for the task; Ravi & Larochelle, ICLR 2017, for the classes.
package miniimagenet
