package cli

import (
	"context"

	"metaplast/cmd/metaplast/interrupt"
)

// untilSignal is interrupt.Until with this program's exit code.
func untilSignal(say func()) (context.Context, func()) { return interrupt.Until(exitInterrupted, say) }

// stopAtSignal is for commands that measure, and write at their end if at all; see interrupt.AtOnce.
func stopAtSignal(u *ui) (commit func()) {
	return interrupt.AtOnce(exitInterrupted, func() { u.notef("interrupted: nothing is written") })
}
