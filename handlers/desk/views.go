package desk

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"dengwen/petition"
)

// Views keeps saved views of the list.
type Views interface {
	PutListView(ctx context.Context, v petition.ListView) error
	ListViews(ctx context.Context) ([]petition.ListView, error)
	DropListView(ctx context.Context, id string) error
}

// viewLine is a view as the list offers it.
type viewLine struct {
	petition.ListView
	Href  string
	Shown bool // the list shows it now
	Mine  bool // who is in saved it, and may drop it
}

// maxViews is how many views one officer keeps.
const maxViews = 30

// views are those of who is in and of their unit.
func (d *Door) views(v *visit, shown url.Values) (all []viewLine, err error) {
	saved, err := d.Views.ListViews(v.ctx())
	if err != nil {
		return nil, petition.Wrap(err, "read views")
	}
	for _, one := range saved {
		if one.Staff == v.person.ID || one.Unit != "" && one.Unit == v.person.Unit {
			all = append(all, viewLine{one, "/desk/views/" + url.PathEscape(one.ID), one.Query == shown.Encode(), one.Staff == v.person.ID})
		}
	}
	return all, nil
}

// saveView keeps the list that is shown under a name.
func (d *Door) saveView(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	query, err := url.ParseQuery(v.r.PostForm.Get("query"))
	name := strings.TrimSpace(v.r.PostForm.Get("name"))
	if err != nil || name == "" || len([]rune(name)) > 30 {
		return petition.Fail(petition.Invalid, "desk.page.view.nameless")
	}
	kept := addressOf(query)
	words, _, err := d.sought(v, kept)
	if err != nil {
		return err
	}
	kept = selection(kept, words)
	mine, err := d.views(v, kept)
	if err != nil {
		return err
	}
	view := petition.ListView{ID: d.NewID(), Name: name, Staff: v.person.ID, Query: kept.Encode()}
	n := 0
	for _, one := range mine {
		if one.Mine {
			n++
			if one.Name == name { // saved again under its name it is changed
				view.ID = one.ID
			}
		}
	}
	if n >= maxViews {
		return petition.Fail(petition.Limited, "desk.page.view.many")
	}
	if v.r.PostForm.Get("shared") == "1" {
		view.Unit = v.person.Unit
	}
	if err := d.Views.PutListView(v.ctx(), view); err != nil {
		return petition.Wrap(err, "save view")
	}
	return d.openList(v, view)
}

// selection is what an address selects with the words themselves, as a view keeps it.
func selection(address url.Values, words string) url.Values {
	kept := maps.Clone(address)
	kept.Del("find")
	if words != "" {
		kept.Set("words", words)
	}
	return kept
}

// openView shows the list of a view. Why a person is looked for is said anew.
func (d *Door) openView(v *visit) error {
	all, err := d.views(v, nil)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.ID == v.r.PathValue("id") {
			return d.openList(v, one.ListView)
		}
	}
	return d.missing(v)
}

func (d *Door) openList(v *visit, one petition.ListView) error {
	kept, err := url.ParseQuery(one.Query)
	if err != nil {
		return fmt.Errorf("read view %s: %w", one.ID, err)
	}
	address := addressOf(kept)
	if err := d.remember(v, address, kept.Get("words"), ""); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/desk/cases?"+address.Encode(), http.StatusSeeOther)
	return nil
}

// dropView forgets a view of one's own.
func (d *Door) dropView(v *visit) error {
	all, err := d.views(v, nil)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.ID == v.r.PathValue("id") && one.Mine {
			if err := d.Views.DropListView(v.ctx(), one.ID); err != nil {
				return petition.Wrap(err, "drop view")
			}
			http.Redirect(v.w, v.r, "/desk/cases?open=1", http.StatusSeeOther)
			return nil
		}
	}
	return d.missing(v)
}
