// Package interrupt ends a command when it is asked to by a signal: after what is under way, or at once
// where nothing has been written yet.
package interrupt

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// notified has the signals that end a command delivered: SIGINT, SIGTERM, and SIGHUP unless
// the program was started to ignore it, as nohup does.
func notified() chan os.Signal {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	return signals
}

// Until returns a context that ends with the first signal, which is announced by say. The second ends
// the process at once with an exit code; so what is written must be valid at any time.
func Until(code int, say func()) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := notified()
	go func() {
		select {
		case <-signals:
		case <-ctx.Done():
			return
		}
		say()
		cancel()
		<-signals
		os.Exit(code)
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}

// AtOnce is for commands that measure, and write at their end if at all: the first signal
// is announced by say and
// ends the process at once, whatever it is computing. What it returns is called before anything
// is written or printed: from then on only a second signal ends the process, so that what is
// written is whole.
func AtOnce(code int, say func()) (commit func()) {
	signals := notified()
	var mu sync.Mutex // held to the end by who comes first, the signal or the writing
	writing := false
	go func() {
		<-signals
		mu.Lock()
		if !writing {
			say()
			os.Exit(code)
		}
		mu.Unlock()
		<-signals
		os.Exit(code)
	}()
	return func() {
		mu.Lock()
		writing = true
		mu.Unlock()
	}
}
