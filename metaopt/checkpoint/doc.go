// Package checkpoint keeps the state of a run in a file: written atomically, sealed by a checksum, the
// same bytes for the same state, readable by numpy.load.
package checkpoint
