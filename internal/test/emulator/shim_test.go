package emulator

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"time"
)

// shim stands between the bot and the emulator, which reads only JSON, answers
// getUpdates at once, knows few methods, sends no secret and ends when a webhook
// does not answer 2xx.
type shim struct {
	emulator string // base URL
	self     string // base URL of the shim itself

	mu     sync.Mutex
	hook   string
	secret string
	down   int // webhook deliveries not answered 2xx
}

// native are the methods the emulator has.
var native = map[string]bool{
	"getMe": true, "getUpdates": true, "sendMessage": true, "editMessageText": true, "editMessageReplyMarkup": true,
	"answerCallbackQuery": true, "deleteMessage": true, "setWebhook": true, "deleteWebhook": true,
}

func (s *shim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/hook" {
		s.deliver(r)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/file/") {
		_ = jpeg.Encode(w, image.NewGray(image.Rect(0, 0, 8, 8)), nil)
		return
	}
	p := parameters(r)
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	bot := strings.TrimSuffix(r.URL.Path, method)
	w.Header().Set("Content-Type", "application/json")
	switch {
	case method == "setWebhook":
		s.setHook(p)
		s.pass(w, bot+method, p)
	case method == "getUpdates":
		s.longPoll(w, r, bot+method, p)
	case native[method]:
		s.pass(w, bot+method, p)
	case method == "getWebhookInfo":
		s.mu.Lock()
		hook := s.hook
		s.mu.Unlock()
		answer(w, map[string]any{"url": hook, "has_custom_certificate": false, "pending_update_count": 0})
	case method == "getFile":
		answer(w, map[string]any{"file_id": p["file_id"], "file_unique_id": "u", "file_path": "photos/x.jpg"})
	case strings.HasPrefix(method, "send") && method != "sendChatAction":
		p["text"] = "[" + method + "] " + str(p["caption"])
		s.pass(w, bot+"sendMessage", p)
	default: // setMyCommands and the like
		answer(w, true)
	}
}

// deliver hands an update on to the bot, with the secret.
func (s *shim) deliver(r *http.Request) {
	s.mu.Lock()
	url, secret := s.hook, s.secret
	s.mu.Unlock()
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, url, r.Body)
	if err == nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		var resp *http.Response
		if resp, err = http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
		}
		if err == nil && resp.StatusCode/100 == 2 {
			return
		}
	}
	s.mu.Lock()
	s.down++
	s.mu.Unlock()
}

func (s *shim) setHook(p map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook, s.secret = str(p["url"]), str(p["secret_token"])
	p["url"] = s.self + "/hook"
}

func (s *shim) hooked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hook != ""
}

func (s *shim) longPoll(w http.ResponseWriter, r *http.Request, path string, p map[string]any) {
	seconds, _ := p["timeout"].(float64)
	for end := time.Now().Add(time.Duration(seconds) * time.Second); ; {
		status, body := s.call(path, p)
		if !bytes.Contains(body, []byte(`"result":[]`)) || time.Now().After(end) || r.Context().Err() != nil {
			w.WriteHeader(status)
			_, _ = w.Write(body)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *shim) pass(w http.ResponseWriter, path string, p map[string]any) {
	status, body := s.call(path, p)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (s *shim) call(path string, p map[string]any) (int, []byte) {
	status, body, err := post(s.emulator+path, p)
	if err != nil {
		return http.StatusBadGateway, []byte(`{"ok":false,"error_code":502,"description":"emulator is down"}`)
	}
	return status, body
}

func post(url string, v any) (int, []byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return 0, nil, err
	}
	resp, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

func answer(w io.Writer, result any) {
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

// parameters reads a JSON body or a form; files become their names.
func parameters(r *http.Request) map[string]any {
	p := map[string]any{}
	kind, args, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		_ = json.NewDecoder(r.Body).Decode(&p)
		return p
	}
	parts := multipart.NewReader(r.Body, args["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return p
		}
		content, _ := io.ReadAll(io.LimitReader(part, 20<<20))
		if part.FileName() != "" {
			content = []byte(part.FileName())
		}
		p[part.FormName()] = string(content)
	}
}
