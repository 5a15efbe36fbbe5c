package desk

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/archive"
	"dengwen/internal/backlog"
	"dengwen/internal/exchange"
	"dengwen/petition"
	"dengwen/petition/batch"
)

// MayImport reports whether who is in takes tables of another system over.
func (f frame) MayImport() bool { return f.Me != nil && f.Me.imports }

// MayExport reports whether who is in takes all cases out of the program.
func (f frame) MayExport() bool { return f.Me != nil && f.Me.exports }

type batchesPage struct {
	frame
	Batches []batchLine
	Error   string
}

// batchLine is a batch in words.
type batchLine struct {
	batch.Batch
	frame
}

// State is where it stands, in words.
func (b batchLine) State() string { return b.T("batch.state." + string(b.Batch.State)) }

// Compares reports whether it lists what differs, and not what was refused.
func (b batchLine) Compares() bool { return b.Batch.Kind == exchange.KindCompare }

// Kind is what it does, in words.
func (b batchLine) Kind() string { return b.T("batch.kind." + b.Batch.Kind) }

// Href is its page.
func (b batchLine) Href() string {
	if b.Batch.State == batch.Prepared {
		return "/desk/import/" + url.PathEscape(b.ID)
	}
	return "/desk/batches/" + url.PathEscape(b.ID)
}

// Percent is how much is done.
func (b batchLine) Percent() int {
	if b.Total == 0 {
		return 0
	}
	return 100 * b.Batch.Done / b.Total
}

// batchesFor is how long a batch is listed.
const batchesFor = 90 * 24 * time.Hour

// batches lists what was begun on many cases: one's own, and imports for who may import.
func (d *Door) batches(v *visit) error {
	all, err := d.Batches.Batches(v.ctx(), d.Now().Add(-batchesFor), 100)
	if err != nil {
		return petition.Wrap(err, "list batches")
	}
	f := d.inFrame(v, "batches")
	p := batchesPage{frame: f}
	for _, b := range all {
		if v.seesBatch(b) {
			p.Batches = append(p.Batches, batchLine{b, f})
		}
	}
	return d.render(v, "batches", "body", p)
}

func (v *visit) seesBatch(b batch.Batch) bool {
	switch b.Kind {
	case backlog.Kind, backlog.KindUndo:
		return v.imports
	case "report":
		return v.actor.Leads() && v.exports
	case exchange.KindCompare, exchange.KindImport:
		return v.imports && v.exports
	case archive.Kind, exchange.KindExport:
		return v.exports && b.Staff == v.person.ID
	}
	return b.Staff == v.person.ID
}

// batchOf is the batch of an address.
func (d *Door) batchOf(v *visit) (batch.Batch, error) {
	b, err := d.Batches.Batch(v.ctx(), v.r.PathValue("id"))
	if err == nil && !v.seesBatch(b) {
		err = petition.Fail(petition.NotFound, "batch.none")
	}
	return b, err
}

type batchPage struct {
	frame
	B       batchLine
	Why     string
	Refused []refusal
	More    bool // there are more refusals than are shown
	Poll    bool
	TakeIn  bool   // what is missing here can be taken in
	Known   int    // lines of an exchange file that were here already
	Undone  string // address of the batch that took it back
	Undo    bool   // it can be taken back
}

// refusal is an item that was refused, and why.
type refusal struct{ What, Href, Why string }

// maxRefusals is how many refusals the page of a batch shows; the file has all.
const maxRefusals = 200

// batch shows how far one has come, and what was refused and why.
func (d *Door) batch(v *visit) error {
	b, err := d.batchOf(v)
	if err != nil {
		return err
	}
	f := d.inFrame(v, "batches")
	p := batchPage{frame: f, B: batchLine{b, f}}
	if b.Why != "" {
		p.Why = v.names.Error(petition.Fail(petition.Invalid, b.Why))
	}
	if !b.Over() {
		p.Poll = againLater(v)
	}
	some, err := d.Batches.Refusals(v.ctx(), b.ID, -1, maxRefusals)
	if err != nil {
		return petition.Wrap(err, "list refusals")
	}
	for _, r := range some {
		one := refusal{What: r.What, Why: d.why(v, r)}
		if b.Kind == batch.KindMoves || b.Kind == batch.KindPapers || b.Kind == batch.KindPrint {
			one.Href = "/desk/cases/" + url.PathEscape(r.What)
		}
		if n := exchange.NumberHere(r); n != "" && b.Kind == exchange.KindCompare {
			one.Href = "/desk/cases/" + url.PathEscape(n)
		}
		p.Refused = append(p.Refused, one)
	}
	p.More = b.Refused > len(p.Refused)
	p.TakeIn = b.Kind == exchange.KindCompare && b.State == batch.Done && d.Exchanger != nil
	p.Known = exchange.Known(b)
	if b.Kind == backlog.Kind && v.imports && b.Over() {
		if id := backlog.Undone(b); id != "" {
			p.Undone = "/desk/batches/" + id
		} else {
			p.Undo = true
		}
	}
	return d.render(v, "batch", "batch", p)
}

// why is the sentence of a refusal.
func (d *Door) why(v *visit, r batch.Refusal) string {
	if strings.HasPrefix(r.Key, "import.fault.") {
		return d.fault(v, backlog.Fault{Field: r.Args["field"], Key: r.Key, Value: r.Args["value"]})
	}
	var pairs []string
	for key, value := range r.Args {
		pairs = append(pairs, key, value)
	}
	return v.names.Error(petition.Fail(petition.Invalid, r.Key, pairs...))
}

func (d *Door) fault(v *visit, f backlog.Fault) string {
	field := ""
	if f.Field != "" {
		field = v.names.Text("import.field." + f.Field)
	}
	return v.names.Text(f.Key, "Field", field, "Value", f.Value)
}

// stopBatch ends one; what it has done stays done.
func (d *Door) stopBatch(v *visit) error {
	b, err := d.batchOf(v)
	if err != nil {
		return err
	}
	if err := d.Batches.StopBatch(v.ctx(), b.ID, d.Now()); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/desk/batches/"+url.PathEscape(b.ID), http.StatusSeeOther)
	return nil
}

// refusedCSV hands out what was refused: of an import the lines themselves, to be mended and imported again.
func (d *Door) refusedCSV(v *visit) error {
	b, err := d.batchOf(v)
	if err != nil {
		return err
	}
	f := d.frame(v.names)
	d.download(v, "text/csv; charset=utf-8", "refused-"+petition.Day(b.At)+".csv")
	if b.Kind == backlog.Kind && d.Importer != nil {
		return d.Importer.Refused(v.ctx(), b, [2]string{f.T("import.line"), f.T("bulk.why")}, func(r batch.Refusal) string { return d.why(v, r) }, v.w)
	}
	if _, err := io.WriteString(v.w, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(v.w)
	err = w.Write([]string{f.T("col.number"), f.T("bulk.why")})
	for after := -1; err == nil; {
		some, more := d.Batches.Refusals(v.ctx(), b.ID, after, 500)
		if err = more; len(some) == 0 {
			break
		}
		for _, r := range some {
			after, err = r.Item, errors.Join(err, w.Write([]string{r.What, d.why(v, r)}))
		}
	}
	w.Flush()
	return errors.Join(err, w.Error())
}

// batchResult hands out the file that a batch wrote.
func (d *Door) batchResult(v *visit) error {
	b, err := d.batchOf(v)
	if err != nil {
		return err
	}
	if b.Result == "" || b.State != batch.Done {
		return d.missing(v)
	}
	in, err := d.Blobs.Open(v.ctx(), b.Result)
	if err != nil {
		return petition.Wrap(err, "open what a batch wrote")
	}
	defer in.Close()
	ending, media := "zip", "application/zip"
	if b.Kind == exchange.KindExport {
		ending, media = exchange.Ending(b)
	}
	if b.Kind == batch.KindPrint {
		ending, media = "pdf", "application/pdf"
	}
	d.download(v, media, b.Kind+"-"+petition.Day(b.At)+"."+ending)
	_, err = io.Copy(v.w, in)
	return err
}

// startExport begins an archive of every case that who is in sees.
func (d *Door) startExport(v *visit) error {
	if !v.exports {
		return petition.Fail(petition.Forbidden, "export.who")
	}
	reason := strings.TrimSpace(v.r.FormValue("reason"))
	if reason == "" {
		return petition.Fail(petition.Invalid, "export.reason")
	}
	return d.queue(v, batch.Batch{ID: d.NewID(), Kind: archive.Kind, Name: reason}, archive.Wanted{Reason: reason, Contacts: v.r.FormValue("contacts") == "1"})
}

// takeTable keeps a table and leads to what would become of it.
func (d *Door) takeTable(v *visit) error {
	if d.Importer == nil || !v.imports {
		return petition.Fail(petition.Forbidden, "import.who")
	}
	return d.firstUpload(v, func(name string, r io.Reader) error {
		b, err := d.Importer.Take(v.ctx(), v.actor, name, r)
		if err != nil {
			return err
		}
		http.Redirect(v.w, v.r, "/desk/import/"+url.PathEscape(b.ID), http.StatusSeeOther)
		return nil
	})
}

// firstUpload hands over the first file of a form.
func (d *Door) firstUpload(v *visit, take func(name string, r io.Reader) error) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, backlog.MaxFile+maxForm)
	parts, err := v.r.MultipartReader()
	for err == nil {
		part, next := parts.NextPart()
		if err = next; err != nil || part.FileName() == "" {
			continue
		}
		err := take(part.FileName(), part)
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			err = petition.Fail(petition.Invalid, "import.file.large")
		}
		return err
	}
	return petition.Fail(petition.Invalid, "import.file.none")
}

type importPage struct {
	frame
	B       batchLine
	P       backlog.Preview
	Fields  []filter // a list of columns for each field
	Unknown []countLine
	Refused []refusal
	Missing []string
}

type countLine struct {
	Name  string
	Count int
}

// chosenColumns reads which column has which field; nil where nothing was chosen.
func chosenColumns(form url.Values) backlog.Columns {
	if form.Get("chosen") == "" {
		return nil
	}
	c := backlog.Columns{}
	for _, field := range backlog.Fields() {
		if n := -1; form.Get("c."+field) != "" {
			if _, err := fmt.Sscanf(form.Get("c."+field), "%d", &n); err == nil && n >= 0 && n < 1000 {
				c[field] = n
			}
		}
	}
	return c
}

// previewImport shows which column was taken for what, what the first lines would become, and what
// would be refused: nothing is written down.
func (d *Door) previewImport(v *visit) error {
	b, err := d.batchOf(v)
	if err != nil {
		return err
	}
	if b.State != batch.Prepared {
		http.Redirect(v.w, v.r, "/desk/batches/"+url.PathEscape(b.ID), http.StatusSeeOther)
		return nil
	}
	preview, err := d.Importer.Preview(v.ctx(), b, chosenColumns(v.r.URL.Query()))
	if err != nil {
		return err
	}
	f := d.inFrame(v, "batches")
	p := importPage{frame: f, B: batchLine{b, f}, P: preview}
	for _, field := range backlog.Fields() {
		list := filter{Key: "c." + field, Label: v.names.Text("import.field." + field), Any: f.T("import.without")}
		at, have := preview.Columns[field]
		for i, head := range preview.Heads {
			if head == "" {
				continue
			}
			list.Choices = append(list.Choices, choice{itoa(i), head, have && at == i})
		}
		p.Fields = append(p.Fields, list)
	}
	for _, field := range preview.Missing {
		p.Missing = append(p.Missing, v.names.Text("import.field."+field))
	}
	for _, l := range preview.Refused {
		p.Refused = append(p.Refused, refusal{What: itoa(l.Number), Why: d.fault(v, l.Faults[0])})
	}
	for _, field := range []string{"place", "subject"} {
		for name := range maps.Keys(preview.Unknown[field]) {
			p.Unknown = append(p.Unknown, countLine{v.names.Text("import.field."+field) + "：" + name, preview.Unknown[field][name]})
		}
	}
	sortCounts(p.Unknown)
	return d.render(v, "import", "body", p)
}

// startImport lets an import begin as it was looked at.
func (d *Door) startImport(v *visit) error {
	b, err := d.batchOf(v)
	if err != nil {
		return err
	}
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	if err := d.Importer.Start(v.ctx(), v.actor, b, chosenColumns(v.r.PostForm)); err != nil {
		return err
	}
	d.Wake()
	d.waitFor(v, b.ID)
	http.Redirect(v.w, v.r, "/desk/batches/"+url.PathEscape(b.ID), http.StatusSeeOther)
	return nil
}

// undoImport takes back what an import wrote down.
func (d *Door) undoImport(v *visit) error {
	b, err := d.batchOf(v)
	if err != nil {
		return err
	}
	id, err := d.Importer.Undo(v.ctx(), v.actor, b)
	if err != nil {
		return err
	}
	d.Wake()
	d.waitFor(v, id)
	http.Redirect(v.w, v.r, "/desk/batches/"+url.PathEscape(id), http.StatusSeeOther)
	return nil
}

// sortCounts puts the most frequent first.
func sortCounts(all []countLine) {
	slices.SortFunc(all, func(a, b countLine) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Name, b.Name)) })
}

func itoa(n int) string { return strconv.Itoa(n) }
