package authorisation

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// said is what the bot says, by chat. It is a turn.Sender.
type said struct {
	mu    sync.Mutex
	chats map[string]*heard
}

type heard struct {
	mu   sync.Mutex
	says []bot.Say // of the event asked last
	of   string    // id of that event
	more chan struct{}
}

func (s *said) chat(conv string) *heard {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.chats[conv] == nil {
		s.chats[conv] = &heard{more: make(chan struct{}, 100)}
	}
	return s.chats[conv]
}

func (s *said) Send(_ context.Context, conv, key string, say bot.Say) error {
	h := s.chat(conv)
	h.mu.Lock()
	defer h.mu.Unlock()
	if strings.HasPrefix(key, h.of) {
		h.says = append(h.says, say)
		select {
		case h.more <- struct{}{}:
		default:
		}
	}
	return nil
}

func (h *heard) begin(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.says, h.of = nil, id
}

// button waits until the answer has a button of that action, and answers its data, "" after a
// while; action "" waits for any answer.
func (h *heard) button(action string) (data, text string) {
	deadline := time.After(10 * time.Second)
	for {
		h.mu.Lock()
		for _, say := range h.says {
			text = say.Text
			for _, row := range say.Rows {
				for _, b := range row {
					if strings.HasPrefix(b.Data, "d:") == (action == "over") && action != "" && strings.Contains(b.Data+":", ":"+action+":") {
						h.mu.Unlock()
						return b.Data, text
					}
				}
			}
		}
		some := len(h.says) > 0
		h.mu.Unlock()
		if some && action == "" {
			return "", text
		}
		select {
		case <-h.more:
		case <-deadline:
			return "", text
		}
	}
}

// talker is an officer at a door: tell hands in words or a press as the event of an id.
type talker struct {
	w     *world
	conv  string
	id    string // of the person
	tell  func(event, text, press string)
	heard *heard

	none map[bool]answer // of looking at, and of moving, a case that is not there
}

// missing is what they are told of a case that is not there.
func (p *talker) missing(m petition.Move) answer {
	got, ok := p.none[m.Name == look]
	if !ok {
		got = p.attempt(missing, m)
		p.none[m.Name == look] = got
	}
	return got
}

func (p *talker) ask(text, press string) {
	event := fmt.Sprintf("event-%08d", p.w.ids.Add(1))
	prefix := "tg:"
	if strings.HasPrefix(p.conv, "web:") {
		prefix = "web:"
	}
	p.heard.begin(prefix + event)
	p.tell(event, text, press)
}

// attempt begins a move, or opens a case, and answers what is said first.
func (p *talker) attempt(number string, m petition.Move) answer {
	if m.Name == look {
		p.ask("", "d:case:"+number)
	} else {
		p.ask("", "d:do:"+string(m.Name)+":"+number)
	}
	_, text := p.heard.button("")
	if strings.Contains(text, "goes into the access log") { // of a report it is asked first why it is opened
		p.ask("to work on it", "")
		_, text = p.heard.button("")
	}
	return answer{words: strings.ReplaceAll(text, number, "N")}
}

// finish answers what a move asks until it is made.
func (p *talker) finish(spec petition.MoveSpec, number string, m petition.Move) {
	for _, f := range spec.Fields {
		if p.w.version(number) > 1 {
			return
		}
		if f.Aside || !spec.Wants(f, m) { // not asked
			continue
		}
		switch value := m.Of(f); {
		case f.Kind == petition.KindOfficer:
			data, _ := p.heard.button("is")
			p.ask("", data)
		case f.Kind == petition.KindFiles || value == "":
			data, _ := p.heard.button("skip")
			p.ask("", data)
		default:
			p.ask(value, "")
		}
		p.heard.button("")
	}
	if p.w.version(number) > 1 {
		return
	}
	last := "do"
	if m.Name == petition.MoveTake { // a colleague has it
		last = "over"
	}
	data, _ := p.heard.button(last)
	p.ask("", data)
	p.heard.button("")
}

// byChat is an officer in a chat of their own.
func (w *world) byChat(unit string, role petition.Role) *talker {
	w.t.Helper()
	conv := "tg:" + fmt.Sprint(1000+w.ids.Add(1))
	person, err := w.roster.Join(w.t.Context(), w.hire(unit, role), conv, "somebody")
	if err != nil {
		w.t.Fatal(err)
	}
	p := &talker{w: w, conv: conv, id: person.ID, heard: w.said.chat(conv), none: map[bool]answer{}}
	p.tell = func(event, text, press string) {
		e := bot.Event{ID: "tg:" + event, At: noon, Lang: "en", Text: text, Ref: event}
		if press != "" {
			e.Press = &bot.Press{Data: press}
		}
		if err := w.run.Accept(context.Background(), conv, e); err != nil {
			w.t.Errorf("tell %s: %v", conv, err)
		}
	}
	return p
}

var csrf = regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`)

// byPage is an officer at the web page, who joined there.
func (w *world) byPage(unit string, role petition.Role) *talker {
	w.t.Helper()
	w.joining.Lock()
	defer w.joining.Unlock()
	p := &talker{w: w, none: map[bool]answer{}}
	var cookie *http.Cookie
	ask := func(r *http.Request) string {
		if cookie != nil {
			r.AddCookie(cookie)
		}
		rec := httptest.NewRecorder()
		w.page.ServeHTTP(rec, r)
		for _, c := range rec.Result().Cookies() {
			cookie = c
		}
		if rec.Code >= 400 {
			w.t.Errorf("%s %s: %d %s", r.Method, r.URL, rec.Code, rec.Body)
		}
		return rec.Body.String()
	}
	token := ""
	open := func() { token = csrf.FindStringSubmatch(ask(httptest.NewRequest(http.MethodGet, "/", nil)))[1] }
	p.tell = func(event, text, press string) {
		form := url.Values{"csrf": {token}, "id": {event}, "lang": {"en"}, "text": {text}, "press": {press}}
		r := httptest.NewRequest(http.MethodPost, "/say", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "application/json")
		ask(r)
	}
	open()
	p.tell(fmt.Sprintf("joins-%08d", w.ids.Add(1)), "/join "+w.hire(unit, role), "")
	person := w.joined(unit, role)
	p.conv, p.id = person.Chat, person.ID
	open()
	p.heard = w.said.chat(p.conv)
	return p
}

// joined waits for whoever joined at the page last.
func (w *world) joined(unit string, role petition.Role) roster.Person {
	w.t.Helper()
	for range 1000 {
		people, err := w.roster.People(w.t.Context(), unit)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, person := range people {
			if strings.HasPrefix(person.Chat, "web:") && !w.there[person.ID] {
				w.there[person.ID] = true
				return person
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	w.t.Fatalf("nobody joined %s as %s", unit, role)
	return roster.Person{}
}
