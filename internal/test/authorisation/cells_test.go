package authorisation

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"dengwen/petition"
)

// trial is one cell tried: an officer who stands to a case as the column says, the move, and
// what the page says of it.
type trial struct {
	cell
	moment
	unit string
	sees bool // whether they see the case at all
	may  bool // whether they may do it
	made bool // and this case lets them

	byPetitioner bool // the petitioner may do it too
}

// trials are all cells with all roles there are, those that may and those that may not.
func (l *life) trials() (all []trial) {
	t, o, p := l.t, l.law.Office, l.page
	for _, at := range l.findAll() {
		t.Errorf("nobody was seen making %+v, which the page allows", at)
	}
	for class, rows := range p {
		for what := range rows {
			some := l.some(class, what)
			for _, column := range columns {
				for _, role := range petition.Roles() {
					one := trial{cell: cell{class, what, role, column}, moment: some}
					if found, ok := l.found[one.cell]; ok {
						one.moment, one.made = found, true
					} else {
						one.c, _ = as(column, one.c)
					}
					_, one.unit = as(column, one.c)
					at := relations(o, &one.c, one.unit)
					one.sees = p.may(look, class, role, one.unit == o.Unit, at)
					one.may = p.may(what, class, role, one.unit == o.Unit, at)
					one.byPetitioner = len(rows[what]["petitioner"]) > 0
					one.made = one.made || what == look && one.sees
					all = append(all, one)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b trial) int { return cmp.Compare(fmt.Sprint(a.cell), fmt.Sprint(b.cell)) })
	return all
}

// some is a moment of a row, whoever's.
func (l *life) some(class petition.Class, what petition.MoveName) moment {
	if what == look {
		m := l.some(class, petition.MoveNote)
		return moment{m.c, petition.Move{Name: look}}
	}
	for _, at := range slices.SortedFunc(maps.Keys(l.found), func(a, b cell) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) }) {
		if at.class == class && at.what == what {
			return l.found[at]
		}
	}
	if never(cell{what: what, column: columns[0]}) {
		m := l.some(class, petition.MoveNote)
		return moment{m.c, petition.Move{Name: what, Text: "x", Unit: "water"}}
	}
	l.t.Errorf("there is no case in which %s of a %s can be tried", what, class)
	return moment{}
}

// prepared is a trial whose move names another case that is there, and is seen by whom this one is. A
// link is taken away whether the other case is there or not.
func (w *world) prepared(one trial) trial {
	for key, value := range one.m.Args {
		if value == someCase && one.what != petition.MoveUnlink {
			one.m.Args = maps.Clone(one.m.Args)
			one.m.Args[key] = w.put(one.c)
		}
	}
	return one
}

// judge compares what came of a trial with what the page says.
func (w *world) judge(door string, one trial, number, staff string, got, missing answer) {
	r, err := w.store.Load(w.t.Context(), number)
	if err != nil || len(r.Case.Timeline) == 0 {
		w.t.Errorf("%+v can't be tried: %v", one.cell, err)
		return
	}
	last := r.Case.Timeline[len(r.Case.Timeline)-1]
	changed := r.Case.Version > 1 // as put makes it
	switch {
	case !one.sees && got != missing:
		w.t.Errorf("%s: %+v of %s sees no such case and is told %s; of one that is not there %s", door, one.cell, one.unit, got.brief(), missing.brief())
	case one.sees && got.words == missing.words:
		w.t.Errorf("%s: %+v of %s sees the case and is told that there is none", door, one.cell, one.unit)
	case one.what == look && changed, one.what != look && changed != one.made && !(one.may && !one.made):
		w.t.Errorf("%s: %+v of %s: the case was changed: %v (%s by %s), allowed: %v; %s", door, one.cell, one.unit, changed, last.Move, last.Staff, one.made, got.brief())
	case changed && (last.Move != one.what || last.Staff != staff):
		w.t.Errorf("%s: %+v of %s: written down is %s by %s", door, one.cell, one.unit, last.Move, last.Staff)
	}
}

// missing is the number of no case.
var missing = petition.FormatNumber("ZS", 2025, 9999)

func TestEveryCell(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := newLife(t, w.o, readPage(t))
	all := l.trials()
	t.Run("officers", func(t *testing.T) { w.officers(t, all) })
	t.Run("nobody else", func(t *testing.T) { w.nobodyElse(t, all) })
	t.Run("petitioners", func(t *testing.T) { w.petitioners(t, l) })
	t.Run("desk", func(t *testing.T) {
		w := newWorld(t) // lists are read there: no case but its own is in it
		w.offices(t)
		w.atDesks(t, all)
	})
}

// tried are the cells that are tried: with -short some of every row.
func tried(all []trial) []trial {
	if !testing.Short() {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(one trial) bool {
		return one.what != look && len(one.what+petition.MoveName(one.column+string(one.role)))%5 > 0
	})
}

// officers try every cell through every door.
func (w *world) officers(t *testing.T, all []trial) {
	all = tried(all)
	var tried [4]atomic.Int64
	var g sync.WaitGroup
	for i, door := range []struct {
		name string
		do   func(trial, petition.Actor, string) answer
	}{
		{"service", func(one trial, a petition.Actor, number string) answer { return w.do(a, number, one.m) }},
		{"case API", func(one trial, a petition.Actor, number string) answer { return w.call(keyFor(one), a, number, one.m) }},
	} {
		room := make(chan struct{}, 100)
		none := func() func(trial) answer { // as somebody who may ask for everything is told
			words := map[bool]answer{}
			for _, name := range []petition.MoveName{look, petition.MoveNote} {
				words[name == look] = door.do(trial{moment: moment{m: petition.Move{Name: name, Text: "x"}}, unit: "petition"},
					petition.Actor{Staff: "x", Unit: "petition", Roles: []petition.Role{petition.Supervisor}}, missing)
			}
			return func(one trial) answer { return words[one.what == look] }
		}()
		for _, one := range all {
			room <- struct{}{}
			g.Go(func() {
				defer func() { <-room }()
				a, one := officerOf(one.unit, one.role), w.prepared(one)
				number := w.put(one.c)
				w.judge(door.name, one, number, a.Staff, door.do(one, a, number), none(one))
				tried[i].Add(1)
			})
		}
	}
	g.Wait()
	byOfficer := map[[2]string][]trial{}
	for _, one := range all {
		if w.o.CheckRole(one.role, one.unit) == nil {
			who := [2]string{one.unit, string(one.role)}
			byOfficer[who] = append(byOfficer[who], one)
		}
	}
	for who, theirs := range byOfficer {
		for mine := range slices.Chunk(theirs, 40) { // several people, so that they talk at once
			for i, hire := range []func(string, petition.Role) *talker{w.byChat, w.byPage} {
				g.Go(func() {
					p := hire(who[0], petition.Role(who[1]))
					for _, one := range mine {
						w.talk([]string{"chat", "page"}[i], p, one)
						tried[2+i].Add(1)
					}
				})
			}
		}
	}
	g.Wait()
	t.Logf("cells tried in process %d, over the API %d, in chat %d, at the page %d", tried[0].Load(), tried[1].Load(), tried[2].Load(), tried[3].Load())
}

// keyFor is the key an officer's program has: that of their unit, which never acts as an
// administrator.
func keyFor(one trial) string {
	if one.role == petition.Admin {
		return ""
	}
	return one.unit
}

// The key of another unit makes nobody's move, whatever it says of who acts. Whoever is the
// petitioner, or has to stay out of the case (Art 28), makes none for the office.
func (w *world) nobodyElse(t *testing.T, all []trial) {
	var g sync.WaitGroup
	room := make(chan struct{}, 100)
	for _, one := range all {
		if !one.made || one.what == look || testing.Short() && one.column != "has it" {
			continue
		}
		room <- struct{}{}
		g.Go(func() {
			defer func() { <-room }()
			a := officerOf(one.unit, one.role)
			number, foreign := w.put(one.c), "water"
			if foreign == one.unit {
				foreign = "transport"
			}
			got := w.call(foreign, a, number, one.m)
			if w.version(number) > 1 || !strings.HasPrefix(got.words, "403") {
				t.Errorf("with the key of %s: %+v: %s", foreign, one.cell, got.words)
			}
			if !one.byPetitioner {
				self := a
				self.Owner, self.Asker = petitioner, petitioner
				owned := one.c
				owned.Filing.Owner = petitioner
				number = w.put(owned)
				if got := w.do(self, number, one.m); w.version(number) > 1 {
					t.Errorf("who petitions themselves makes %+v: %s", one.cell, got.words)
				}
			}
			kept := one.c
			kept.Facts = maps.Clone(kept.Facts)
			kept.Facts["recused"] = "other " + a.Staff
			number = w.put(kept)
			if got := w.do(a, number, one.m); w.version(number) > 1 {
				t.Errorf("who must stay out of the case makes %+v: %s", one.cell, got.words)
			}
		})
	}
	g.Wait()
}

// The petitioner does what their column says, by the chat that filed, and nobody does it from
// another chat.
func (w *world) petitioners(t *testing.T, l *life) {
	p := l.page
	me, other := petition.Actor{Owner: petitioner, Asker: petitioner}, petition.Actor{Owner: "tg:2", Asker: "tg:2"}
	var tried atomic.Int64
	var g sync.WaitGroup
	for class, rows := range p {
		for what := range rows {
			at := cell{class: class, what: what, column: "petitioner"}
			one, ok := l.found[at]
			if !ok {
				one = l.some(class, what)
				one.c.Filing.Owner = petitioner
			}
			may, mayByCode := len(p[class][what]["petitioner"]) > 0, len(p[class][what]["number and code"]) > 0
			for i, do := range []func(petition.Actor, string) answer{
				func(a petition.Actor, number string) answer { return w.do(a, number, one.m) },
				func(a petition.Actor, number string) answer { return w.call("", a, number, one.m) },
			} {
				g.Go(func() {
					number := w.put(one.c)
					got := do(other, number)
					if none := do(other, missing); got != none || w.version(number) > 1 {
						t.Errorf("door %d: another chat at %s of a %s: %s, of one that is not there %s", i, what, class, got.words, none.words)
					}
					if got = do(me, number); !got.there || what != look && (w.version(number) > 1) != may {
						t.Errorf("door %d: the petitioner at %s of a %s: %s, allowed: %v", i, what, class, got.words, may)
					}
					number = w.put(one.c)
					coded := one.m
					coded.Code = queryCode
					if what == look {
						coded.Name = lookByCode
					}
					if got = w.do(other, number, coded); !got.there || what != look && (w.version(number) > 1) != mayByCode {
						t.Errorf("with number and code at %s of a %s: %s, allowed: %v", what, class, got.words, mayByCode)
					}
					tried.Add(3)
				})
			}
		}
	}
	g.Wait()
	t.Logf("%d cells tried by petitioners", tried.Load())
}

// talk tries a cell in an officer's conversation.
func (w *world) talk(door string, p *talker, one trial) {
	one = w.prepared(one)
	number := w.put(one.c)
	none := p.missing(one.m)
	got := p.attempt(number, one.m)
	if one.made && one.what != look {
		spec, err := petition.StaffSpecOf(one.what, one.class)
		switch {
		case err != nil:
			w.t.Error(err)
		case spec.Signs != nil: // a paper is a draft first: the dialogue begins, and the draft has tests of its own
			one.made = false
		default:
			p.finish(spec, number, one.m)
		}
	}
	w.judge(door, one, number, p.id, got, none)
}
