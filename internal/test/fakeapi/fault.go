package fakeapi

import (
	"slices"
	"strings"
	"sync"
)

// Fault is what the server answers instead of doing what a call asks.
type Fault struct {
	Method     string // of the Bot API in any case, "file" = a download; "" = every method but getUpdates
	Chat       int64  // calls for this chat only; 0 = for any
	Times      int    // so many calls; 0 = until it is mended
	After      int    // calls that are let through first
	Chance     func() bool
	Code       int    // status and error_code; 0 = 400
	Text       string // description
	RetryAfter int    // parameters.retry_after, seconds
	Cut        bool   // the call is done, and its answer ends in the middle
}

// faults are those that were set and not mended, in their order.
type faults struct {
	mu  sync.Mutex
	all []*Fault
}

// Break sets a fault, until mend is called or it has been answered Fault.Times.
func (s *Server) Break(f Fault) (mend func()) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	f.Method = strings.ToLower(f.Method)
	s.faults.all = append(s.faults.all, &f)
	return func() { s.faults.drop(&f) }
}

func (x *faults) drop(f *Fault) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.all = slices.DeleteFunc(x.all, func(g *Fault) bool { return g == f })
}

// take is the fault that a call meets, nil = none.
func (x *faults) take(method string, chat int64) *Fault {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i, f := range x.all {
		if !f.fits(method, chat) {
			continue
		}
		if f.After > 0 {
			f.After--
			continue
		}
		if f.Times--; f.Times == 0 {
			x.all = slices.Delete(x.all, i, i+1)
		}
		met := *f
		return &met
	}
	return nil
}

func (f *Fault) fits(method string, chat int64) bool {
	if f.Method == "" && (method == "getupdates" || method == "file") || f.Method != "" && f.Method != method {
		return false
	}
	return (f.Chat == 0 || f.Chat == chat) && (f.Chance == nil || f.Chance())
}

func (f *Fault) answer() answer {
	a := answer{code: f.Code, fault: f.Text, after: f.RetryAfter}
	if a.code == 0 {
		a.code, a.fault = 400, "Bad Request: "+f.Text
	}
	return a
}
