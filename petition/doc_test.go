package petition_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"dengwen/locales"
	"dengwen/petition"
)

var update = flag.Bool("update", false, "rewrite docs/case-life.md")

const lifeFile = "../docs/case-life.md"

// The page and the table of moves say the same.
func TestCaseLifePage(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	want := lifePage(words)
	if *update {
		if err := os.WriteFile(lifeFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(lifeFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Error("docs/case-life.md is not what the table says; run go test ./petition -run CaseLifePage -update")
	}
}

var classWords = []struct {
	class    petition.Class
	title    string
	articles string
}{
	{petition.Claim, "Claims (申诉求决)", "Art 31–36"}, {petition.Suggestion, "Suggestions (建议意见)", "Art 29"},
	{petition.Report, "Reports on misconduct (检举控告)", "Art 30: sealed to named officers"},
}

func lifePage(words *locales.Catalog) string {
	var b strings.Builder
	b.WriteString(`# The life of a case

This page is written by a test from the table of moves and the table of periods in petition/, so it says what the program does:
` + "`go test ./petition -run CaseLifePage -update`" + `. Articles are those of the Regulation on Petition Work (信访工作条例, 2022).
Not drawn: what leaves the state as it is, the citizen's withdrawal (possible until the end), and Waiting, from which a case goes back
to where it was. An answer never takes a right away: review can be asked for after closing too, late or not.

`)
	for _, c := range classWords {
		fmt.Fprintf(&b, "## %s\n\n%s.\n\n```mermaid\nstateDiagram-v2\n%s```\n\n", c.title, c.articles, diagram(words, c.class))
	}
	b.WriteString(readings)
	b.WriteString("## Moves\n\nWho: the role, and how that officer's unit stands to the case (citizen = by number and code too, filer = from the filing chat, holder = has it now, duty = was told of danger that nobody took in hand, draft = writes or signs a paper of it). Where \"signed by\" stands, who writes\nthe paper submits it and who signs it issues it. Fields in brackets are optional.\n\n" + moveTable())
	b.WriteString("\n## Periods\n\nA date is counted from the day after the event. The office's dates are not moved for rest days; a citizen's window reaches to the\nfirst working day after them and never closes a case by itself.\n\n" + ruleTable())
	return b.String()
}

const readings = `## Where the law is silent

What the Regulation leaves open is read in favour of the person, and is a setting wherever a number is in it:

- A period starts on the day after its event; 日 are calendar days, because the text says 工作日 exactly once (Art 23).
- The notice of Art 23 goes out even where name or address is unclear: in the chat. Only the written one may then be left out.
- An objection waits for its answer; until then the unit keeps the case and the fifteen days of the notice run on. The office's own period for
  answering also covers sending it on.
- A paper is signed by the head of the unit that issues it, or who stands in, and by nobody who wrote in it; where a unit has one person
  the office's data may allow it, and the paper says so. No clock stops while it waits. What answers a report stays with its named officers
  and is signed by nobody else: whoever signs would learn of it.
- A hearing stops the clock of a re-review (Art 36) from the day it is called to the day it is closed, and no other clock.
  A period that was over by then stays over. A case whose clock stands still is listed after those that can become late.
- Waiting for the citizen stops no clock of the office.
- The simple procedure is chosen by the unit that has the case and ends where it is passed on, so it has no period for passing on.
- Review windows start on the day the reply was received, by proof of service or by the person's own tap. Without either they do not
  start. A late request is taken and marked; the reviewer decides.
- A closed case can still be taken to review. A settlement confirmation or a rating takes nothing away.
- Whoever got an answer that did not help may ask for review or have the case reopened. The second reopening goes to the head of the
  petition office.
- Passing a case on, dropping or sealing it does not make an overdue period look kept: it stays on record as late.
- A report on misconduct is seen by its petitioner and by the named officers of the unit that holds it. A unit never holds a report about
  itself: it goes one level up at once. Making an open case of it again needs the petitioner's consent.
- Danger to people goes its own way beside the case's life, and a withdrawal does not end it. Whoever marks or lodges it, only a reason of
  the office ends it; the citizen is told that it is handled as urgent, that somebody has it in hand, and that it is urgent no longer.
- Number and query code read, add, hurry and ask for review. Withdrawing, rating, confirming an answer, settling and reopening are for the
  filing chat, which is told of everything done with the code.
- Staff may record what a person brings on paper or says at the window. After a call back or a visit an officer who had no hand in the case
  enters a withdrawal, a rating or a settlement; the person is told, and an entered rating stands in no share.
- How long files are kept is for the archive rules to say, so nothing is erased unless the office sets years. Then what a case says goes
  that long after its last step, and only if it has ended and no period of the office runs; what is counted stays.

`

func diagram(words *locales.Catalog, class petition.Class) string {
	labels := map[string][]string{}
	var order []string
	used := map[petition.Status]bool{}
	add := func(from, to petition.Status, name petition.MoveName) {
		key := string(from) + " --> " + string(to)
		if labels[key] == nil {
			order = append(order, key)
		}
		if !slices.Contains(labels[key], string(name)) {
			labels[key] = append(labels[key], string(name))
		}
		used[from], used[to] = true, true
	}
	for _, s := range petition.Moves() {
		if s.Class != nil && !slices.Contains(s.Class, class) || s.To == "" || s.To == petition.Back || s.To == petition.Waiting || s.To == petition.Withdrawn {
			continue
		}
		if len(s.From) == 0 {
			add("[*]", s.To, s.Name)
		}
		for _, from := range s.From {
			if from != petition.Withdrawn && reachable(class, from) && from != s.To {
				add(from, s.To, s.Name)
			}
		}
	}
	var b strings.Builder
	for _, s := range petition.Statuses() {
		if used[s] {
			fmt.Fprintf(&b, "    %s: %s\n", s, words.Say(locales.Default, "status."+string(s)))
		}
	}
	for _, key := range order {
		fmt.Fprintf(&b, "    %s: %s\n", key, strings.Join(labels[key], ", "))
	}
	return b.String()
}

// reachable follows the table from filing.
func reachable(class petition.Class, want petition.Status) bool {
	seen := map[petition.Status]bool{petition.Registered: true}
	for range petition.Statuses() {
		for _, s := range petition.Moves() {
			if s.Class != nil && !slices.Contains(s.Class, class) || s.To == "" {
				continue
			}
			if slices.ContainsFunc(s.From, func(f petition.Status) bool { return seen[f] }) {
				seen[s.To] = true
			}
		}
	}
	return seen[want]
}

func moveTable() string {
	var b strings.Builder
	b.WriteString("| move | Art | class | from → to | who | asks | begins / ends | document |\n|---|---|---|---|---|---|---|---|\n")
	for _, s := range petition.Moves() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", s.Name, dash(s.Article), classes(s), fromTo(s), who(s), asks(s), clocks(s), dash(s.Document))
	}
	return b.String()
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func classes(s petition.MoveSpec) string {
	var out []string
	for _, c := range s.Class {
		out = append(out, string(c))
	}
	if out == nil {
		return "all"
	}
	return strings.Join(out, ", ")
}

func fromTo(s petition.MoveSpec) string {
	var from []string
	for _, f := range s.From {
		from = append(from, string(f))
	}
	if len(from) > 7 {
		from = []string{fmt.Sprintf("%d states", len(from))}
	}
	to := string(s.To)
	if to == "" {
		to = "stays"
	}
	return dash(strings.Join(from, ", ")) + " → " + to
}

func who(s petition.MoveSpec) string {
	if len(s.Class) == 1 && s.Class[0] == petition.Report {
		return "sealed@holder"
	}
	if s.Signs != nil {
		return roleList(s.Who) + "; signed by " + roleList(s.Signs)
	}
	return roleList(s.Who)
}

func roleList(who []petition.Who) string {
	var out []string
	for _, w := range who {
		one := string(w.Role)
		if w.At != "" {
			one += "@" + string(w.At)
		}
		out = append(out, one)
	}
	return strings.Join(out, ", ")
}

func asks(s petition.MoveSpec) string {
	var out []string
	for _, f := range s.Fields {
		one := f.Key
		if len(f.Choices) > 0 {
			one += ": " + strings.Join(f.Choices, "/")
		}
		if f.With != nil {
			one += " with " + strings.Join(f.With, "/")
		}
		if f.Optional {
			one = "[" + one + "]"
		}
		out = append(out, one)
	}
	for _, n := range append(slices.Clone(s.Needs), s.Checks...) {
		out = append(out, "*"+strings.ReplaceAll(string(n), "_", " ")+"*")
	}
	return dash(strings.Join(out, ", "))
}

func clocks(s petition.MoveSpec) string {
	var out []string
	for _, c := range s.Starts {
		out = append(out, "+"+c.Rule)
	}
	for _, r := range append(slices.Clone(s.Stops), s.Drops...) {
		out = append(out, "−"+strings.ReplaceAll(r, "*", "all"))
	}
	return dash(strings.Join(out, " "))
}

func ruleTable() string {
	var b strings.Builder
	b.WriteString("| rule | what | from | length | who | source |\n|---|---|---|---|---|---|\n")
	words, err := locales.New()
	if err != nil {
		panic(err)
	}
	say := func(key string, args ...any) string { return words.Say(locales.Default, "rule."+key, args...) }
	for _, r := range petition.Rules() {
		source, length := say("basis", "Article", r.Article), say("length", "Days", r.Length(petition.Settings{}), "Working", r.Working)
		if r.Source != "" && r.Article != "" {
			source = say("basis_own", "Article", r.Article)
		} else if r.Source != "" {
			source = say("source." + r.Source)
		}
		if r.Set {
			length = say("length.set")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.ID, say(r.ID), say(r.ID+".start"), length, r.Party, source)
	}
	return b.String()
}

// A role or a status added to its table needs words in every door and a place in the
// page on the life of a case.
func TestEveryRoleAndStatusHasWords(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range petition.Roles() {
		if !words.Has("desk.role." + string(r)) {
			t.Errorf("no catalog says what %s is", r)
		}
	}
	for _, s := range petition.Statuses() {
		if !words.Has("status."+string(s)) || !words.Has("desk.status."+string(s)) {
			t.Errorf("a catalog has no words for %s", s)
		}
	}
}

// Every move is made from statuses of the table, and leads to one.
func TestMovesKnowTheirStatuses(t *testing.T) {
	t.Parallel()
	known := map[petition.Status]bool{"": true, petition.Back: true}
	for _, s := range petition.Statuses() {
		known[s] = true
	}
	roles := map[petition.Role]bool{petition.Citizen: true, petition.Filer: true}
	for _, r := range petition.Roles() {
		roles[r] = true
	}
	for _, m := range petition.Moves() {
		for _, s := range append([]petition.Status{m.To}, m.From...) {
			if !known[s] {
				t.Errorf("%s: %q is no status", m.Name, s)
			}
		}
		for _, w := range m.Who {
			if !roles[w.Role] {
				t.Errorf("%s: %q is no role", m.Name, w.Role)
			}
		}
	}
}

func TestWhoMayBeGivenARole(t *testing.T) {
	t.Parallel()
	o := example()
	for _, c := range []struct {
		role petition.Role
		unit string
		key  string
	}{
		{petition.Officer, "transport", ""}, {petition.Head, "petition", ""}, {petition.Admin, "transport", ""},
		{petition.Intake, "petition", ""}, {petition.Intake, "transport", "staff.office_only"}, {petition.Supervisor, "transport", "staff.office_only"},
		{petition.Sealed, "discipline", ""}, {petition.Sealed, "petition", "staff.sealed_unit"},
		{petition.Citizen, "petition", "staff.role"}, {"boss", "petition", "staff.role"},
	} {
		err := o.CheckRole(c.role, c.unit)
		if c.key != "" {
			wantError(t, err, petition.Invalid, c.key)
		} else if err != nil {
			t.Errorf("%s of %s: %v", c.role, c.unit, err)
		}
	}
}
