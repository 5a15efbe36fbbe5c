package cases

import (
	"context"
	"fmt"
	"time"

	"dengwen/petition"
)

// request is one write on its way into the database: one of the four.
type request struct {
	ctx    context.Context
	create *createRequest
	save   *revision
	access *petition.Access
	do     func(ctx context.Context, tx Tx) error // any other change; may run more than once

	err error
}

// maxBatch is how many requests one transaction takes.
const maxBatch = 256

// submit waits until a request is written, or has failed. New and changed cases queue on
// both databases: numbers and positions of the feed are given one after the other and
// their rows are locked until the commit, so whoever comes while others are being written
// waits anyway, and is written together with those who wait too: one commit, few statements.
func (s *Store) submit(p *request) error {
	if err := s.queue.Submit(p); err != nil {
		return err
	}
	return p.err
}

// write makes any other change. SQLite has one writer, so there it queues with the cases.
func (s *Store) write(ctx context.Context, op string, f func(ctx context.Context, tx Tx) error) error {
	if s.engine.oneWriter() {
		return s.trouble(op, s.submit(&request{ctx: ctx, do: f}))
	}
	return s.trouble(op, s.engine.write(ctx, f))
}

// runBatch writes the requests whose callers are still there.
func (s *Store) runBatch(all []*request) {
	var here []*request
	for _, p := range all {
		if p.err = p.ctx.Err(); p.err == nil {
			here = append(here, p)
		}
	}
	s.commit(here)
}

// batchTimeout bounds the transaction of a batch, which no single caller may cut off.
const batchTimeout = time.Minute

// commit writes requests in one transaction, and each half in its own when that fails
// because of one of them.
func (s *Store) commit(all []*request) {
	if len(all) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(all[0].ctx), batchTimeout)
	defer cancel()
	err := s.engine.write(ctx, func(ctx context.Context, tx Tx) error { return s.handle(ctx, tx, all) })
	switch {
	case err == nil:
	case len(all) == 1 || petition.CodeOf(s.trouble("write cases", err)) == petition.Unavailable:
		for _, p := range all {
			p.err = err
		}
	default:
		s.commit(all[:len(all)/2])
		s.commit(all[len(all)/2:])
	}
}

// handle writes requests. What fails for one alone, before anything of it was written, is
// noted there; whatever else goes wrong is an error: those who wait must not take theirs
// for written.
func (s *Store) handle(ctx context.Context, tx Tx, all []*request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("writing panicked: %v", p)
		}
	}()
	var b batch
	var saves, creates, others []*request
	for _, p := range all {
		p.err = nil
		switch {
		case p.save != nil:
			saves = append(saves, p)
		case p.create != nil:
			creates = append(creates, p)
		case p.access != nil:
			b.accesses = append(b.accesses, *p.access)
		default:
			others = append(others, p)
		}
	}
	if err := s.saveAll(ctx, tx, saves, &b); err != nil {
		return err
	}
	if err := s.createAll(ctx, tx, creates, &b); err != nil {
		return err
	}
	for _, p := range others {
		tx.wrote = new(bool)
		if p.err = p.do(ctx, tx); p.err != nil && *tx.wrote {
			return p.err
		}
	}
	return s.writeBatch(ctx, tx, &b)
}

// batch gathers rows of several cases that are written together at the end.
type batch struct {
	cases, entries, oldListKeys, listKeys, oldChecks, checks [][]any
	wordChanges                                              []wordChange
	notices                                                  []petition.Notice
	accesses                                                 []petition.Access
	links                                                    []link
}

func (b *batch) addEntries(all []entryRow) {
	for i := range all {
		b.entries = append(b.entries, all[i].values())
	}
}

func (b *batch) note(x *petition.Access) {
	if x != nil {
		b.accesses = append(b.accesses, *x)
	}
}

// writeBatch writes what was gathered. The feed comes last: its row is locked from then
// to the commit.
func (s *Store) writeBatch(ctx context.Context, tx Tx, b *batch) error {
	all := append(deletions(`list_keys`, listKeyColumns, b.oldListKeys), deletions(`checks`, checkColumns, b.oldChecks)...)
	for _, some := range []struct {
		table string
		rows  [][]any
	}{
		{`cases (` + rowColumns + `, filing, class, category, place)`, b.cases},
		{`entries (ref, seq, body, version, hash)`, b.entries},
		{`list_keys (key, due, number, received, ref)`, b.listKeys},
		{`checks (kind, rules, at, ref)`, b.checks},
	} {
		all = append(all, tx.insertions(some.table, some.rows)...)
	}
	if _, err := tx.all(ctx, all); err != nil {
		return err
	}
	return s.writeFeed(ctx, tx, b)
}
