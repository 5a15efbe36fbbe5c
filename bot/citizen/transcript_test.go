package citizen

import (
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

	"dengwen/bot"
	"dengwen/internal/office"
	"dengwen/internal/test/invented"
	"dengwen/internal/test/provisional"
	"dengwen/petition"
)

var update = flag.Bool("update", false, "rewrite what the bot says in the transcripts, and the dialogue diagram")

// A transcript is a conversation as an officer can read it:
//
//	# a remark            door: web · lang: en · owner: tg:7   settings, at any place
//	> words               the person writes; \n is a new line
//	> [button]            the person presses the button with that text, shown last
//	> (photo: caption)    photo, voice, video, document, album 3, album 3 last, big photo, location 33.6,109.1 name,
//	                      contact 张三 139…, card of another …, sticker, dice, empty, edit 2: words, forward: words, long 5000
//	< words               the bot says; buttons below
//	= effect              what the bot has done
//	~ 13h                 time passes
//	above: none           the office has no unit for reports about the one that gets them
//	! api down            something fails (api, reader, fetch) or comes back (api up)
//	! office unit move …  the office moves the case on
//	! reception date time slots leader charge   a day is planned; cancel date why: it is cancelled; taken date: somebody else books
//	! settle move …     the town makes a move of the last dispute
//	! bulletin words      a service notice, to those who agreed to get them
//
// {number}, {code} and {wrong} are the last ticket's number, its code and another.
//
// Only the lines of < and = are rewritten by -update.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d transcripts, want at least 40 (%v)", len(files), err)
	}
	var all []passage
	for _, f := range files {
		all = append(all, replay(t, f)...)
	}
	checkPassages(t, all)
}

func replay(t *testing.T, file string) []passage {
	w, data := play(t, file, newHarness(t))
	got := strings.Join(w.lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got != data {
		t.Errorf("%s differs; see with -update and git diff\n%s", file, firstDifference(data, got))
	}
	return w.moves
}

// Nothing in the transcripts is said but sentences of locales, what the office's data say and what
// people do. English sentences are seen by the walks in an invented language.
func TestTranscriptsSaySentencesOfLocales(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen, words := 0, invented.Marked(t)
	for _, file := range files {
		marked := newHarness(t)
		marked.b.locales = words
		w, data := play(t, file, marked)
		allowed := append(invented.OfficeData(w.b.office), invented.Titles()...)
		allowed = append(allowed, stubbed...)
		for _, line := range strings.Split(data, "\n") {
			if !strings.HasPrefix(line, "<") && !strings.HasPrefix(line, "  ") {
				allowed = append(allowed, strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ：:=[]()>", r) })...)
			}
		}
		for _, line := range w.lines {
			if !strings.HasPrefix(line, "<") && !strings.HasPrefix(line, "  ") {
				continue
			}
			seen++
			left := slices.DeleteFunc(invented.Unmarked(line, allowed...), func(words string) bool {
				return !hasHan(words) || len([]rune(words)) > 2 && strings.Contains(strings.Join(allowed, "\n"), words)
			})
			if len(left) > 0 {
				t.Errorf("%s: %q in %q", filepath.Base(file), left, invented.Plain(line))
			}
		}
	}
	if seen < 1000 {
		t.Errorf("only %d lines seen", seen)
	}
}

// stubbed is what the reader and the answers of the harness say.
var stubbed = []string{"的路塌了过不去", "村组道路损坏", "下雨过不去车", "把路修好", "拖欠工资", "把工资发了", "征地补偿有争议", "反映干部贪污", "加开班车的建议", "沙坪村", "村委会，答复没有钱",
	"罗庄村三组的水渠垮了两个多月", "我叫张三峰", "我叫王兴民", "王兴民", "电话13900001234", "电话13900005678", "电话15129140688", "电话18729140567", "请赔", "石瓮村", "合同上却是两万三", "赵皓梅", "赵小皓", // put together by corrections
	fakeAnswer("会不会知道").Text, fakeAnswer("多久").Text}

// Where no calendar is published, every date that is computed says that it is provisional.
func TestTranscriptsSayWhatIsProvisional(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		w, _ := play(t, file, newHarnessOf(t, office.Example(), new(petition.Calendar)))
		for _, line := range w.lines {
			if strings.HasPrefix(line, "<") || strings.HasPrefix(line, "  ") {
				for _, d := range provisional.Unmarked(line) {
					t.Errorf("%s: %q in %q", filepath.Base(file), d, line)
				}
			}
		}
	}
}

func play(t *testing.T, file string, w *harness) (*harness, string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if t.Failed() {
			t.Logf("in %s", file)
		}
	}()
	for _, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if strings.HasPrefix(line, "<") || strings.HasPrefix(line, "=") || strings.HasPrefix(line, "  ") {
			continue
		}
		w.lines = append(w.lines, line)
		w.line(line)
	}
	return w, string(data)
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d\n want %s\n got  %s", i+1, a[i], b[i])
		}
	}
	return "lengths differ"
}

func (w *harness) line(line string) {
	mark, rest, _ := strings.Cut(line, " ")
	switch mark {
	case ">":
		w.says = 0
		fill := strings.NewReplacer(`\n`, "\n", "{number}", w.ticket.Number, "{code}", w.ticket.Code, "{wrong}", wrong(w.ticket.Code))
		w.speak(fill.Replace(rest))
		if w.says == 0 && !strings.HasPrefix(rest, "(album") {
			w.lines = append(w.lines, "< (nothing)")
		}
	case "~":
		d, err := time.ParseDuration(rest)
		if err != nil {
			w.t.Fatal(err)
		}
		w.pass(d)
	case "!":
		w.fault(rest)
	case "door:":
		w.door = rest
	case "lang:":
		w.lang = rest
	case "ways:": // by what people are told besides the chat
		w.b.set.Ways = strings.Fields(rest)
	case "above:": // no unit above takes reports about the one that gets them
		w.b.office.SealedAbove = ""
	case "owner:":
		w.owner, w.session = rest, nil
	case "", "#":
	default:
		w.t.Fatalf("unknown line %q", line)
	}
}

// wrong is a code that might have been right.
func wrong(code string) string {
	if strings.HasSuffix(code, "2") {
		return strings.TrimSuffix(code, "2") + "3"
	}
	return code[:max(0, len(code)-1)] + "2"
}

func (w *harness) fault(rest string) {
	word := strings.Fields(rest)
	switch {
	case word[0] == "bulletin":
		w.bulletin(strings.TrimPrefix(rest, "bulletin "))
	case word[0] == "reception" && word[1] == "taken":
		w.elsewhere(word[2])
	case word[0] == "reception":
		w.receptionDay(word[1:])
	case word[0] == "settle":
		w.settle(word[1:])
	case word[0] == "office":
		w.officeMove(word[1], word[2:])
	case word[1] == "down" || word[1] == "on":
		w.down[word[0]] = true
	default:
		w.up(word[0])
	}
}

var inBrackets = regexp.MustCompile(`^\(([a-z]+)(?: ([^:]*))?(?:: ?(.*))?\)$`)

// speak turns a line into the event it stands for.
func (w *harness) speak(s string) {
	if b, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(b, "]") {
		w.tap(strings.TrimSuffix(b, "]"))
		return
	}
	m := inBrackets.FindStringSubmatch(s)
	if m == nil {
		e := bot.Event{Text: s}
		if c, ok := strings.CutPrefix(s, "/"); ok {
			e = bot.Event{}
			e.Command, e.Args, _ = strings.Cut(c, " ")
		}
		w.write(e)
		return
	}
	w.special(m[1], m[2], m[3])
}

func (w *harness) special(kind, arg, text string) {
	switch kind {
	case "photo", "voice", "video", "document", "audio":
		w.write(bot.Event{Text: text, Media: []bot.Media{{Ref: "tg:f" + strconv.Itoa(w.seq), Kind: kind, Size: 100_000}}})
	case "big":
		w.write(bot.Event{Media: []bot.Media{{Ref: "tg:big", Kind: arg, Size: 50 << 20}}})
	case "album":
		count, last := strings.CutSuffix(arg, " last") // the caption comes with the last picture
		n, _ := strconv.Atoi(count)
		for i := range n {
			e := bot.Event{Media: []bot.Media{{Ref: fmt.Sprint("tg:a", w.seq), Kind: "photo", Size: 1000, Album: "a" + fmt.Sprint(w.seq-i)}}}
			if i == 0 && !last || i == n-1 && last {
				e.Text = text
			}
			w.person(e)
		}
	case "location":
		l := bot.Location{}
		fmt.Sscanf(arg, "%f,%f", &l.Lat, &l.Lon)
		l.Name = text
		w.person(bot.Event{Location: &l})
	case "contact", "card":
		name, phone, _ := strings.Cut(arg, " ")
		w.person(bot.Event{Contact: &bot.Shared{Name: name, Phone: phone, Own: kind == "contact"}})
	case "edit":
		n, _ := strconv.Atoi(arg)
		w.person(bot.Event{Text: text, Edited: true, Ref: w.texts[n-1]})
	case "forward":
		w.write(bot.Event{Text: text, Forward: true})
	case "long":
		n, _ := strconv.Atoi(arg)
		w.write(bot.Event{Text: strings.Repeat("下梁镇的路塌了过不去", n/10)})
	case "left":
		w.person(bot.Event{Left: true})
	case "empty":
		w.person(bot.Event{})
	default:
		w.person(bot.Event{Other: kind})
	}
}

func (w *harness) write(e bot.Event) {
	w.texts = append(w.texts, fmt.Sprint(w.seq+1))
	w.person(e)
}

func (w *harness) tap(text string) {
	for i := len(w.buttons) - 1; i >= 0; i-- {
		if invented.Plain(w.buttons[i].Text) == text {
			w.person(bot.Event{Press: &bot.Press{Data: w.buttons[i].Data, Ref: "shown"}})
			return
		}
	}
	w.says++
	w.t.Errorf("no button [%s] was shown; last lines:\n%s", text, strings.Join(w.lines[max(0, len(w.lines)-8):], "\n"))
}

// show writes an effect down as a person or an officer sees it.
func (w *harness) show(f bot.Effect) {
	if f.Say == nil {
		w.says++
		w.lines = append(w.lines, "= "+strings.ReplaceAll(describe(f), "\n", " / "))
		return
	}
	w.says++
	for i, l := range strings.Split(f.Say.Text, "\n") {
		mark := "  "
		if i == 0 {
			mark = "< "
		}
		w.lines = append(w.lines, strings.TrimRight(mark+l, " "))
	}
	if f.Say.Edit != "" {
		w.lines = append(w.lines, "  (in place)")
	}
	if r := f.Say.Receipt; r != nil {
		w.lines = append(w.lines, "  ("+r.Title+": "+strings.Join(append(slices.Clone(r.Lines), r.Link), " | ")+")")
	}
	for _, row := range f.Say.Rows {
		line := " "
		for _, b := range row {
			line += " [" + b.Text + "]"
			w.buttons = append(w.buttons, b)
		}
		w.lines = append(w.lines, line)
	}
}

func describe(f bot.Effect) string {
	switch {
	case f.File != nil:
		c := f.File.Contact
		return fmt.Sprintf("file %s · %s · %s%s · %d characters · %d files · used %q · public %v · %s %s %s",
			f.File.Class, f.File.Subject, f.File.Place.Code, f.File.Place.Text, len([]rune(f.File.Facts)), len(f.File.Attachments), f.File.Used, f.File.Public, c.Name, c.Address, c.Phone)
	case f.Telling != nil:
		q := f.Telling
		return "told " + strings.Join(strings.Fields(strings.Join([]string{q.Want, q.Way, q.Number, q.Address, q.From, q.To}, " ")), " ")
	case f.Look != nil:
		return strings.TrimSpace("look " + f.Look.Number + " " + f.Look.Code)
	case f.List != nil:
		return strings.TrimSpace("list " + f.List.After)
	case f.Do != nil:
		return fmt.Sprintf("do %s %s %v %d files %s", f.Do.Move.Name, f.Do.Number, f.Do.Move.Args, len(f.Do.Move.Files), clip(f.Do.Move.Text, 60))
	case f.Read != nil:
		return fmt.Sprintf("read %d characters", len([]rune(f.Read.Text)))
	case f.Ask != nil:
		return "ask " + f.Ask.Question
	case f.Fetch != nil:
		return "fetch " + f.Fetch.Kind
	case f.Wait > 0:
		return fmt.Sprintf("wait %d s", f.Wait)
	case f.Reception != nil:
		return strings.TrimSpace(fmt.Sprintf("reception %s %s %d %s", f.Reception.Want, f.Reception.Number, f.Reception.Slot, f.Reception.Help))
	case f.Count != nil:
		return strings.TrimSpace(fmt.Sprintf("count %s %s %s", f.Count.What, f.Count.At.Place, f.Count.At.Village))
	case f.Notices != nil:
		return "service notices " + f.Notices.Want
	case f.Dispute != nil:
		r := f.Dispute.Report
		return fmt.Sprintf("dispute %s %s %s · %d characters", r.Kind, r.Place.Code, r.Village, len([]rune(r.Words)))
	}
	return "forget"
}

// checkPassages holds the declared states and transitions to what the transcripts
// showed: nothing undeclared happens, nothing declared is never seen.
func checkPassages(t *testing.T, all []passage) {
	states := table()
	reached := map[bot.State]bool{}
	seen := map[[2]bot.State]bool{}
	for _, p := range all {
		reached[p.to] = true
		if p.from == p.to || p.from == "" || p.to == p.back || p.replayed {
			continue
		}
		to, ok := declaredAs(states[p.from], p.to)
		switch {
		case ok && !p.global:
			seen[[2]bot.State{p.from, to}] = true
		case !ok && !(p.global && slices.Contains(anywhere, p.to)):
			t.Errorf("undeclared: %s → %s (global %v)", p.from, p.to, p.global)
		}
	}
	for name, st := range states {
		if !reached[name] {
			t.Errorf("state %s is reached by no transcript", name)
		}
		for _, to := range st.next {
			if !seen[[2]bot.State{name, to}] {
				t.Errorf("declared but never seen: %s → %s", name, to)
			}
		}
	}
}

// declaredAs finds a transition among the declared ones, by itself or as one of the
// form's questions.
func declaredAs(st state, to bot.State) (bot.State, bool) {
	if slices.Contains(st.next, to) {
		return to, true
	}
	question := slices.ContainsFunc(form(), func(f field) bool { return f.name == to })
	return stateForm, question && slices.Contains(st.next, stateForm)
}
