package telegram

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/test/fakeapi"
	"dengwen/petition"
)

func bodyOf(kind, body string) turn.File {
	return turn.File{Attachment: petition.Attachment{ID: "f", Kind: kind, Name: "a.pdf", Type: "image/jpeg"}, Body: io.NopCloser(strings.NewReader(body))}
}

// Whatever the Bot API refuses of a message, what can be said otherwise is said otherwise, and
// the turn hears what to do with the rest.
func TestRefusals(t *testing.T) {
	t.Parallel()
	buttons := [][]bot.Button{{{Text: "提交", Data: "s1:send"}}}
	text := bot.Say{Text: "您好", Rows: buttons}
	receipt := bot.Say{Text: "登记好了", Rows: buttons, Receipt: &bot.Receipt{Number: "ZS26-0001-KN"}}
	card := bot.Say{Text: "卡片", Edit: "1001", Rows: buttons}
	type fault = fakeapi.Fault
	all := func(code int, says string) []fault { return []fault{{Code: code, Text: says}} }
	on := func(method string, code int, says string) fault { return fault{Method: method, Code: code, Text: says} }
	for name, c := range map[string]struct {
		faults []fault
		say    bot.Say
		files  []turn.File
		want   turn.SendError // Err nil = it arrives
		shows  string         // the last text that is there
		bare   bool           // without its buttons
		sends  int            // messages that arrive; 0 = one
	}{
		"text":                      {say: text, shows: "您好"},
		"text, buttons refused":     {faults: []fault{{Method: "sendMessage", Times: 1, Text: "BUTTON_DATA_INVALID"}}, say: text, shows: "您好", bare: true},
		"text, address of a button": {faults: []fault{{Method: "sendMessage", Times: 1, Text: "inline keyboard button URL 'http://x' is invalid: Wrong HTTP URL"}}, say: text, shows: "您好", bare: true},
		"text, entities":            {faults: []fault{{Method: "sendMessage", Times: 1, Text: "can't parse entities: unsupported start tag"}}, say: text, shows: "您好", bare: true},
		"text, nothing helps":       {faults: all(400, "Bad Request: something new"), say: text, want: turn.SendError{Drop: true}},
		"text, too large":           {faults: all(413, "Request Entity Too Large"), say: text, want: turn.SendError{Drop: true}},
		"text, 501":                 {faults: all(501, "Not Implemented"), say: text, want: turn.SendError{Drop: true}},
		"text, 404 of one call":     {faults: []fault{on("sendMessage", 404, "Not Found")}, say: text, want: turn.SendError{Drop: true}},
		"text, 404 of every call":   {faults: all(404, "Not Found"), say: text, want: turn.SendError{}},
		"text, flood":               {faults: []fault{{Code: 429, Text: "Too Many Requests: retry after 7", RetryAfter: 7}}, say: text, want: turn.SendError{After: 7 * time.Second}},
		"text, flood as 400":        {faults: all(400, "Bad Request: Too Many Requests: retry after 7"), say: text, want: turn.SendError{After: 7 * time.Second}},
		"text, blocked":             {faults: all(403, "Forbidden: bot was blocked by the user"), say: text, want: turn.SendError{Gone: true}},
		"text, kicked":              {faults: all(403, "Forbidden: bot was kicked from the supergroup chat"), say: text, want: turn.SendError{Gone: true}},
		"text, may not write":       {faults: all(400, "Bad Request: not enough rights to send text messages to the chat"), say: text, want: turn.SendError{Muted: true}},
		"text, may not write, 403":  {faults: all(403, "Forbidden: CHAT_WRITE_FORBIDDEN"), say: text, want: turn.SendError{Muted: true}},
		"text, topic closed":        {faults: all(400, "Bad Request: TOPIC_CLOSED"), say: text, want: turn.SendError{NoTopic: true}},
		"text, 502":                 {faults: all(502, "Bad Gateway"), say: text, want: turn.SendError{}},
		"receipt, not its size":     {faults: []fault{on("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")}, say: receipt, shows: "登记好了"},
		"receipt, 413":              {faults: []fault{on("sendPhoto", 413, "Request Entity Too Large"), on("sendDocument", 413, "Request Entity Too Large")}, say: receipt, shows: "登记好了"},
		"receipt, 404":              {faults: []fault{on("sendPhoto", 404, "Not Found"), on("sendDocument", 404, "Not Found")}, say: receipt, shows: "登记好了"},
		"receipt, 501":              {faults: []fault{on("sendPhoto", 501, "Not Implemented"), on("sendDocument", 501, "Not Implemented")}, say: receipt, shows: "登记好了"},
		"receipt, flood":            {faults: []fault{{Method: "sendPhoto", Code: 429, RetryAfter: 3}}, say: receipt, want: turn.SendError{After: 3 * time.Second}},
		"receipt, blocked":          {faults: all(403, "Forbidden: bot was blocked by the user"), say: receipt, want: turn.SendError{Gone: true}},
		"photo, not its size":       {faults: []fault{on("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")}, say: text, files: []turn.File{bodyOf("photo", "x")}, shows: "您好"},
		"voice, forbidden":          {faults: []fault{on("sendVoice", 400, "Bad Request: VOICE_MESSAGES_FORBIDDEN")}, say: text, files: []turn.File{bodyOf("voice", "x")}, shows: "您好"},
		"document, no rights":       {faults: []fault{on("sendDocument", 400, "Bad Request: not enough rights to send documents to the chat")}, say: text, files: []turn.File{bodyOf("document", "x")}, shows: "您好"},
		"document, 413":             {faults: []fault{on("sendDocument", 413, "Request Entity Too Large")}, say: text, files: []turn.File{bodyOf("document", "x")}, shows: "您好"},
		"album, flood within": {faults: []fault{on("sendMediaGroup", 400, "Bad Request: failed to send message #2 with the error message \\\"Too Many Requests: retry after 2\\\"")},
			say: bot.Say{Text: "附件"}, files: []turn.File{bodyOf("photo", "x"), bodyOf("photo", "y")}, want: turn.SendError{After: 2 * time.Second}},
		"album, one of it refused": {faults: []fault{on("sendMediaGroup", 400, "Bad Request: failed to send message #2 with the error message \\\"PHOTO_INVALID_DIMENSIONS\\\""), {Method: "sendPhoto", After: 1, Times: 1, Text: "PHOTO_INVALID_DIMENSIONS"}},
			say: bot.Say{Text: "附件"}, files: []turn.File{bodyOf("photo", "x"), bodyOf("photo", "y")}, sends: 2},
		"album too large":       {say: bot.Say{Text: "附件"}, files: []turn.File{bodyOf("video", strings.Repeat("v", 18<<20)), bodyOf("video", strings.Repeat("v", 18<<20)), bodyOf("video", strings.Repeat("v", 18<<20))}, sends: 3},
		"card, gone":            {faults: []fault{on("editMessageText", 400, "Bad Request: message to edit not found")}, say: card, shows: "卡片"},
		"card, too old":         {faults: []fault{on("editMessageText", 400, "Bad Request: message can't be edited")}, say: card, shows: "卡片"},
		"card, not modified":    {faults: []fault{on("editMessageText", 400, "Bad Request: message is not modified")}, say: card, sends: -1},
		"card, buttons refused": {faults: []fault{{Method: "editMessageText", Text: "BUTTON_DATA_INVALID"}}, say: card, shows: "卡片"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := api(t, fakeapi.Options{})
			d, _ := door(t, s, newInbox(), func(c *Config) { c.Draw = png })
			chat := s.Chat(7)
			for _, f := range c.faults {
				s.Break(f)
			}
			_, err := d.SendRef(t.Context(), "tg:7", "k", c.say, c.files)
			if c.shows == "" && c.sends == 0 {
				var got *turn.SendError
				if !errors.As(err, &got) || got.After != c.want.After || got.Gone != c.want.Gone || got.Drop != c.want.Drop || got.NoTopic != c.want.NoTopic || got.Muted != c.want.Muted {
					t.Fatalf("got %+v (%v), want %+v", got, err, c.want)
				}
				return
			}
			log := chat.Messages()
			if err != nil || len(log) != max(c.sends, 0) && c.sends != 0 || len(log) != 1 && c.sends == 0 {
				t.Fatalf("%d messages arrived, %v", len(log), err)
			}
			if c.shows == "" {
				return
			}
			if last := log[len(log)-1]; last.Text != c.shows || len(last.Buttons) == 0 != c.bare {
				t.Errorf("shows %q with %d buttons", last.Text, len(last.Buttons))
			}
		})
	}
}
