package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dengwen/bot/turn"
)

// apiError is an answer of the Bot API that is not ok, or no answer of it at all.
type apiError struct {
	method     string
	code       int // error_code, or the status of a page of a proxy
	text       string
	retryAfter int   // seconds
	movedTo    int64 // chat id
}

func (e *apiError) Error() string { return fmt.Sprintf("%s: %d %s", e.method, e.code, e.text) }

// remedy is what is done about a refused call.
type remedy int

const (
	again   remedy = iota // the same later: Telegram, the line or the token is at fault
	wait                  // the same after a time that Telegram names
	moved                 // to the group's new address
	gone                  // the chat is closed to the bot
	muted                 // the chat is there, and the bot may not write in it
	noTopic               // to another topic, or to none
	already               // it is so already
	anew                  // a new message in place of a change
	stale                 // nothing: a press that is too old to be answered
	other                 // this very call is never done: another form of the message, or none
)

// refusals are the answers of the Bot API with their remedies; the first that fits counts. It
// tells its kinds of 400 and 403 apart by the description alone.
var refusals = []struct {
	code int    // 0 = any
	says string // one of these, in small letters, by "|"; "" = whatever it says
	do   remedy
}{
	{0, "too many requests: retry after", wait}, // as a part of another refusal too: one message of an album
	{http.StatusTooManyRequests, "", wait},
	{0, "upgraded to a supergroup", moved},
	{0, "message thread not found|topic_deleted|topic_closed|topic_id_invalid", noTopic},
	{0, "not enough rights to create a topic|not enough rights to manage topics|the chat is not a forum|channel_forum_missing|topics_too_much", noTopic},
	{0, "topic_not_modified|message is not modified", already},
	{0, "message to edit not found|message can't be edited|no text in the message|message_id_invalid|message identifier", anew},
	{0, "query is too old|query_id_invalid", stale},
	{0, "not enough rights to send text messages|have no rights to send a message|chat_write_forbidden|chat_restricted|chat_send_plain_forbidden", muted},
	{0, "chat not found|user not found|peer_id_invalid|user_deactivated|user is deactivated|chat was deactivated|chat was deleted", gone},
	{http.StatusForbidden, "voice_messages_forbidden|not enough rights to send", other},
	{http.StatusForbidden, "", gone},
	{http.StatusBadRequest, "", other},
	{http.StatusRequestEntityTooLarge, "", other},
	{http.StatusNotImplemented, "", other},
	{http.StatusNotFound, "method not found", other},
	{http.StatusMethodNotAllowed, "", other},
	{http.StatusUnsupportedMediaType, "", other},
}

// remedyOf is what is done about a failed call; again for whatever the table does not name.
func remedyOf(err error) remedy {
	var e *apiError
	if !errors.As(err, &e) {
		return again
	}
	text := strings.ToLower(e.text)
	for _, r := range refusals {
		if (r.code == 0 || r.code == e.code) && saysOneOf(text, r.says) {
			return r.do
		}
	}
	return again
}

func saysOneOf(text, words string) bool {
	for w := range strings.SplitSeq(words, "|") {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// refused reports a refusal of this very call, whose message may be taken in another form. A
// 404 without more is one of them for everything that has another form; see rejectsToken.
func refused(err error) bool { return remedyOf(err) == other || codeOf(err) == http.StatusNotFound }

func codeOf(err error) int {
	var e *apiError
	if errors.As(err, &e) {
		return e.code
	}
	return 0
}

var retryAfter = regexp.MustCompile(`retry after (\d+)`)

// pauseOf is how long Telegram asks to wait, at least a second.
func pauseOf(err error) time.Duration {
	var e *apiError
	if !errors.As(err, &e) {
		return time.Second
	}
	seconds := e.retryAfter
	if m := retryAfter.FindStringSubmatch(e.text); seconds == 0 && m != nil {
		seconds, _ = strconv.Atoi(m[1])
	}
	return time.Duration(max(seconds, 1)) * time.Second
}

// rejectsToken reports whether the Bot API refuses the token. A 404 may mean the token or the
// call: getMe tells them apart.
func (d *Door) rejectsToken(ctx context.Context, err error) bool {
	switch codeOf(err) {
	case http.StatusUnauthorized:
		return true
	case http.StatusNotFound:
		return codeOf(d.call(ctx, "getMe", struct{}{}, nil)) != 0
	}
	return false
}

// sendError is a failed send as the turn decides on it.
func (d *Door) sendError(ctx context.Context, err error) *turn.SendError {
	out := &turn.SendError{Err: d.hideToken(err)}
	do := remedyOf(err)
	if codeOf(err) == http.StatusNotFound && do == again && !d.rejectsToken(ctx, err) {
		do = other
	}
	switch do {
	case wait:
		out.After = pauseOf(err)
	case moved:
		var e *apiError
		errors.As(err, &e)
		out.MovedTo = convOf(e.movedTo)
	case noTopic:
		out.NoTopic = true
	case gone:
		out.Gone = true
	case muted:
		out.Muted = true
	case other, anew, stale, already:
		out.Drop = true
	}
	return out
}
