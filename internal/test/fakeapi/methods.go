package fakeapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg" // dimensions of photos
	_ "image/png"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// answer is the Bot API's answer to a call.
type answer struct {
	code   int
	result any    // on 200
	fault  string // else
	after  int
	moved  int64
}

func ok(result any) answer { return answer{code: 200, result: result} }

func refused(why string) answer { return answer{code: 400, fault: "Bad Request: " + why} }

func (a answer) body() []byte {
	var v any
	switch {
	case a.code == 200:
		v = map[string]any{"ok": true, "result": a.result}
		if a.result == true {
			return []byte(`{"ok":true,"result":true}`)
		}
		if m, is := a.result.(json.RawMessage); is {
			return append(append([]byte(`{"ok":true,"result":`), m...), '}')
		}
	case a.after > 0:
		v = map[string]any{"ok": false, "error_code": a.code, "description": a.fault, "parameters": map[string]int{"retry_after": a.after}}
	case a.moved != 0:
		v = map[string]any{"ok": false, "error_code": a.code, "description": a.fault, "parameters": map[string]int64{"migrate_to_chat_id": a.moved}}
	default:
		v = map[string]any{"ok": false, "error_code": a.code, "description": a.fault}
	}
	b, _ := json.Marshal(v)
	return b
}

func (s *Server) serve(ctx *fasthttp.RequestCtx) {
	path, env := string(ctx.Path()), "/"
	if s.opts.TestEnv {
		env = "/test/"
	}
	if file, is := strings.CutPrefix(path, "/file/bot"+s.opts.Token+env); is {
		s.serveFile(ctx, file)
		return
	}
	a, troubled := s.troubled()
	method, ours := strings.CutPrefix(path, "/bot"+s.opts.Token+env)
	method = strings.ToLower(method)
	p, readable := readParams(ctx)
	broken := s.faults.take(method, p.num("chat_id"))
	switch {
	case troubled:
	case !ours && strings.HasPrefix(path, "/bot"):
		a = answer{code: 401, fault: "Unauthorized"}
	case !ours:
		a = answer{code: 404, fault: "Not Found"}
	case !readable:
		a = refused("can't parse the request")
	case broken != nil && !broken.Cut:
		s.counts.Broken.Add(1)
		a = broken.answer()
	case len(ctx.PostBody()) > maxRequest:
		a = answer{code: 413, fault: "Request Entity Too Large"}
	case method == "getupdates":
		a = s.getUpdates(p)
	default:
		a = s.call(method, p)
	}
	ctx.SetContentType("application/json")
	ctx.SetStatusCode(a.code)
	setBody(ctx, a.body(), broken != nil && broken.Cut)
}

// maxRequest is the largest request that is taken, in bytes (Bot API, sending files: 50 MB).
const maxRequest = 50 << 20

// setBody answers body, or half of it before the connection ends.
func setBody(ctx *fasthttp.RequestCtx, body []byte, cut bool) {
	if !cut {
		ctx.SetBody(body)
		return
	}
	whole, half := len(body), body[:len(body)/2]
	ctx.SetBodyStream(bytes.NewReader(half), whole)
}

func (s *Server) serveFile(ctx *fasthttp.RequestCtx, path string) {
	content, found := s.files.Load(strings.TrimPrefix(path, "files/"))
	broken := s.faults.take("file", 0)
	switch {
	case !found || s.opts.LocalDir != "":
		ctx.SetStatusCode(404)
		return
	case broken != nil && !broken.Cut:
		ctx.SetStatusCode(broken.answer().code)
		return
	}
	ctx.SetContentType("application/octet-stream")
	setBody(ctx, content.([]byte), broken != nil)
}

// call answers every method but getUpdates; a webhook's answer may be one too.
func (s *Server) call(method string, p params) answer {
	s.counts.Calls.Add(1)
	a := s.method(method, p)
	if a.code == 400 {
		s.counts.Refused.Add(1)
	}
	return a
}

func (s *Server) method(method string, p params) answer {
	switch method {
	case "sendmessage", "sendphoto", "senddocument", "sendvoice", "sendvideo", "sendaudio", "sendmediagroup", "editmessagetext", "editmessagereplymarkup":
		return s.send(method, p)
	case "createforumtopic", "editforumtopic", "closeforumtopic", "reopenforumtopic":
		return s.topic(method, p)
	case "answercallbackquery":
		return s.answerPress(p)
	case "getme":
		return ok(map[string]any{"id": 123456, "is_bot": true, "first_name": "登闻", "username": s.opts.Username})
	case "getfile":
		return s.getFile(p)
	case "setwebhook":
		s.SetWebhook(p.str("url"), p.str("secret_token"))
		return ok(true)
	case "deletewebhook":
		s.SetWebhook("", "")
		return ok(true)
	case "setmycommands":
		return s.setCommands(p)
	case "getwebhookinfo":
		return s.webhookInfo()
	case "getchatmember":
		return s.getMember(p)
	case "getchat":
		return s.getChat(p)
	case "sendchataction", "deletemessage", "deletemycommands":
		return ok(true)
	}
	return answer{code: 404, fault: "Not Found: method not found"}
}

// send is every method that shows something in a chat, faults on purpose first.
func (s *Server) send(method string, p params) answer {
	n := s.counts.tries.Add(1)
	if k := int64(s.opts.FailEvery); k > 0 && n%k == 0 {
		s.counts.Failed.Add(1)
		return answer{code: 500, fault: "Internal Server Error"}
	}
	if k := int64(s.opts.FloodEvery); k > 0 && n%k == 0 {
		s.counts.Flooded.Add(1)
		return answer{code: 429, fault: fmt.Sprintf("Too Many Requests: retry after %d", s.opts.RetryAfter), after: s.opts.RetryAfter}
	}
	if s.opts.Delay > 0 {
		time.Sleep(s.opts.Delay)
	}
	c := s.chat(p.num("chat_id"))
	if c == nil {
		s.counts.Strays.Add(1)
		return refused("chat not found")
	}
	buttons, fault := readMarkup(p.str("reply_markup"))
	if fault != "" {
		return refused(fault)
	}
	m := Message{Text: p.str("text"), Buttons: buttons, At: time.Now(), markup: p.str("reply_markup")}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.blocked {
		return answer{code: 403, fault: "Forbidden: bot was blocked by the user"}
	}
	if c.movedTo != 0 {
		return answer{code: 400, fault: "Bad Request: group chat was upgraded to a supergroup chat", moved: c.movedTo}
	}
	if strings.HasPrefix(method, "edit") {
		return s.change(c, method, m, p)
	}
	if c.lacks.Text {
		return refused("not enough rights to send text messages to the chat")
	}
	m.Topic, m.Under = p.num("message_thread_id"), replied(p)
	if m.Topic != 0 && c.topics[m.Topic] == nil {
		return refused("message thread not found")
	}
	if method == "sendmediagroup" {
		return s.album(c, m, p)
	}
	return s.show(c, method, m, p)
}

func (s *Server) show(c *Chat, method string, m Message, p params) answer {
	if method != "sendmessage" {
		m.Text = p.str("caption")
		file := p.str(strings.TrimPrefix(method, "send"))
		m.Photo = p.files[strings.TrimPrefix(file, "attach://")]
		if file == "" || m.Photo == nil && strings.HasPrefix(file, "attach://") {
			return refused("there is no photo in the request")
		}
		if why := wrongPhoto(method, m.Photo); why != "" {
			return refused(why)
		}
	}
	if why := wrongText(method, m.Text); why != "" {
		return refused(why)
	}
	m.ID = s.messageID.Add(1)
	c.add(m)
	s.counts.Sends.Add(1)
	return ok(messageJSON(c.ID, &m))
}

func wrongText(method, text string) string {
	switch n := units(text); {
	case method == "sendmessage" || method == "editmessagetext":
		if strings.TrimSpace(text) == "" {
			return "message text is empty"
		}
		if n > 4096 {
			return "message is too long"
		}
	case n > 1024:
		return "message caption is too long"
	}
	return ""
}

func (s *Server) change(c *Chat, method string, m Message, p params) answer {
	old, there := c.now[p.num("message_id")]
	if !there {
		return refused("message to edit not found")
	}
	if method == "editmessagereplymarkup" {
		m.Text = old.Text
	}
	switch why := wrongText(method, m.Text); {
	case old.Photo != nil && method == "editmessagetext":
		return refused("there is no text in the message to edit")
	case len(old.Buttons) > 0 && !old.Buttons[0].Inline:
		return refused("message can't be edited")
	case why != "":
		return refused(why)
	case old.Text == m.Text && old.markup == m.markup:
		return refused("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	m.ID, m.Edited, m.Photo = old.ID, true, old.Photo
	c.add(m)
	s.counts.Edits.Add(1)
	return ok(messageJSON(c.ID, &m))
}

// wrongPhoto is why a picture is no photo (Bot API sendPhoto), "" where it is or is none at all.
func wrongPhoto(method string, content []byte) string {
	if method != "sendphoto" {
		return ""
	}
	if len(content) > 10<<20 {
		return fmt.Sprintf("file of size %d bytes is too big for a photo; the maximum size is 10485760 bytes", len(content))
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err == nil && (c.Width+c.Height > 10000 || c.Width > 20*c.Height || c.Height > 20*c.Width) {
		return "PHOTO_INVALID_DIMENSIONS"
	}
	return ""
}

func (s *Server) webhookInfo() answer {
	info := map[string]any{"url": s.Hook(), "has_custom_certificate": false, "pending_update_count": s.Pending()}
	if h := s.hook.Load(); h != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		if !h.failed.IsZero() {
			info["last_error_date"], info["last_error_message"] = h.failed.Unix(), h.failure
		}
	}
	return ok(info)
}

func (s *Server) answerPress(p params) answer {
	n, known := s.presses.Load(p.str("callback_query_id"))
	if !known {
		return refused("query is too old and response timeout expired or query ID is invalid")
	}
	n.(*atomic.Int64).Add(1)
	s.counts.Answers.Add(1)
	return ok(true)
}

func (s *Server) getFile(p params) answer {
	id := p.str("file_id")
	content, found := s.files.Load(id)
	if !found {
		return refused("wrong file_id or the file is temporarily unavailable")
	}
	size := len(content.([]byte))
	if s.opts.LocalDir != "" {
		path := filepath.Join(s.opts.LocalDir, s.opts.Token, "documents", id)
		if os.MkdirAll(filepath.Dir(path), 0o755) != nil || os.WriteFile(path, content.([]byte), 0o600) != nil {
			return answer{code: 500, fault: "Internal Server Error"}
		}
		return ok(map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_size": size, "file_path": path})
	}
	if size > 20<<20 {
		return refused("file is too big")
	}
	return ok(map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_size": size, "file_path": "files/" + id})
}

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func (s *Server) setCommands(p params) answer {
	var list []struct{ Command, Description string }
	if json.Unmarshal([]byte(p.str("commands")), &list) != nil || len(list) > 100 {
		return refused("can't parse commands")
	}
	for _, c := range list {
		if !commandName.MatchString(c.Command) || c.Description == "" || units(c.Description) > 256 {
			return refused("BOT_COMMAND_INVALID")
		}
	}
	s.commands.Store(p.str("language_code"), len(list))
	return ok(true)
}

func messageJSON(chat int64, m *Message) json.RawMessage {
	b := make([]byte, 0, 256+2*len(m.Text))
	b = append(b, `{"message_id":`...)
	b = strconv.AppendInt(b, m.ID, 10)
	b = append(b, `,"from":{"id":123456,"is_bot":true,"first_name":"Dengwen"},"chat":{"id":`...)
	b = strconv.AppendInt(b, chat, 10)
	b = append(b, `,"first_name":"Citizen","type":"private"},"date":`...)
	b = strconv.AppendInt(b, m.At.Unix(), 10)
	key := `,"text":`
	if m.Photo != nil {
		key = `,"caption":`
	}
	text, _ := json.Marshal(m.Text)
	b = append(b, key...)
	b = append(b, text...)
	return append(b, '}')
}
