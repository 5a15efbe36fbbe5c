package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// theirs is the processor's time that PostgreSQL has used: the server, its children and
// those that are gone; 0 where the system does not tell.
func (s *caseServer) theirs() (sum time.Duration) {
	if s.pid == 0 {
		return 0
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // gone meanwhile
		}
		name := strings.LastIndexByte(string(text), ')')
		f := strings.Fields(string(text)[name+1:]) // state, parent, …
		if len(f) < 15 || f[1] != strconv.Itoa(s.pid) && !strings.HasSuffix(path, fmt.Sprintf("/%d/stat", s.pid)) {
			continue
		}
		ticks := f[11:13] // of itself, in user and system mode
		if f[1] != strconv.Itoa(s.pid) {
			ticks = f[11:15] // and of its children that ended
		}
		for _, t := range ticks {
			n, _ := strconv.Atoi(t)
			sum += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return sum
}
