package fakeapi

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// pushed is one update on its way to the bot.
type pushed struct {
	id    int64
	chat  int64
	body  []byte
	again bool // still to come a second time, on purpose
}

// Push sends an update to the bot as its chat's next one. rest is the JSON object
// of the update without update_id, {"message":{…}}. It answers the update's id.
func (s *Server) Push(chat int64, rest []byte) int64 {
	s.queue.mu.Lock() // ids rise in the order of the queue
	if len(s.queue.items) == 0 {
		if id := s.restart.Swap(0); id != 0 {
			s.updateID.Store(id - 1)
		}
	}
	id := s.updateID.Add(1)
	u := pushed{id: id, chat: chat, body: withID(id, rest), again: s.twice(id)}
	s.newest.Store(chat, u)
	if s.hook.Load() == nil {
		s.queue.items = append(s.queue.items, u)
		s.queue.mu.Unlock()
		s.queue.poke()
		return id
	}
	s.queue.mu.Unlock()
	s.toHook(u)
	return id
}

// Repeat delivers the newest update of a chat again, with the same id.
func (s *Server) Repeat(chat int64) {
	last, ok := s.newest.Load(chat)
	if !ok {
		return
	}
	u := last.(pushed)
	u.again = s.hook.Load() == nil // its confirmation was lost: an offset beyond it does not end it
	if s.hook.Load() == nil {
		s.queue.insert(u)
		return
	}
	s.toHook(u)
}

func (s *Server) twice(id int64) bool {
	if s.opts.Redeliver != nil {
		return s.opts.Redeliver(int(id))
	}
	return s.opts.RedeliverEvery > 0 && id%int64(s.opts.RedeliverEvery) == 0
}

func withID(id int64, rest []byte) []byte {
	b := make([]byte, 0, len(rest)+32)
	b = append(b, `{"update_id":`...)
	b = strconv.AppendInt(b, id, 10)
	b = append(b, ',')
	return append(b, rest[1:]...)
}

// toHook queues an update behind the others of its chat.
func (s *Server) toHook(u pushed) {
	c := s.Chat(u.chat)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, u)
	if !c.busy {
		c.busy = true
		go s.drain(c)
	}
}

// drain delivers a chat's updates one after another.
func (s *Server) drain(c *Chat) {
	for {
		c.mu.Lock()
		if len(c.waiting) == 0 || s.closed() {
			c.busy = false
			c.mu.Unlock()
			return
		}
		u := c.waiting[0]
		c.mu.Unlock()
		s.deliver(c, u)
		c.mu.Lock()
		c.waiting = c.waiting[1:]
		c.mu.Unlock()
	}
}

// deliver posts an update until it is answered 2xx, and once more where it is to
// come twice.
func (s *Server) deliver(c *Chat, u pushed) {
	c.left(time.Now())
	for try := 0; !s.closed(); try++ {
		if try > 0 {
			s.counts.Redelivered.Add(1)
		}
		h := s.hook.Load()
		if h == nil { // the bot went over to polling
			s.queue.insert(u)
			return
		}
		s.slots <- struct{}{}
		taken := s.postUpdate(h, u.body)
		<-s.slots
		if !taken {
			s.counts.NotTaken.Add(1)
			s.pause()
			continue
		}
		if u.again {
			u.again = false
			continue
		}
		s.counts.Delivered.Add(1)
		c.mu.Lock()
		c.ackedAt = time.Now()
		c.mu.Unlock()
		return
	}
}

func (s *Server) pause() {
	select {
	case <-s.done:
	case <-time.After(s.opts.RetryPause):
	}
}

func (s *Server) postUpdate(h *hook, body []byte) bool {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(h.url)
	req.Header.SetMethod(fasthttp.MethodPost)
	req.Header.SetContentType("application/json")
	if h.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	req.SetBodyRaw(body)
	if err := s.post.DoTimeout(req, resp, time.Minute); err != nil {
		h.fail(time.Now(), "Connection refused")
		return false
	}
	if code := resp.StatusCode(); code/100 != 2 {
		h.fail(time.Now(), "Wrong response from the webhook: "+strconv.Itoa(code)+" "+fasthttp.StatusMessage(code))
		return false
	}
	if reply := resp.Body(); len(reply) > 2 {
		s.replied(reply)
	}
	return true
}

// replied performs the method a webhook's answer may hold.
func (s *Server) replied(body []byte) {
	p := params{values: map[string]string{}}
	if json.Valid(body) && p.json(body) && p.str("method") != "" {
		s.call(strings.ToLower(p.str("method")), p)
	}
}

// Pending counts updates nobody has taken yet.
func (s *Server) Pending() int {
	n := s.queue.len()
	s.chats.Range(func(_, v any) bool {
		c := v.(*Chat)
		c.mu.Lock()
		n += len(c.waiting)
		c.mu.Unlock()
		return true
	})
	return n
}
