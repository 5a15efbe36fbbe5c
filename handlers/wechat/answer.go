package wechat

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"strconv"
	"sync"
)

// waiter is a message of a person whose request is still open.
type waiter struct {
	say  chan passive
	over chan struct{} // closed when the request ends, or a later one takes its place
	end  func()        // closes over
}

// passive is what shall be said in the answer of a request.
type passive struct {
	text    string
	written chan error // how that went; has room for it
}

// await notes that a request of a conversation is open. There is one at a time: when the platform
// sends a message again it has given the request before up.
func (d *Door) await(conv string) *waiter {
	w := &waiter{say: make(chan passive), over: make(chan struct{})}
	w.end = sync.OnceFunc(func() { close(w.over) })
	d.mu.Lock()
	defer d.mu.Unlock()
	if old := d.waiting[conv]; old != nil {
		old.end()
	}
	d.waiting[conv] = w
	return w
}

func (d *Door) leave(conv string, w *waiter) {
	w.end()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waiting[conv] == w {
		delete(d.waiting, conv)
	}
}

// errNobodyWaits says that no request of the conversation is open in this process.
var errNobodyWaits = errors.New("no request waits for an answer")

// answer says a text in the answer of the open request. An answer that was written may still be
// lost on its way; the platform tells nobody.
func (d *Door) answer(ctx context.Context, conv, text string) error {
	d.mu.Lock()
	w := d.waiting[conv]
	delete(d.waiting, conv)
	d.mu.Unlock()
	if w == nil {
		return errNobodyWaits
	}
	p := passive{text, make(chan error, 1)}
	select {
	case w.say <- p:
	case <-w.over:
		return errNobodyWaits
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-p.written
}

// cdata is a text in the platform's way of writing XML.
type cdata struct {
	Text string `xml:",cdata"`
}

// textAnswer is a passive answer (被动回复用户消息).
type textAnswer struct {
	XMLName xml.Name `xml:"xml"`
	To      cdata    `xml:"ToUserName"`
	From    cdata    `xml:"FromUserName"`
	Created int64    `xml:"CreateTime"`
	Type    cdata    `xml:"MsgType"`
	Content cdata    `xml:"Content"`
}

// sealedAnswer is an answer in its envelope.
type sealedAnswer struct {
	XMLName   xml.Name `xml:"xml"`
	Sealed    cdata    `xml:"Encrypt"`
	Signature cdata    `xml:"MsgSignature"`
	Timestamp int64    `xml:"TimeStamp"`
	Nonce     cdata    `xml:"Nonce"`
}

func (d *Door) writeAnswer(w http.ResponseWriter, m message, key int, text string) error {
	now := d.cfg.Now().Unix()
	plain, err := xml.Marshal(textAnswer{To: cdata{m.From}, From: cdata{m.To}, Created: now, Type: cdata{"text"}, Content: cdata{text}})
	if err != nil {
		return err
	}
	sealed, nonce := d.envelope.seal(plain, key), strconv.FormatInt(d.cfg.Now().UnixNano(), 36)
	body, err := xml.Marshal(sealedAnswer{
		Sealed: cdata{sealed}, Timestamp: now, Nonce: cdata{nonce},
		Signature: cdata{d.envelope.signature(strconv.FormatInt(now, 10), nonce, sealed)},
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, err = w.Write(body)
	return err
}
