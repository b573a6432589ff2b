// Package stream makes the random streams of a run.
//
// Randomness is an argument everywhere in this project: no package reads the clock or a
// global source. A stream is a PCG generator (O'Neill 2014, as in math/rand/v2) whose two
// 64-bit seeds are a hash of what the numbers are for:
//
//	stream = PCG(H(seed, purpose, step, episode))
//
// Because the key holds the meta-step and the episode, a resumed run needs no generator
// state beyond those counters, and any worker can draw any episode.
package stream

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// New returns the stream for one purpose of one run. Streams with different keys are
// independent for all practical purposes: the key is hashed with SHA-256, so that no
// two of them overlap by arithmetic on seeds.
//
//	seed     the run's seed
//	purpose  what is drawn, for example "train/sine" or "init/flp/W0"; it keeps training
//	         and held-out episodes apart
//	step     meta-step, or the evaluation's number
//	episode  index of the episode within the step
func New(seed uint64, purpose string, step, episode uint64) *rand.Rand {
	key := make([]byte, 0, 24+len(purpose))
	key = binary.LittleEndian.AppendUint64(key, seed)
	key = binary.LittleEndian.AppendUint64(key, step)
	key = binary.LittleEndian.AppendUint64(key, episode)
	key = append(key, purpose...)
	h := sha256.Sum256(key)
	return rand.New(rand.NewPCG(binary.LittleEndian.Uint64(h[:8]), binary.LittleEndian.Uint64(h[8:16])))
}
