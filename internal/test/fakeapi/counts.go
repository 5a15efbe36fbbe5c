package fakeapi

import "sync/atomic"

// counts are what the server saw.
type counts struct {
	Calls, Sends, Edits, Answers     atomic.Int64
	Refused, Flooded, Failed, Broken atomic.Int64
	Delivered, Redelivered, NotTaken atomic.Int64
	Connections, Polls, Conflicts    atomic.Int64
	Strays, tries                    atomic.Int64
}

// Counts is what the server saw since its start.
type Counts struct {
	Calls       int64 // of all methods but getUpdates
	Sends       int64 // messages that reached a chat
	Edits       int64 // messages changed
	Answers     int64 // answerCallbackQuery
	Refused     int64 // 400: the bot's mistakes
	Flooded     int64 // 429 on purpose
	Failed      int64 // 500 on purpose
	Broken      int64 // faults answered
	Delivered   int64 // updates answered 2xx, or confirmed by an offset
	Redelivered int64 // updates that came again, on purpose or because nobody took them
	NotTaken    int64 // webhook deliveries not answered 2xx
	Connections int64 // opened by the bot
	Polls       int64 // getUpdates
	Conflicts   int64 // 409 to a second poller
	Strays      int64 // sends to chats nobody wrote from
}

// Counts reads the counters.
func (s *Server) Counts() Counts {
	c := &s.counts
	return Counts{
		Calls: c.Calls.Load(), Sends: c.Sends.Load(), Edits: c.Edits.Load(), Answers: c.Answers.Load(),
		Refused: c.Refused.Load(), Flooded: c.Flooded.Load(), Failed: c.Failed.Load(), Broken: c.Broken.Load(),
		Delivered: c.Delivered.Load(), Redelivered: c.Redelivered.Load(), NotTaken: c.NotTaken.Load(),
		Connections: c.Connections.Load(), Polls: c.Polls.Load(), Conflicts: c.Conflicts.Load(), Strays: c.Strays.Load(),
	}
}
