// Package run keeps a run of meta-training in a folder.
package run
