package main

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// cpuSeconds is the user and system time of a process and its ended children, from
// /proc/pid/stat, whose ticks are 1/100 s; 0 where there is no /proc.
func cpuSeconds(pid int) (s float64) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	for _, i := range []int{11, 12, 13, 14} {
		ticks, _ := strconv.ParseFloat(fields[i], 64)
		s += ticks / 100
	}
	return s
}

// memory is what a process holds and held at most, in MiB.
func memory(pid int) (now, peak float64) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		kib, _ := strconv.ParseFloat(f[1], 64)
		switch f[0] {
		case "VmRSS:":
			now = kib / 1024
		case "VmHWM:":
			peak = kib / 1024
		}
	}
	return now, peak
}

// watchMemory looks at what a process holds ten times a second until mean is called.
func watchMemory(pid int) (mean func() float64) {
	stop, answer := make(chan struct{}), make(chan float64)
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for sum, n := 0.0, 0.0; ; {
			now, _ := memory(pid)
			sum, n = sum+now, n+1
			select {
			case <-tick.C:
			case <-stop:
				answer <- sum / n
				return
			}
		}
	}()
	return func() float64 { close(stop); return <-answer }
}
