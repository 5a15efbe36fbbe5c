// Package fakewechat is the platform of WeChat official accounts as far as the door needs it, with
// the checks and faults of its manuals: sealed pushes sent up to three times when they are not
// answered in five seconds, tokens that expire, five customer service messages to each message of a
// person, subscriptions that are used up, media that are gone.
package fakewechat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Options are the account's and the platform's. Zero fields take the values in brackets.
type Options struct {
	AppID, Secret, Token, Key string        // (wxtest, secret, token, 43 × A)
	Patience                  time.Duration // with an answer, before it is sent again (5 s)
	Tries                     int           // of a push (3)
	Free                      int           // customer service messages to each message of a person (5)
}

// Server is the platform. Close stops it.
type Server struct {
	Options
	http *httptest.Server

	mu         sync.Mutex
	hook       string
	people     map[string]*Person
	tokens     map[string]bool // false = refused from now on
	issued     int
	media      map[string][]byte
	menu       json.RawMessage
	pushes     int
	calls      map[string]int // by path
	refuseOnce map[string]int // errcode of the next call of a path
}

// Start begins to listen on loopback.
func Start(o Options) *Server {
	set := func(field *string, standard string) {
		if *field == "" {
			*field = standard
		}
	}
	set(&o.AppID, "wxtest")
	set(&o.Secret, "secret")
	set(&o.Token, "token")
	set(&o.Key, strings.Repeat("A", 43))
	if o.Patience == 0 {
		o.Patience = 5 * time.Second
	}
	if o.Tries == 0 {
		o.Tries = 3
	}
	if o.Free == 0 {
		o.Free = 5
	}
	s := &Server{
		Options: o, people: map[string]*Person{}, tokens: map[string]bool{}, media: map[string][]byte{}, calls: map[string]int{}, refuseOnce: map[string]int{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /cgi-bin/stable_token", s.stableToken)
	mux.HandleFunc("POST /cgi-bin/message/custom/send", s.withToken(s.customSend))
	mux.HandleFunc("POST /cgi-bin/message/subscribe/bizsend", s.withToken(s.notice))
	mux.HandleFunc("POST /cgi-bin/menu/create", s.withToken(s.putMenu))
	mux.HandleFunc("POST /cgi-bin/qrcode/create", s.withToken(s.makeCode))
	mux.HandleFunc("GET /cgi-bin/media/get", s.withToken(s.getMedia))
	s.http = httptest.NewServer(mux)
	return s
}

// makeCode answers a code with the address that it holds (生成带参数的二维码); the scene stands in it for tests to read.
func (s *Server) makeCode(w http.ResponseWriter, _ *http.Request, body []byte) {
	var ask struct {
		Action string `json:"action_name"`
		Info   struct {
			Scene struct {
				Text string `json:"scene_str"`
			} `json:"scene"`
		} `json:"action_info"`
	}
	if json.Unmarshal(body, &ask) != nil || ask.Action != "QR_LIMIT_STR_SCENE" || ask.Info.Scene.Text == "" || len(ask.Info.Scene.Text) > 64 {
		refuse(w, 40053, "invalid action info")
		return
	}
	answer(w, map[string]any{"ticket": "ticket", "url": "http://weixin.qq.com/q/" + ask.Info.Scene.Text})
}

// Close stops listening.
func (s *Server) Close() { s.http.Close() }

// URL is the address of the API.
func (s *Server) URL() string { return s.http.URL }

// SetHook is where pushes go.
func (s *Server) SetHook(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = address
}

// Settings are those of a program that is tied to the account.
func (s *Server) Settings() []string {
	return []string{"WECHAT_APPID=" + s.AppID, "WECHAT_SECRET=" + s.Secret, "WECHAT_TOKEN=" + s.Token, "WECHAT_AES_KEY=" + s.Key, "WECHAT_API_URL=" + s.URL()}
}

// ExpireTokens has every token refused from now on.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := range s.tokens {
		s.tokens[t] = false
	}
}

// Refuse has the next call of a path answered with an errcode.
func (s *Server) Refuse(path string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuseOnce[path] = code
}

// Calls counts the calls of a path.
func (s *Server) Calls(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[path]
}

// Pushes counts the requests that pushes took, those sent again too.
func (s *Server) Pushes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pushes
}

// Menu is the menu as it was set, nil = never.
func (s *Server) Menu() json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.menu
}

// PutMedia makes something that can be fetched by its id.
func (s *Server) PutMedia(id string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media[id] = content
}

// DropMedia is three days later.
func (s *Server) DropMedia(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.media, id)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, code int, text string) {
	answer(w, map[string]any{"errcode": code, "errmsg": text + " rid: 66666666-12345678"})
}

func (s *Server) stableToken(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		GrantType string `json:"grant_type"`
		AppID     string `json:"appid"`
		Secret    string `json:"secret"`
		Force     bool   `json:"force_refresh"`
	}
	if json.NewDecoder(r.Body).Decode(&ask) != nil || ask.GrantType != "client_credential" {
		refuse(w, 40002, "invalid grant_type")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[r.URL.Path]++
	switch {
	case ask.AppID != s.AppID:
		refuse(w, 40013, "invalid appid")
		return
	case ask.Secret != s.Secret:
		refuse(w, 40125, "invalid appsecret")
		return
	}
	current := fmt.Sprintf("token-%d", s.issued)
	if s.issued == 0 || !s.tokens[current] || ask.Force {
		if ask.Force {
			s.tokens[current] = false
		}
		s.issued++
		current = fmt.Sprintf("token-%d", s.issued)
		s.tokens[current] = true
	}
	answer(w, map[string]any{"access_token": current, "expires_in": 7200})
}

// withToken checks what every call has, and makes the fault that was ordered.
func (s *Server) withToken(next func(w http.ResponseWriter, r *http.Request, body []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		token := r.URL.Query().Get("access_token")
		s.mu.Lock()
		s.calls[r.URL.Path]++
		good, known := s.tokens[token]
		code := s.refuseOnce[r.URL.Path]
		delete(s.refuseOnce, r.URL.Path)
		s.mu.Unlock()
		switch {
		case code != 0:
			refuse(w, code, "as ordered")
		case token == "":
			refuse(w, 41001, "access_token missing")
		case !known:
			refuse(w, 40001, "invalid credential")
		case !good:
			refuse(w, 42001, "access_token expired")
		default:
			next(w, r, body)
		}
	}
}

func (s *Server) customSend(w http.ResponseWriter, _ *http.Request, body []byte) {
	var m struct {
		To   string `json:"touser"`
		Type string `json:"msgtype"`
		Text struct {
			Content string `json:"content"`
		} `json:"text"`
	}
	if json.Unmarshal(body, &m) != nil || bytes.Contains(body, []byte(`\u003c`)) {
		refuse(w, 47001, "data format error")
		return
	}
	p := s.known(m.To)
	switch {
	case p == nil:
		refuse(w, 40003, "invalid openid")
	case m.Type != "text" || m.Text.Content == "":
		refuse(w, 40008, "invalid message type")
	case len(m.Text.Content) > 2048 || !utf8.ValidString(m.Text.Content):
		refuse(w, 45002, "content size out of limit")
	default:
		code := p.sendFree(m.Text.Content)
		if code != 0 {
			refuse(w, code, "out of response window or count")
			return
		}
		refuse(w, 0, "ok")
	}
}

func (s *Server) notice(w http.ResponseWriter, _ *http.Request, body []byte) {
	var m struct {
		To       string                            `json:"touser"`
		Template string                            `json:"template_id"`
		Data     map[string]struct{ Value string } `json:"data"`
	}
	if json.Unmarshal(body, &m) != nil {
		refuse(w, 47001, "data format error")
		return
	}
	p := s.known(m.To)
	if p == nil {
		refuse(w, 40003, "invalid openid")
		return
	}
	var values []string
	for field, v := range m.Data {
		if longest := map[string]int{"thing": 20, "character_string": 32}[strings.TrimRight(field, "0123456789")]; longest == 0 || utf8.RuneCountInString(v.Value) > longest || v.Value == "" {
			refuse(w, 47003, "argument invalid! "+field)
			return
		}
		values = append(values, field+"="+v.Value)
	}
	if !p.notified(m.Template, values) {
		refuse(w, 43101, "user refuse to accept the msg")
		return
	}
	refuse(w, 0, "ok")
}

func (s *Server) putMenu(w http.ResponseWriter, _ *http.Request, body []byte) {
	var m struct {
		Button []struct {
			Name string            `json:"name"`
			Sub  []json.RawMessage `json:"sub_button"`
		} `json:"button"`
	}
	if json.Unmarshal(body, &m) != nil || len(m.Button) == 0 || len(m.Button) > 3 {
		refuse(w, 40016, "invalid button size")
		return
	}
	for _, b := range m.Button {
		if len(b.Name) > 16 || len(b.Sub) > 5 {
			refuse(w, 40018, "invalid button name size")
			return
		}
	}
	s.mu.Lock()
	s.menu = body
	s.mu.Unlock()
	refuse(w, 0, "ok")
}

func (s *Server) getMedia(w http.ResponseWriter, r *http.Request, _ []byte) {
	s.mu.Lock()
	content, ok := s.media[r.URL.Query().Get("media_id")]
	s.mu.Unlock()
	if !ok {
		refuse(w, 40007, "invalid media_id")
		return
	}
	w.Header().Set("Content-Type", http.DetectContentType(content))
	_, _ = w.Write(content)
}
