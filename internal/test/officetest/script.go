package officetest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/internal/office"
	"dengwen/internal/test/invented"
	"dengwen/internal/test/memory"
	"dengwen/internal/test/provisional"
	"dengwen/internal/test/signoff"
	"dengwen/petition"
	"dengwen/petition/roster"
)

var update = flag.Bool("update", false, "rewrite what the bot says in the transcripts")

// A script is a conversation of several sides as an officer can read it:
//
//	# a remark
//	side: wang tg:11 王芳 petition intake,supervisor    somebody of the office, here from the start
//	side: me tg:1                                       a citizen
//	side: road tg:-100 transport topics                 a group that is tied to a unit
//	office: loud | quiet                                at the head: whether staff are left alone outside hours
//	lodge: me claim transport.roads 611026102 words     files a petition without the conversation around it
//	wang> words                                         writes; ^words answers the bot's last message there
//	wang> [button]                                      presses the button with that text, shown there last
//	wang> (photo: caption)                              also voice, album; (edit: words) changes the last message
//	li@road> words                                      in a group, or in its newest topic
//	~ 3d2h                                              time passes, with the reminders it brings
//	! blocked wang | unblocked wang | flood wang 3 | moved road tg:-200 | dropped road | lost road | removed road | revoke li | do unit move key=value … | api unit move key=value …
//	wang< words                                         the bot says; everything after a side's < is its answer
//
//	! news                                              what is new of disputes is told
//
// {dispute} is the number of the last dispute, {number} is the last number that a petition got, {code} the query code of the last one lodged, {join:unit:role} and {bind:unit}
// are fresh invitations. Only the bot's lines are rewritten by -update.
type Script struct {
	t     *testing.T
	w     *World
	sides []side
	lines []string
	read  int // of the post's log

	text   string   // of the file
	own    []string // words of people
	num    string
	code   string
	files  int
	said   map[string]string // ref of a person's last message
	closed bool
}

type side struct{ name, chat, id string }

// Replay runs a script and holds the bot to what the script says it says.
func Replay(t *testing.T, file string) { play(t, file, parts{}).compare(file) }

// ReplayMarked runs a script and holds everything that is shown to the sentences of locales, but
// for what the office's data say and what people in the script do.
func ReplayMarked(t *testing.T, file string) {
	s := play(t, file, parts{words: invented.Marked(t)})
	allowed := slices.Concat(invented.OfficeData(office.Example()), invented.Titles(), s.own, []string{"村组道路损坏", "下雨过不去车", "把路修好", "请看条例"}) // what the reader and the answers here say
	for _, m := range s.w.Post.Log(0) {
		if m.Say.Lang == "en" {
			continue
		}
		texts := []string{m.Say.Text, m.Note, strings.TrimPrefix(m.Topic, "create ")}
		for _, b := range slices.Concat(m.Say.Rows...) {
			texts = append(texts, b.Text)
		}
		for _, text := range texts {
			left := slices.DeleteFunc(invented.Unmarked(text, allowed...), s.quoted)
			if len(left) > 0 {
				t.Errorf("%s: %q in %q", filepath.Base(file), left, invented.Plain(text))
			}
		}
	}
}

// quoted reports whether words are out of what people said.
func (s *Script) quoted(words string) bool {
	return utf8.RuneCountInString(words) > 2 && slices.ContainsFunc(s.own, func(said string) bool { return strings.Contains(said, words) })
}

// ReplayUnpublished runs a script without any published calendar and holds the bot to saying of each date
// that is computed that it is provisional. Days that somebody chose, of a hearing for example, rest on none.
func ReplayUnpublished(t *testing.T, file string) {
	s := play(t, file, parts{calendar: new(petition.Calendar)})
	for _, m := range s.w.Post.Log(0) {
		for _, d := range provisional.Unmarked(m.Say.Text + "\n" + m.Note) {
			t.Errorf("%s: %q in %q", filepath.Base(file), d, m.Say.Text+m.Note)
		}
	}
}

func play(t *testing.T, file string, with parts) *Script {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	with.box, with.cases, with.people = newBox(t), memory.NewMemory(), memory.NewRoster()
	s := &Script{t: t, text: string(data), said: map[string]string{}, closed: strings.Contains(string(data), "\noffice: quiet")}
	s.w = newWorld(t, func(o *petition.Office) { o.Example = !s.closed }, with)
	for _, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if said(line) {
			continue
		}
		s.lines = append(s.lines, line)
		s.own = append(s.own, wordsOf(line)...)
		if s.line(line); t.Failed() {
			t.Fatalf("%s: in %q", file, line)
		}
		s.w.Settle()
		s.show()
	}
	return s
}

// wordsOf are the words that somebody in a line says or is called by.
func wordsOf(line string) []string {
	head, rest, _ := strings.Cut(line, " ")
	if head == "#" {
		return nil
	}
	rest = strings.Trim(rest, "^()")
	return append(strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" ：=\\,，。", r) }), rest)
}

var byBot = regexp.MustCompile(`^[a-z]+(/\d+)?[<=]`)

func said(line string) bool { return strings.HasPrefix(line, "  ") || byBot.MatchString(line) }

func (s *Script) compare(file string) {
	want := s.text
	got := strings.Join(s.lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			s.t.Fatal(err)
		}
		return
	}
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			s.t.Errorf("%s differs in line %d; see with -update and git diff\n want %s\n got  %s", file, i+1, at(a, i), at(b, i))
			return
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing more)"
}

func (s *Script) line(line string) {
	head, rest, _ := strings.Cut(line, " ")
	switch {
	case head == "" || head == "#":
	case head == "side:":
		s.side(strings.Fields(rest))
	case head == "office:":
	case head == "lodge:":
		s.lodge(rest)
	case head == "~":
		s.pass(rest)
	case head == "!":
		s.happens(strings.Fields(rest))
	case strings.HasSuffix(head, ">"):
		s.speak(strings.TrimSuffix(head, ">"), s.fill(rest))
	default:
		s.t.Errorf("unknown line %q", line)
	}
}

func (s *Script) side(f []string) {
	v := side{name: f[0], chat: f[1]}
	switch {
	case strings.HasPrefix(f[1], "tg:-"):
		if len(f) > 2 {
			s.w.Bind(f[1], f[2], len(f) > 3)
		}
	case len(f) == 5:
		var roles []petition.Role
		for _, r := range strings.Split(f[4], ",") {
			roles = append(roles, petition.Role(r))
		}
		v.id = s.w.Hire(f[1], f[2], f[3], roles...).ID
	}
	s.sides = append(s.sides, v)
}

func (s *Script) find(name string) side {
	for _, v := range s.sides {
		if v.name == name {
			return v
		}
	}
	s.t.Errorf("no side is called %q", name)
	return side{}
}

func (s *Script) lodge(rest string) {
	f := strings.SplitN(rest, " ", 5)
	title, facts, _ := strings.Cut(f[4], "：")
	k := s.w.Lodge(petition.Filing{Owner: s.find(f[0]).chat, Class: petition.Class(f[1]), Subject: f[2], Place: petition.Place{Code: f[3]}, Title: title, Facts: facts})
	s.num, s.code = k.Number, k.Code
}

func (s *Script) pass(rest string) {
	days, hours, ok := strings.Cut(rest, "d")
	if !ok {
		days, hours = "0", rest
	}
	n, err := strconv.Atoi(days)
	d := time.Duration(0)
	if hours != "" && err == nil {
		d, err = time.ParseDuration(hours)
	}
	if err != nil {
		s.t.Error(err)
	}
	for range n {
		s.w.Pass(24 * time.Hour)
	}
	s.w.Pass(d)
}

var invitation = regexp.MustCompile(`\{(join|bind):([a-z_]+)(?::([a-z,]+))?\}`)

func (s *Script) fill(text string) string {
	text = strings.NewReplacer("{number}", s.num, "{code}", s.code, "{dispute}", s.w.lastDispute(), `\n`, "\n").Replace(text)
	return invitation.ReplaceAllStringFunc(text, func(m string) string {
		p := invitation.FindStringSubmatch(m)
		i := roster.Invite{Unit: p[2], Group: p[1] == "bind"}
		for _, r := range strings.FieldsFunc(p[3], func(r rune) bool { return r == ',' }) {
			i.Roles = append(i.Roles, petition.Role(r))
		}
		return s.w.Token(i)
	})
}

func (s *Script) happens(f []string) {
	switch f[0] {
	case "blocked":
		s.w.Post.Block(s.find(f[1]).chat, true)
	case "unblocked":
		s.w.Post.Block(s.find(f[1]).chat, false)
	case "flood":
		n, _ := strconv.Atoi(f[2])
		s.w.Post.Flood(s.find(f[1]).chat, n)
	case "moved":
		s.w.Post.Move(s.find(f[1]).chat, f[2])
		i := slices.IndexFunc(s.sides, func(v side) bool { return v.name == f[1] })
		s.sides[i].chat = f[2]
	case "dropped":
		s.w.Post.DropTopics(s.find(f[1]).chat)
	case "lost":
		s.w.Post.DropMessages(s.find(f[1]).chat)
	case "removed":
		chat := s.find(f[1]).chat
		s.w.Post.Block(chat, true)
		s.w.Tell(chat, bot.Event{From: chat, Removed: true})
	case "revoke":
		if _, err := s.w.Roster.Leave(context.Background(), petition.System(), s.find(f[1]).id); err != nil {
			s.t.Error(err)
		}
	case "do":
		s.do(f[1], f[2:])
	case "news":
		s.w.TellDisputes()
	case "api":
		a, m, v := s.do(f[1], f[2:])
		s.w.Run.Moved(context.Background(), a, m, v)
	default:
		s.t.Errorf("unknown happening %q", f[0])
	}
}

// do lets a unit make a move that the script does not tell at length.
func (s *Script) do(unit string, words []string) (petition.Actor, petition.MoveName, petition.View) {
	a := petition.Actor{Staff: unit + "-1", Unit: unit, Roles: []petition.Role{petition.Officer, petition.Head, petition.Sealed}}
	if unit == "petition" {
		a.Roles = []petition.Role{petition.Intake, petition.Supervisor}
	}
	if unit == "citizen" {
		a = petition.Actor{Owner: s.sides[0].chat, Asker: s.sides[0].chat}
	}
	m := petition.Move{Name: petition.MoveName(words[0]), Args: map[string]string{}}
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		m.Set(key, value)
	}
	v, err := signoff.Do(context.Background(), s.w.Cases, a, s.num, m)
	if err != nil {
		s.t.Errorf("%s %s: %v", unit, words[0], err)
	}
	return a, m.Name, v
}

func (s *Script) note(format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
}
