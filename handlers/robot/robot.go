// Package robot is the door of group robots: WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书). A unit's
// group is told there what happened; nobody can answer. The address of a robot opens it to whoever
// has it and is kept like a password.
package robot

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// Prefix stands before a robot's name in the address of its conversation.
const Prefix = "robot"

// Kinds of robots.
const (
	WeCom    = "wecom"
	DingTalk = "dingtalk"
	Feishu   = "feishu"
)

// Robot is one robot of a unit's group.
type Robot struct {
	Unit   string
	Kind   string
	URL    string // secret
	Secret string // of its signature, "" = it has none; WeCom's never has
}

// Name is what its conversation is called. It does not lead back to the address.
func (r Robot) Name() string {
	sum := sha256.Sum256([]byte(r.Kind + "\x00" + r.URL))
	return Prefix + ":" + r.Unit + "." + hex.EncodeToString(sum[:6])
}

// perMinute is what WeCom and DingTalk let through; DingTalk shuts who sends more out for ten
// minutes.
const perMinute = 20

// Door sends to robots. It is safe for concurrent use.
type Door struct {
	robots   map[string]*target
	personal Personal
	client   *http.Client
	now      func() time.Time

	mu  sync.Mutex
	own map[string]*rate.Limiter // of the robots that people chose, by conversation
}

// Personal is the robot of a conversation that somebody chose for themselves, false = there is none any
// more; wait is how long they are not to be disturbed, but for what is urgent.
type Personal func(ctx context.Context, conv string, urgent bool) (r Robot, there bool, wait time.Duration, err error)

type target struct {
	Robot
	pace *rate.Limiter
}

var _ turn.Sender = (*Door)(nil)

// New makes the door of some robots. It does not touch the network.
func New(all []Robot, personal Personal, now func() time.Time) *Door {
	d := &Door{robots: map[string]*target{}, own: map[string]*rate.Limiter{}, personal: personal, now: now, client: &http.Client{
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	for _, r := range all {
		d.robots[r.Name()] = &target{r, newPace()}
	}
	return d
}

func newPace() *rate.Limiter { return rate.NewLimiter(rate.Every(time.Minute/perMinute), perMinute/2) }

// mostOwn is how many robots of people's own are paced at a time.
const mostOwn = 10_000

// find is the robot of a conversation.
func (d *Door) find(ctx context.Context, conv string, urgent bool) (*target, error) {
	if t := d.robots[conv]; t != nil {
		return t, nil
	}
	r, there, wait, err := d.personal(ctx, conv, urgent)
	switch {
	case err != nil:
		return nil, fmt.Errorf("find the robot of a conversation: %w", err)
	case !there:
		return nil, &turn.SendError{Gone: true, Err: errors.New("the robot is not in the settings any more")}
	case wait > 0:
		return nil, &turn.SendError{After: wait, Err: errors.New("quiet hours")}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.own) >= mostOwn {
		clear(d.own)
	}
	if d.own[conv] == nil {
		d.own[conv] = newPace()
	}
	return &target{r, d.own[conv]}, nil
}

// Shows is what this door declares of itself.
func Shows() bot.Door { return bot.Door{OneWay: true} }

// Of are the conversations of a unit's robots.
func (d *Door) Of(unit string) (convs []string) {
	for name, t := range d.robots {
		if t.Unit == unit {
			convs = append(convs, name)
		}
	}
	return convs
}

// Send says a message, no faster than robots may.
func (d *Door) Send(ctx context.Context, conv, _ string, say bot.Say) error {
	t, err := d.find(ctx, conv, say.Urgent)
	if err != nil {
		return err
	}
	if wait := t.pace.ReserveN(d.now(), 1); wait.DelayFrom(d.now()) > 0 {
		after := wait.DelayFrom(d.now())
		wait.CancelAt(d.now())
		return &turn.SendError{After: after, Err: errors.New("robots may say so much a minute")}
	}
	address, body := t.request(say.Text, d.now())
	if err := d.post(ctx, address, body); err != nil {
		return err
	}
	return nil
}

// request is the call that says a text, signed where the robot has a secret.
func (r Robot) request(text string, now time.Time) (address string, body any) {
	switch r.Kind {
	case DingTalk: // HMAC-SHA256 with the secret as key, milliseconds, in the address
		address = r.URL
		if r.Secret != "" {
			ts := strconv.FormatInt(now.UnixMilli(), 10)
			address += "&" + url.Values{"timestamp": {ts}, "sign": {sign(r.Secret, ts+"\n"+r.Secret)}}.Encode()
		}
		return address, map[string]any{"msgtype": "text", "text": map[string]string{"content": text}}
	case Feishu: // of nothing, with time and secret as key, seconds, in the body
		b := map[string]any{"msg_type": "text", "content": map[string]string{"text": text}}
		if r.Secret != "" {
			ts := strconv.FormatInt(now.Unix(), 10)
			b["timestamp"], b["sign"] = ts, sign(ts+"\n"+r.Secret, "")
		}
		return r.URL, b
	}
	return r.URL, map[string]any{"msgtype": "text", "text": map[string]string{"content": text}}
}

func sign(key, message string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// Codes of the three platforms that decide what is done next.
const (
	weComTooFast  = 45009
	dingTooFast   = 130101
	dingRefused   = 310000 // keyword, signature or address
	feishuTooFast = 11232
	weComNoKey    = 93000
	feishuSign    = 19021
	feishuAddress = 19022
	feishuKeyword = 19024
)

func (d *Door) post(ctx context.Context, address string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return &turn.SendError{Drop: true, Err: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return &turn.SendError{Gone: true, Err: errors.New("the robot's address is no address")}
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := d.client.Do(req)
	if err != nil {
		return &turn.SendError{Err: withoutAddress(err)}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return &turn.SendError{Err: fmt.Errorf("robot answers %d", res.StatusCode)}
	}
	var answer struct {
		Errcode, Code int
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 16<<10)).Decode(&answer); err != nil {
		return &turn.SendError{Err: errors.New("robot's answer is no JSON")}
	}
	switch code := answer.Errcode + answer.Code; code {
	case 0:
		return nil
	case weComTooFast, feishuTooFast:
		return &turn.SendError{After: time.Minute, Err: fmt.Errorf("robot answers %d", code)}
	case dingTooFast:
		return &turn.SendError{After: 10 * time.Minute, Err: fmt.Errorf("robot answers %d", code)}
	case dingRefused, weComNoKey, feishuSign, feishuAddress, feishuKeyword:
		return &turn.SendError{Drop: true, Err: fmt.Errorf("robot refuses: %d", code)}
	default:
		return &turn.SendError{Err: fmt.Errorf("robot answers %d", code)}
	}
}

// withoutAddress keeps the address, which is a secret, out of an error.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("robot not reached: %w", u.Err)
	}
	return err
}
