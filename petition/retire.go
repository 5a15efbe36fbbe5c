package petition

import (
	"context"
	"errors"
	"slices"
	"time"
)

// What is counted of a case stays when its words go: moves, dates, units and answers
// that are chosen from a list.
var (
	countedArgs   = []string{"outcome", "unit", "office", "kind", "adopted", "rule", "due", "level"}
	personalFacts = []string{factLead, factRecused, factLinked, factRepeats}
)

// retired reports whether a case is at the end of the years that files are kept: it
// has ended, no period runs, and nothing has happened to it for so long. Without a
// number of years no case ever is.
func (l *Law) retired(c Case, now time.Time) bool {
	years := l.Office.Settings.KeepCaseYears
	if years <= 0 || !c.Status.Ended() || c.erased() || len(c.Timeline) == 0 {
		return false
	}
	if slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.live() && !noColour(k.Rule) }) {
		return false
	}
	return c.Timeline[len(c.Timeline)-1].At.AddDate(years, 0, 0).Before(now)
}

func (c *Case) erased() bool {
	n := len(c.Timeline)
	return n > 0 && c.Timeline[n-1].Move == MoveErase
}

// withoutContent is what stays of a case for the figures: no words, no files, no names, nobody's
// address, and no code that opens it.
func (l *Law) withoutContent(c Case, now time.Time) Case {
	c = c.clone()
	f := c.Filing
	c.Filing = Filing{Channel: f.Channel, Lang: f.Lang, Class: f.Class, Subject: f.Subject, Place: Place{Code: f.Place.Code}, People: f.People}
	c.Officer, c.FiledBy, c.FiledAs, c.Drafts = "", "", "", nil
	for _, key := range personalFacts {
		c.setFact(key, "")
	}
	c.Plan = withoutWords(c.Plan)
	c.Timeline = entriesWithoutContent(c.Timeline)
	c.Timeline = append(c.Timeline, Entry{Seq: len(c.Timeline) + 1, At: now, Move: MoveErase, By: "system", Unit: c.Unit, From: c.Status, To: c.Status})
	return c
}

func entriesWithoutContent(all []Entry) []Entry {
	out := make([]Entry, len(all))
	for i, e := range all {
		out[i] = Entry{Seq: e.Seq, At: e.At, Move: e.Move, Public: e.Public, By: e.By, Unit: e.Unit, From: e.From, To: e.To}
		for _, key := range countedArgs {
			if v := e.Args[key]; v != "" {
				if out[i].Args == nil {
					out[i].Args = map[string]string{}
				}
				out[i].Args[key] = v
			}
		}
	}
	return out
}

// hasContent reports whether entries still say something that bareEntries takes away.
func hasContent(all []Entry) bool {
	return slices.ContainsFunc(all, func(e Entry) bool {
		return e.Text != "" || e.Staff != "" || len(e.Files) > 0 || len(e.Inner) > 0
	})
}

// Retiring is a cursor through the cases that have ended, oldest numbers first. Each
// process has its own; it is used from one goroutine.
type Retiring struct {
	s     *Service
	after map[Status]string
	began time.Time
}

// Retiring is a cursor at its beginning.
func (s *Service) Retiring() *Retiring { return &Retiring{s: s} }

// retirePages is how many pages of 100 cases one call reads of each status at most.
const retirePages = 20

// Retire erases what is at the end of its years and answers how many cases that were. It
// reads at most 2,000 cases of each status a call, and begins again after 24 hours. The
// bytes of their files go with the next Cleanup.
func (r *Retiring) Retire(ctx context.Context) (int, error) {
	s := r.s
	if s.law.Office.Settings.KeepCaseYears <= 0 {
		return 0, nil
	}
	now := s.now()
	if now.Sub(r.began) >= 24*time.Hour {
		r.after, r.began = map[Status]string{}, now
	}
	erased := 0
	for _, status := range ends {
		n, err := r.retireStatus(ctx, status, now)
		erased += n
		if err != nil {
			return erased, failed(err, "erase old cases")
		}
	}
	if erased == 0 {
		return 0, nil
	}
	before := now.AddDate(-s.law.Office.Settings.KeepCaseYears, 0, 0)
	return erased, failed(s.store.DropNotices(ctx, before), "drop old notices")
}

func (r *Retiring) retireStatus(ctx context.Context, status Status, now time.Time) (int, error) {
	scope := r.s.law.everything()
	young := now.AddDate(-r.s.law.Office.Settings.KeepCaseYears, 0, 0)
	erased := 0
	for range retirePages {
		q := Query{Status: status, Order: "due", Limit: 100, Whole: true, After: r.after[status]}
		records, after, err := r.s.store.List(ctx, scope, q)
		if err != nil {
			return erased, err
		}
		for _, rec := range records {
			n, err := r.s.retire(ctx, rec, now)
			erased += n
			if err != nil {
				return erased, err
			}
		}
		if len(records) == 0 || after == "" || records[len(records)-1].Case.Received.After(young) {
			return erased, nil
		}
		r.after[status] = after
	}
	return erased, nil
}

// retire erases one case: the filing first, by which it counts as erased, then the
// words of the timeline. A process that dies in between leaves the second to the next.
func (s *Service) retire(ctx context.Context, r Record, now time.Time) (int, error) {
	c, erased := r.Case, 0
	if s.law.retired(c, now) {
		next := s.record(r, s.law.withoutContent(c, now), now)
		next.Code, next.Keys = nil, nil
		if _, err := s.store.Save(ctx, next, nil); err != nil {
			if errors.Is(err, Fail(Conflict, "case.changed")) {
				return 0, nil
			}
			return 0, err
		}
		erased = 1
	} else if !c.erased() || !hasContent(c.Timeline) {
		return 0, nil
	}
	return erased, s.store.Blank(ctx, c.Number, entriesWithoutContent(c.Timeline))
}

// Cleanup removes the bytes of attachments that no petition names: left-overs of drafts
// that were never sent, older than Settings.KeepDraftDays days. It answers how many files
// it removed, at most 500 a call. The bytes go first, so that a crash leaves a row without
// bytes, which the next call removes, and never bytes without a row.
func (s *Service) Cleanup(ctx context.Context) (int, error) {
	before := s.now().AddDate(0, 0, -s.law.Office.Settings.Filled().KeepDraftDays)
	files, err := s.store.LooseFiles(ctx, before, 500)
	if err != nil {
		return 0, failed(err, "list left-over files")
	}
	for i, f := range files {
		blobs := []string{or(f.Copy, f.ID), f.Original}
		if addressesOriginal(f.ID) { // once taken for a file: the bytes are another's original
			blobs = nil
		}
		for _, blob := range blobs {
			if blob == "" {
				continue
			}
			if err := s.blobs.Delete(ctx, blob); err != nil {
				return i, failed(err, "remove left-over file")
			}
		}
		if err := s.store.DropFile(ctx, f.ID); err != nil {
			return i, failed(err, "forget left-over file")
		}
	}
	return len(files), nil
}
