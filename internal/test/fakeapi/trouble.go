package fakeapi

import "fmt"

// Trouble is what the server answers to every call while it lasts. The zero Trouble is
// none.
type Trouble struct {
	Code       int // 429, 500, 502 …
	RetryAfter int // seconds, of a 429
}

// SetTrouble begins or ends trouble. A getUpdates that waits meets it too.
func (s *Server) SetTrouble(t Trouble) {
	s.trouble.Store(&t)
	s.queue.poke()
}

// troubled is the answer while there is trouble.
func (s *Server) troubled() (answer, bool) {
	t := s.trouble.Load()
	if t == nil || t.Code == 0 {
		return answer{}, false
	}
	if t.Code == 429 {
		s.counts.Flooded.Add(1)
		return answer{code: 429, fault: fmt.Sprintf("Too Many Requests: retry after %d", t.RetryAfter), after: t.RetryAfter}, true
	}
	s.counts.Failed.Add(1)
	return answer{code: t.Code, fault: "Internal Server Error"}, true
}
