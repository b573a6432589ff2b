//go:build unix

package regular

import "golang.org/x/sys/unix"

const (
	noWait   = unix.O_NONBLOCK // opening a pipe does not wait for its other end; regular files do not care
	noFollow = unix.O_NOFOLLOW
)
