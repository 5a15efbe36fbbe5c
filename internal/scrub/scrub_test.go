package scrub

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"reflect"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// clean is a file cleaned as the case service has it done.
func clean(kind string, b []byte) (out []byte, traces bool, err error) {
	return cleanWithin(context.Background(), DefaultLimits(), kind, b)
}

func cleanWithin(ctx context.Context, l Limits, kind string, b []byte) (out []byte, traces bool, err error) {
	traces, err = New(l).Clean(ctx, kind, bytes.NewReader(b), int64(len(b)), func(r io.Reader) (err error) {
		out, err = io.ReadAll(r)
		return err
	})
	return out, traces, err
}

// Every format that is cleaned has files made to cost memory or time, the next one too.
func TestEveryFormatHasHostileFiles(t *testing.T) {
	t.Parallel()
	tried := map[uintptr]bool{}
	for _, h := range hostiles() {
		tried[reflect.ValueOf(formats()[h.kind].clean).Pointer()] = true
	}
	for kind, f := range formats() {
		if f.clean != nil && !tried[reflect.ValueOf(f.clean).Pointer()] {
			t.Errorf("%s has none", kind)
		}
	}
}

// A file made to cost memory or time takes no more than is reserved for it.
func TestHostileFiles(t *testing.T) {
	for _, h := range hostiles() {
		b, f := h.make(2<<20), formats()[h.kind]
		var err error
		c := measure(func() { _, _, err = DefaultLimits().run(t.Context(), f, b) })
		if most := f.memory(int64(len(b))) - int64(len(b)); c.peak > most || c.time > 5*time.Second {
			t.Errorf("%s, %s: %d KB took %d KB beside, of %d, and %v", h.kind, h.name, len(b)>>10, c.peak>>10, most>>10, c.time)
		}
		if errors.Is(err, errBudget) != h.over || err != nil && !errors.Is(err, errBudget) && !errors.Is(err, errPicture) {
			t.Errorf("%s, %s: %v", h.kind, h.name, err)
		}
	}
}

// What costs more than it may is kept as it came, and that is said.
func TestOverBudgetIsKept(t *testing.T) {
	t.Parallel()
	shared := sharedBody(4000, make([]byte, 500<<10))
	long := slices.Concat([]byte("\xFF\xD8"), bytes.Repeat([]byte("\xFF\xE1\x00\x04GP"), 1<<19), []byte("\xFF\xD9"))
	with := func(change func(*Limits)) Limits {
		l := DefaultLimits()
		change(&l)
		return l
	}
	for name, c := range map[string]struct {
		kind   string
		file   []byte
		limits Limits
	}{
		"memory":   {zipped[".docx"], shared, DefaultLimits()},
		"time":     {"image/jpeg", long, with(func(l *Limits) { l.Time = time.Nanosecond })},
		"length":   {"image/jpeg", long, with(func(l *Limits) { l.Memory = 1 << 20 })},
		"entries":  {"video/mp4", ride(1), with(func(l *Limits) { l.Entries = 3 })},
		"objects":  {"application/pdf", paperFile("/Info 3 0 R", catalogue, pages, "<</Author(x)>>"), with(func(l *Limits) { l.Entries = 2 })},
		"items":    {"image/heic", heic(), with(func(l *Limits) { l.Entries = 6 })},
		"parts":    {zipped[".docx"], wordFile(t, "_rels/.rels", relations, "a", "", "b", ""), with(func(l *Limits) { l.Entries = 2 })},
		"unpacked": {zipped[".docx"], wordFile(t, "_rels/.rels", relations), with(func(l *Limits) { l.Unpacked = 100 })},
		"old .doc": {"application/msword", []byte("author"), DefaultLimits()},
	} {
		if out, traces, err := cleanWithin(t.Context(), c.limits, c.kind, c.file); err != nil || !traces || !bytes.Equal(out, c.file) {
			t.Errorf("%s: traces %v, changed %v, %v", name, traces, !bytes.Equal(out, c.file), err)
		}
	}
	if out, traces, err := clean("text/plain", []byte("words")); err != nil || traces || string(out) != "words" {
		t.Errorf("a kind without such data: %q, traces %v, %v", out, traces, err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := cleanWithin(gone, DefaultLimits(), "image/jpeg", long); !errors.Is(err, context.Canceled) {
		t.Errorf("a sender that is gone: %v", err)
	}
}

// The memory of a file is reserved until its copy is put away; others wait for it.
func TestCleaningsShareTheMemory(t *testing.T) {
	t.Parallel()
	l := DefaultLimits()
	l.AtOnce = 2
	s, picture := New(l), scanned()
	started, release := make(chan bool), make(chan bool)
	run := func(ctx context.Context) error {
		_, err := s.Clean(ctx, "image/jpeg", bytes.NewReader(picture), int64(len(picture)), func(io.Reader) error {
			started <- true
			<-release
			return nil
		})
		return err
	}
	var all errgroup.Group
	for range 2 {
		all.Go(func() error { return run(t.Context()) })
		<-started
	}
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := run(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a third one at once: %v", err)
	}
	close(release)
	all.Go(func() error { return run(t.Context()) })
	<-started
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
}

func TestPanicIsAnError(t *testing.T) {
	t.Parallel()
	broken := format{clean: func(_ *budget, b []byte) ([]byte, bool, error) { return b[len(b)+1:], false, nil }}
	if _, _, err := DefaultLimits().within(t.Context(), broken, []byte("x")); err == nil || !strings.Contains(err.Error(), "out of range") {
		t.Errorf("%v", err)
	}
}

// BenchmarkHostile cleans files of the size an office lets in by default.
func BenchmarkHostile(b *testing.B) {
	for _, h := range hostiles() {
		file := h.make(hostileSize)
		b.Run(path.Base(h.kind)+"/"+h.name, func(b *testing.B) {
			var worst int64
			for b.Loop() {
				worst = max(worst, measure(func() { _, _, _ = DefaultLimits().run(b.Context(), formats()[h.kind], file) }).peak)
			}
			b.ReportMetric(float64(worst>>20), "peak-MB")
			b.ReportMetric(float64(len(file)>>10), "file-KB")
		})
	}
}

// cost is what something took.
type cost struct {
	peak int64 // bytes of heap above what there was before, garbage of up to a tenth counted
	time time.Duration
}

func measure(f func()) cost {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	heap := func() int64 {
		metrics.Read(sample)
		return int64(sample[0].Value.Uint64())
	}
	before, peak, stop, done := heap(), int64(0), make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			peak = max(peak, heap()-before)
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	start := time.Now()
	f()
	d := time.Since(start)
	close(stop)
	<-done
	return cost{peak, d}
}
