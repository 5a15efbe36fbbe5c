package bot

import (
	"strconv"

	"dengwen/locales"
	"dengwen/petition"
)

const subjectsShown = 8

// category finds a subject of the office's list.
func (t *talk) category(code string) (petition.Category, bool) {
	for _, c := range t.b.office.Categories {
		if c.Code == code && code != "" {
			return c, true
		}
	}
	return petition.Category{}, false
}

func (t *talk) children(parent string) []petition.Category {
	var list []petition.Category
	for _, c := range t.b.office.Categories {
		if c.Parent == parent {
			list = append(list, c)
		}
	}
	return list
}

func (t *talk) categoryName(c petition.Category) string {
	if t.s.Lang == locales.English && c.NameEn != "" {
		return c.NameEn
	}
	return c.Name
}

// subjectName is the subject as the card shows it, both levels.
func (t *talk) subjectName(code string) string {
	c, ok := t.category(code)
	if !ok {
		return ""
	}
	if p, ok := t.category(c.Parent); ok {
		return t.categoryName(p) + t.w("list.within") + t.categoryName(c)
	}
	return t.categoryName(c)
}

func askSubject(t *talk) {
	parent := t.get("parent")
	if few := t.proposed(); len(few) > 0 && parent == "" && t.get("page") == "" {
		t.offer(few)
		return
	}
	key := "subject.ask"
	if parent != "" {
		key = "subject.which"
	}
	list := t.children(parent)
	page, last := paged(len(list), subjectsShown, t.num("page"))
	var buttons []Button
	for _, c := range list[page*subjectsShown : min(len(list), (page+1)*subjectsShown)] {
		buttons = append(buttons, t.opt(t.categoryName(c), "is:"+c.Code))
	}
	rows := grid(buttons, 2)
	if last > 0 {
		rows = append(rows, []Button{t.btn("button.more", "page:"+strconv.Itoa((page+1)%(last+1)))})
	}
	none := t.btn("button.unsure", "unsure")
	if parent != "" {
		none = t.btn("subject.rest", "rest")
	}
	row := append([]Button{none}, t.common(false)...)
	if parent != "" && len(row) == 2 {
		row = []Button{none, t.btn("button.back", "back"), row[1]}
	}
	t.say(t.w(key), append(rows, row)...)
}

// likely are the subjects that the reader holds for the likeliest.
func (t *talk) likely() []petition.Category {
	var list []petition.Category
	if r := t.s.Draft.Reading; r != nil {
		for _, code := range r.Likely {
			if c, ok := t.category(code); ok {
				list = append(list, c)
			}
		}
	}
	return list
}

// offer asks with a few subjects first; the whole list is a press away.
func (t *talk) offer(few []petition.Category) {
	key := "subject.likely"
	if t.get("offered") != "" {
		key = "subject.said"
	}
	var rows [][]Button
	for _, c := range few {
		rows = append(rows, []Button{t.opt(t.subjectName(c.Code), "this:"+c.Code)})
	}
	t.say(t.w(key), append(rows, []Button{t.btn("subject.other", "page:0"), t.btn("button.unsure", "unsure")}, t.common(false))...)
}

// paged bounds a page number and answers with the last one there is.
func paged(n, size, page int) (int, int) {
	last := max(0, (n-1)/size)
	return min(max(page, 0), last), last
}

func pressSubject(t *talk, action, arg string) bool {
	switch action {
	case "is":
		return t.pickSubject(arg)
	case "this":
		if _, ok := t.category(arg); !ok {
			return false
		}
		t.setSubject(arg, "told")
	case "page":
		t.set("page", arg)
		t.set("offered", "")
		t.inPlace()
		t.ask()
	case "unsure":
		t.setSubject("", "skipped")
	case "rest":
		t.setSubject(t.get("parent"), "told")
	case "back":
		if t.get("parent") != "" {
			t.set("parent", "")
			t.set("page", "")
			t.inPlace()
			t.ask()
			return true
		}
		t.set("offered", "")
		return t.back()
	default:
		return t.pressCommon(action)
	}
	return true
}

// pickSubject goes down a level where there is one.
func (t *talk) pickSubject(code string) bool {
	c, ok := t.category(code)
	if !ok {
		return false
	}
	if c.Parent == "" && len(t.children(code)) > 0 {
		t.set("parent", code)
		t.set("page", "")
		t.inPlace()
		t.enter(AskSubject)
		return true
	}
	t.setSubject(code, "told")
	return true
}

func (t *talk) setSubject(code, how string) {
	t.set("parent", "")
	t.set("page", "")
	t.set("offered", "")
	t.s.Draft.Filing.Subject = code
	t.known(how)
}
