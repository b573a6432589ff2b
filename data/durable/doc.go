// Package durable changes files so that a death at any time leaves the old content or the new one,
// complete.
package durable
