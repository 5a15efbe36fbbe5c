package chaos

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/petition"
)

// claim is something that somebody was told was done.
type claim struct {
	by     *person
	kind   string // the move
	number string
	words  string // that stand in it, "" = none
}

func (r *run) claim(c claim) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.claims = append(r.claims, c)
}

// verdict is what the record holds, for judging.
type verdict struct {
	*run
	cases  map[string]petition.Case     // by number
	owners map[string]*person           // who was told a number, by number
	feed   map[string][]petition.Notice // by addressee, number and entry
}

// judge holds what people were told against the record.
func (r *run) judge() {
	record, ctx := faults.OpenRecord(r.t, r.at), r.t.Context()
	records, err := record.All(ctx)
	r.must(err)
	notices, err := record.Feed(ctx)
	r.must(err)
	v := verdict{r, map[string]petition.Case{}, map[string]*person{}, map[string][]petition.Notice{}}
	for _, k := range records {
		if !r.c.older || markIn.MatchString(k.Case.Filing.Facts) { // others are an earlier version's
			v.cases[k.Case.Number] = k.Case
		}
	}
	for _, n := range notices {
		key := noticeKey(n.To, n.Number, n.Entry.Seq)
		v.feed[key] = append(v.feed[key], n)
	}
	v.filedOnce()
	v.madeOnce()
	for _, c := range v.cases {
		v.wholeTimeline(c)
		v.noticed(c)
		v.signedOnce(c)
		v.toldInOrder(c)
	}
	v.toldIsSo()
	v.officeTold()
	v.nothingLeft(record)
	v.inItsPlace()
	r.report(len(v.cases))
}

var markIn = regexp.MustCompile(`第\d+户第\d+件。`)

// filedOnce: every confirmed petition is on record once, and nothing else is.
func (v verdict) filedOnce() {
	filed, confirmed := map[string][]string{}, map[string]bool{}
	for _, c := range v.cases {
		m := markIn.FindString(c.Filing.Facts)
		if m == "" {
			m = head(c.Filing.Facts)
		}
		filed[m] = append(filed[m], c.Number)
	}
	for _, c := range v.claims {
		if c.kind != "file" {
			continue
		}
		confirmed[c.words] = true
		if got := filed[c.words]; !slices.Equal(got, []string{c.number}) {
			v.violated("a petition is filed once", "%s was told %s for %s, on record is %v", c.by.name, c.number, c.words, got)
		}
		if other := v.owners[c.number]; other != nil {
			v.violated("a number is given once", "%s has %s and %s", c.number, other.name, c.by.name)
		}
		v.owners[c.number] = c.by
	}
	for m, numbers := range filed {
		if !confirmed[m] {
			v.violated("whoever confirms is told the number", "%v on record for %q, nobody was told", numbers, m)
		}
	}
}

// madeOnce: what somebody was told was done stands in the timeline, once where words
// tell it from others.
func (v verdict) madeOnce() {
	for _, c := range v.claims {
		n := 0
		for _, e := range v.cases[c.number].Timeline {
			if string(e.Move) == c.kind && (c.kind == "file" || strings.Contains(e.Text, c.words)) {
				n++
			}
		}
		if n != 1 && (n == 0 || c.kind != draft.kind) { // a paper that was sent back is submitted again
			v.violated("what was told as done is on record once", "%s was told of %s on %s (%q): %d entries", c.by.name, c.kind, c.number, c.words, n)
		}
	}
}

// wholeTimeline: no change without its entry, but for what is written in a draft.
func (v verdict) wholeTimeline(c petition.Case) {
	if written := savedDrafts(c); int(c.Version) != len(c.Timeline)+written {
		v.violated("no change without its entry", "%s has version %d, %d entries and drafts written in %d times", c.Number, c.Version, len(c.Timeline), written)
	}
	status := petition.Status("")
	for i, e := range c.Timeline {
		if e.Seq != i+1 || e.From != status {
			v.violated("no change without its entry", "%s: entry %d is %d, from %q after %q", c.Number, i+1, e.Seq, e.From, status)
		}
		status = e.To
	}
	if status != c.Status {
		v.violated("no change without its entry", "%s is %q, its last entry led to %q", c.Number, c.Status, status)
	}
}

func noticeKey(to, number string, seq int) string { return fmt.Sprintf("%s %s %d", to, number, seq) }

// noticed: no entry without its notices, to the citizen for every public step that
// somebody else made, to the units for every step from outside.
func (v verdict) noticed(c petition.Case) {
	holder := ""
	for _, e := range c.Timeline {
		var to []string
		if e.Public && e.By != "citizen" {
			to = append(to, c.Filing.Owner)
		}
		for _, unit := range slices.Compact([]string{e.Unit, holder}) {
			if unit != "" && unit != e.By && e.Move != petition.MoveWindow {
				to = append(to, "unit:"+unit)
			}
		}
		holder = e.Unit
		if author := e.Args["author"]; author != e.Staff && (e.Move == petition.MoveSendBack || e.Args["approved_by"] != "") {
			to = append(to, "staff:"+author)
		}
		if e.Move == petition.MoveSubmit {
			to = append(to, "unit:"+e.Args["unit"])
		}
		for _, who := range to {
			if n := v.feed[noticeKey(who, c.Number, e.Seq)]; len(n) != 1 || n[0].Entry.Move != e.Move {
				v.violated("no change without its notice", "%s: entry %d, %s, has %d to %.12s", c.Number, e.Seq, e.Move, len(n), who)
			}
		}
	}
}

// steps are how the citizen is told of what the office does.
var steps = []struct{ move, words string }{{"transfer", "已转给"}, {"accept", "收下了这件事"}, {"reply", "答复了"}, {"close", "办结了"}}

var progressOn = regexp.MustCompile(`^编号 (\S+) 有新进展：\n(.*)`)

// toldSteps are the steps of a case that its citizen was told, in order, each once.
func toldSteps(log []fakeapi.Message, number string) (told []string) {
	for _, m := range log {
		found := progressOn.FindStringSubmatch(m.Text)
		if found == nil || found[1] != number {
			continue
		}
		for _, s := range steps {
			if strings.Contains(found[2], s.words) && !slices.Contains(told, s.move) {
				told = append(told, s.move)
			}
		}
	}
	return told
}

// toldInOrder: every public step is told, in the order of the record.
func (v verdict) toldInOrder(c petition.Case) {
	owner := v.owners[c.Number]
	if owner == nil {
		return // reported already
	}
	var made []string
	for _, e := range c.Timeline {
		if slices.ContainsFunc(steps, func(s struct{ move, words string }) bool { return s.move == string(e.Move) }) {
			made = append(made, string(e.Move))
		}
	}
	if told := toldSteps(owner.all(), c.Number); !slices.Equal(made, told) {
		v.violated("every public step is told, in order", "%s: made %v, %s was told %v", c.Number, made, owner.name, told)
	}
}

// toldIsSo: nobody is told of what isn't on record.
func (v verdict) toldIsSo() {
	for _, all := range v.feed {
		for _, n := range all {
			c, ours := v.cases[n.Number]
			if !ours && v.c.older {
				continue
			}
			if n.Entry.Seq > len(c.Timeline) || c.Timeline[n.Entry.Seq-1].Move != n.Entry.Move {
				v.violated("what is told is so", "%.12s was told of %s as entry %d of %s, which is not on record", n.To, n.Entry.Move, n.Entry.Seq, n.Number)
			}
		}
	}
}

// officeTold: the desk hears of every case that comes, and its unit of everything the
// citizen adds.
func (v verdict) officeTold() {
	for _, p := range v.people {
		_, unit, is := strings.Cut(p.name, " of ")
		if !is {
			continue
		}
		heard := map[string]int{}
		for _, m := range p.all() {
			if strings.Contains(m.Text, "请您签发") {
				heard["submit "+shortNumber.FindString(m.Text)]++
			}
			for head, move := range map[string]string{"来了一件新的信访": "file", "柞水县信访局转来一件": "transfer", "群众补充了": "supplement"} {
				if strings.HasPrefix(m.Text, head) {
					heard[move+" "+shortNumber.FindString(m.Text)]++
				}
			}
		}
		v.officerTold(p, unit, heard)
	}
}

var shortNumber = regexp.MustCompile(`[A-Z]{2}\d\d-\d+-\w+`)

func (v verdict) officerTold(p *person, unit string, heard map[string]int) {
	for _, c := range v.cases {
		want := map[string]int{}
		for _, e := range c.Timeline {
			if e.Unit == unit && e.By != unit && (e.Move == "file" || e.Move == "transfer" || e.Move == "supplement") {
				want[string(e.Move)]++
			}
			if e.Move == petition.MoveSubmit && e.Args["unit"] == unit && strings.HasPrefix(p.name, "head") {
				want["submit"]++
			}
		}
		for move, n := range want {
			if got := heard[move+" "+c.Number]; got < n {
				v.violated("the office is told", "%s heard %d times of %d %s on %s", p.name, got, n, move, c.Number)
			}
		}
	}
}

// nothingLeft: after an orderly stop nothing waits, nothing was set aside, nothing
// broke.
func (v verdict) nothingLeft(record *faults.Record) {
	left, err := record.Left(v.t.Context())
	v.must(err)
	if left.Events > v.before.Events || left.Rows > v.before.Rows || left.DeadLetters > v.before.DeadLetters {
		v.violated("nothing is left to do", "%d events, %d messages, the oldest for %v, %d set aside", left.Events, left.Rows, left.Oldest, left.DeadLetters)
	}
	for _, p := range v.programs {
		if at := strings.Index(p.Log(), "panic"); at >= 0 {
			v.violated("the program does not panic", "%.300s", p.Log()[at:])
		}
	}
}

// inItsPlace: every change stands in the hash chain as it was written, and none is missing.
func (v verdict) inItsPlace() {
	if out, err := v.programs[0].Command("verify").CombinedOutput(); err != nil {
		v.violated("every change has its place in the chain", "%v: %.600s", err, out)
	}
}

// report prints the figures of the run.
func (r *run) report(onRecord int) {
	seen, made, moves := r.api.Counts(), map[string]int{}, 0
	for _, c := range r.claims {
		if made[c.kind]++; c.kind != "file" {
			moves++
		}
	}
	r.t.Logf("seed %d: %d conversations, %d petitions, %d other moves, of them %d papers submitted, %d sent back and %d signed; %d kills, %d outages of %v; %d messages, %d updates again, %d not taken at first, %d refused as wrong, %d sends failed on purpose; %v in all, %d violated",
		r.seed, r.done.Load(), onRecord, moves, made[draft.kind], made[sendBack.kind], made[sign.kind], r.kills, r.outages, r.counts, seen.Sends, seen.Redelivered, seen.NotTaken, seen.Refused, seen.Failed+seen.Flooded, time.Since(r.begun).Round(time.Second), len(r.broken))
}
