package cli

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// notifySignals has the signals that end a command delivered: SIGINT, SIGTERM, and SIGHUP unless
// the program was started to ignore it, as nohup does.
func notifySignals() chan os.Signal {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	return signals
}

// untilSignal returns a context that ends with the first signal, which is announced by say. The
// second ends the process at once; the run folder is valid at any time.
func untilSignal(say func()) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := notifySignals()
	go func() {
		select {
		case <-signals:
		case <-ctx.Done():
			return
		}
		say()
		cancel()
		<-signals
		os.Exit(exitInterrupted)
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}

// stopAtSignal is for commands that measure, and write at their end if at all: the first signal
// ends the process at once, whatever it is computing. What it returns is called before anything
// is written or printed: from then on only a second signal ends the process, so that what is
// written is whole.
func stopAtSignal(u *ui) (commit func()) {
	signals := notifySignals()
	var mu sync.Mutex // held to the end by who comes first, the signal or the writing
	writing := false
	go func() {
		<-signals
		mu.Lock()
		if !writing {
			u.notef("interrupted: nothing is written")
			os.Exit(exitInterrupted)
		}
		mu.Unlock()
		<-signals
		os.Exit(exitInterrupted)
	}()
	return func() {
		mu.Lock()
		writing = true
		mu.Unlock()
	}
}
