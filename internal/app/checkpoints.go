package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// CheckpointsFile is where signed checkpoints are added to, in the data folder: to be copied
// and published wherever the office likes. It says nothing of any case.
const CheckpointsFile = "checkpoints.txt"

// checkpoint signs what has happened, once an hour, and adds it to the file.
func (a *App) checkpoint(ctx context.Context) (int, error) {
	text, err := a.Store.Checkpoint(ctx, time.Now())
	if err != nil || text == "" {
		return 0, err
	}
	f, err := os.OpenFile(filepath.Join(a.Settings.DataDir, CheckpointsFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("keep checkpoint: %w", err)
	}
	_, err = f.WriteString(text + "\n")
	return 0, errors.Join(err, f.Close())
}

// linkings is how many transactions a minute link cases of before the chain, 200 cases each:
// enough for 100,000 in ten minutes, and people's own writes go in between.
const linkings = 50

func (a *App) linkOld(ctx context.Context) (int, error) {
	all := 0
	for range linkings {
		n, err := a.Store.LinkOld(ctx)
		all += n
		if err != nil || n == 0 {
			return all, err
		}
	}
	return all, nil
}

// SplitCheckpoints takes apart what several checkpoints were written to one after the other.
func SplitCheckpoints(text string) (all []string) {
	var one []string
	signed := false
	for line := range strings.Lines(text) {
		signature := strings.HasPrefix(line, "— ")
		if signed && !signature {
			all, one, signed = append(all, strings.Join(one, "")), nil, false
		}
		if len(one) == 0 && strings.TrimSpace(line) == "" {
			continue
		}
		one, signed = append(one, line), signed || signature
	}
	if signed {
		all = append(all, strings.Join(one, ""))
	}
	return all
}
