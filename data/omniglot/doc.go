// Package omniglot reads the characters of Omniglot straight from the two archives of the data set
// as a data.Bank.
//
//	images_background.zip   30 alphabets, 964 characters: meta-training and validation
//	images_evaluation.zip   20 alphabets, 659 characters: meta-test
//
// with 20 drawings of 105×105 pixels for each character, every one by another person. They are
// scaled down by area averaging, strokes 1 on a background of 0. What has been decoded is kept in
// a cache beside the archives that package fetch installs.
//
// Source: Lake, Salakhutdinov & Tenenbaum, Science 350 (2015) 1332–1338, whose background and
// evaluation sets these are. Not to be confused with the split of Vinyals et al., NeurIPS 2016,
// which shuffles all 1623 characters, so that training has alphabets in common with the test.
package omniglot
