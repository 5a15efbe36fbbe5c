package desk

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"dengwen/petition"
	"dengwen/petition/batch"
)

// bulkMoves are the moves that can be made on many cases at once: those that ask for nothing that
// differs from case to case.
var bulkMoves = []petition.MoveName{petition.MoveTake, petition.MoveTransfer, petition.MoveAssign, petition.MoveHandOver, petition.MoveNote}

// What the list of moves has besides them: the papers of the cases, each in a zip file or all behind one another to be printed, and
// the cases as a file for a spreadsheet.
const (
	bulkPapers = "papers"
	bulkPrint  = "print"
	bulkCSV    = "csv"
	bulkXLSX   = "xlsx"
)

var bulkFiles = []string{bulkPrint, bulkPapers, bulkXLSX, bulkCSV}

type bulkPage struct {
	frame
	Move    petition.MoveName
	Numbers []string
	Of      string // address of a list whose cases are all meant, "" = those marked
	Form    *moveForm
}

// maxBulk is how many cases one batch has at most.
const maxBulk = 5000

// bulk makes one move on many cases, each under its own key: a batch, which goes on after a
// restart and lists what was refused and why. The first press chooses, the second, where the move
// asks for something, says what.
func (d *Door) bulk(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	name := v.r.PostForm.Get("move")
	p := bulkPage{frame: d.inFrame(v, "ledger"), Move: petition.MoveName(name), Numbers: v.r.PostForm["number"]}
	every := v.r.PostForm.Get("every") == "1"
	if name == bulkCSV || name == bulkXLSX {
		if every {
			p.Numbers = nil
		} else if len(p.Numbers) == 0 || len(p.Numbers) > ledgerRows {
			return petition.Fail(petition.Invalid, "desk.page.bulk.nothing")
		}
		return d.exportMarked(v, name, p.Numbers, v.r.PostForm.Get("of"))
	}
	if every {
		p.Of = v.r.PostForm.Get("of")
		var err error
		if p.Numbers, err = d.numbersOf(v, p.Of); err != nil {
			return err
		}
	}
	if len(p.Numbers) == 0 {
		return petition.Fail(petition.Invalid, "desk.page.bulk.nothing")
	}
	if len(p.Numbers) > maxBulk {
		return petition.Fail(petition.Invalid, "desk.page.bulk.many", "count", itoa(maxBulk))
	}
	if name == bulkPapers {
		return d.queue(v, batch.Batch{ID: d.NewID(), Kind: batch.KindPapers, Name: p.T("bulk.papers")}, batch.Chosen{Numbers: p.Numbers})
	}
	if name == bulkPrint {
		return d.queue(v, batch.Batch{ID: d.NewID(), Kind: batch.KindPrint, Name: p.T("bulk.print")}, batch.Chosen{Numbers: p.Numbers})
	}
	spec, err := bulkSpec(p.Move)
	if err != nil {
		return petition.Fail(petition.Invalid, "desk.page.bulk.nothing")
	}
	form, m, err := d.readForm(v, spec, petition.View{})
	if err != nil {
		return err
	}
	if len(spec.Fields) > 0 && v.r.PostForm.Get("said") == "" {
		p.Form = form
		return d.render(v, "bulk", "body", p)
	}
	return d.queue(v, batch.Batch{ID: m.Key, Kind: batch.KindMoves, Name: v.names.Move(m.Name)}, batch.Chosen{Numbers: p.Numbers, Move: m})
}

// numbersOf are the cases of a list that an address selects, at most maxBulk and one more.
func (d *Door) numbersOf(v *visit, address string) (numbers []string, err error) {
	values, err := url.ParseQuery(address)
	if err != nil {
		return nil, petition.Fail(petition.Invalid, "desk.page.bulk.nothing")
	}
	q, a, err := d.queryOf(v, values)
	if err != nil {
		return nil, err
	}
	for q.Limit = 100; len(numbers) <= maxBulk; {
		page, err := d.Cases.List(v.ctx(), a, q)
		if err != nil {
			return nil, petition.Wrap(err, "list cases to work on")
		}
		for _, i := range page.Items {
			numbers = append(numbers, i.Number)
		}
		if q.After = page.After; q.After == "" {
			break
		}
	}
	return numbers, nil
}

func bulkSpec(name petition.MoveName) (petition.MoveSpec, error) {
	for _, m := range bulkMoves {
		if m == name {
			return petition.SpecOf(name, petition.Claim)
		}
	}
	return petition.MoveSpec{}, petition.Fail(petition.Invalid, "move.unknown", "move", string(name))
}

// soon is how long a batch is waited for before its progress is shown: few cases are done by then.
const soon = 2 * time.Second

// queue begins a batch and shows what came of it. A batch of this id that there is already is shown.
func (d *Door) queue(v *visit, b batch.Batch, input any) error {
	if _, err := d.Batches.Batch(v.ctx(), b.ID); petition.CodeOf(err) == petition.NotFound {
		b.Staff, b.At, b.State = v.person.ID, d.Now(), batch.Waiting
		if b.Input, err = json.Marshal(input); err != nil {
			return err
		}
		if c, ok := input.(batch.Chosen); ok {
			b.Total = len(c.Numbers)
		}
		if err := d.Batches.PutBatch(v.ctx(), b); err != nil {
			return petition.Wrap(err, "begin a batch")
		}
	} else if err != nil {
		return err
	}
	d.Wake()
	d.waitFor(v, b.ID)
	http.Redirect(v.w, v.r, "/desk/batches/"+url.PathEscape(b.ID), http.StatusSeeOther)
	return nil
}

// waitFor waits a moment for a batch to be over.
func (d *Door) waitFor(v *visit, id string) {
	until := time.After(soon)
	for {
		if b, err := d.Batches.Batch(v.ctx(), id); err != nil || b.Over() {
			return
		}
		select {
		case <-v.ctx().Done():
			return
		case <-until:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}
