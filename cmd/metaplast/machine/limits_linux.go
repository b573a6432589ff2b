package machine

import "golang.org/x/sys/unix"

// aside is address space that a run takes beside the memory it plans: stacks of threads, arenas of
// the C library, the heap's own tables.
const aside = 256 << 20

// ofProcess is what the process's limits on address space and on data leave; 0 without a limit. Go
// ends a program that is refused memory, so that this must be known before.
func ofProcess(status string) int64 {
	var left int64
	for _, l := range []struct {
		resource int
		taken    string
	}{{unix.RLIMIT_AS, "VmSize:"}, {unix.RLIMIT_DATA, "VmData:"}} {
		var r unix.Rlimit
		if err := unix.Getrlimit(l.resource, &r); err != nil || r.Cur >= unlimited {
			continue
		}
		left = least(left, room(int64(r.Cur), entry(status, l.taken)<<10))
	}
	return left
}

// room is what may be planned of a limit. A tenth is for what the heap cannot use of the pieces
// that it takes address space in.
func room(limit, taken int64) int64 { return max((limit-taken)/10*9-aside, 1) }
