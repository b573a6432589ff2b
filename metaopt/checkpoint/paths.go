package checkpoint

import (
	"fmt"
	"path/filepath"
	"strings"
)

// PreviousPath is where Save keeps the checkpoint before the one at path:
// "checkpoint.npz" → "checkpoint.prev.npz".
func PreviousPath(path string) string {
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + ".prev" + ext
}

// KeptPath is where the checkpoint of a meta-step is kept for good:
// "checkpoint.npz", 500 → "checkpoint-000500.npz". See Settings.KeepEvery.
func KeptPath(path string, step int) string {
	ext := filepath.Ext(path)
	return fmt.Sprintf("%s-%06d%s", strings.TrimSuffix(path, ext), step, ext)
}

// SoundPath is where the newest checkpoint is kept whose parameters are known to be sound:
// "checkpoint.npz" → "checkpoint.sound.npz". The meta-step after it went through with no learner
// diverging; so it is from before a divergence that later checkpoints are in the midst of.
func SoundPath(path string) string {
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + ".sound" + ext
}
