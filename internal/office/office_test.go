package office_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dengwen/internal/app"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
)

// A file of before, with one more name for English alone, is read; a language more needs no code.
func TestNamesByLanguage(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer(
		`names: {en: "Xialiang Town"}`, `name_en: "Xialiang Town"`, `names: {en: Xialiang Town}`, `name_en: Xialiang Town`,
		`names: {en: "Yingpan Town"}`, `names: {en: "Yingpan Town", bo: ཡིན་ཕན།}`, `names: {en: Yingpan Town}`, `names: {en: Yingpan Town, bo: ཡིན་ཕན།}`,
		`other_hours: {en: "Monday to Friday, 8:00–18:00"}`, "hours_en: Monday to Friday",
	).Replace(string(office.BuiltIn()))
	o, _, err := office.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string][3]string{"xialiang": {"下梁镇", "Xialiang Town", "下梁镇"}, "yingpan": {"营盘镇", "Yingpan Town", "ཡིན་ཕན།"}} {
		u, _ := o.Find(code)
		l := o.Places[slices.IndexFunc(o.Places, func(l petition.Locality) bool { return l.Unit == code })]
		if got := [3]string{l.NameIn("zh-CN"), l.NameIn("en"), l.NameIn("bo")}; got != want || u.NameIn("en") != want[1] {
			t.Errorf("%s: %v, %s, want %v", code, got, u.NameIn("en"), want)
		}
	}
	if o.HoursIn("en") != "Monday to Friday" || o.HoursIn("bo") != o.Hours {
		t.Errorf("hours: %q, %q", o.HoursIn("en"), o.HoursIn("bo"))
	}
}

func TestExample(t *testing.T) {
	t.Parallel()
	o := office.Example()
	if !o.Example || o.Code != "611026" || len(o.Places) != 9 || o.Phone != "" {
		t.Errorf("example: %v %s, %d places, phone %q", o.Example, o.Code, len(o.Places), o.Phone)
	}
	for _, u := range o.Units {
		if u.Phone != "" {
			t.Errorf("%s has an invented phone", u.Name)
		}
		if u.Names["en"] == "" {
			t.Errorf("%s has no English name", u.Name)
		}
	}
	for _, c := range o.Categories {
		if len(c.Words) == 0 && c.Parent != "" || c.Names["en"] == "" {
			t.Errorf("category %s has no words or no English name", c.Name)
		}
	}
	if o.Settings != petition.DefaultSettings() {
		t.Errorf("the example's settings differ from the defaults: %+v", o.Settings)
	}
}

func TestRoute(t *testing.T) {
	t.Parallel()
	o := office.Example()
	for _, c := range []struct {
		class                petition.Class
		subject, place, want string
	}{
		{petition.Claim, "transport.roads", "611026102", "transport"},
		{petition.Claim, "transport", "", "transport"},
		{petition.Claim, "farming.village", "611026102", "xialiang"},
		{petition.Claim, "farming.village", "", "farming"},
		{petition.Claim, "labour.wages", "611026001", "labour"},
		{petition.Claim, "", "611026001", "petition"},
		{petition.Suggestion, "environment.water", "", "environment"},
		{petition.Report, "transport.roads", "611026102", "discipline"},
		{petition.Claim, "discipline.bribery", "", "petition"},
	} {
		if got := o.Route(c.class, c.subject, c.place); got != c.want {
			t.Errorf("Route(%s, %s, %s) = %s, want %s", c.class, c.subject, c.place, got, c.want)
		}
	}
}

func TestReviewBodies(t *testing.T) {
	t.Parallel()
	o := office.Example()
	for _, c := range []struct{ handler, reviewer, review, rereview string }{
		{"xialiang", "county-gov", "county-gov", "city-gov"},
		{"transport", "county-gov", "county-gov city-transport", "city-gov"},
		{"transport", "city-transport", "county-gov city-transport", "city-gov"},
		{"county-gov", "city-gov", "city-gov", "province-gov"},
		{"tax", "city-tax", "city-tax", "city-gov"},
	} {
		if got := codes(o.ReviewBodies(c.handler)); got != c.review {
			t.Errorf("review of %s: %s, want %s", c.handler, got, c.review)
		}
		if got := codes(o.RereviewBodies(c.handler, c.reviewer)); got != c.rereview {
			t.Errorf("re-review of %s after %s: %s, want %s", c.handler, c.reviewer, got, c.rereview)
		}
	}
}

func codes(units []petition.Unit) string {
	var s []string
	for _, u := range units {
		s = append(s, u.Code)
	}
	return strings.Join(s, " ")
}

// said is what a person at the keyboard reads of a fault.
func said(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	words, err2 := locales.New()
	if err2 != nil {
		t.Fatal(err2)
	}
	return app.Explain(words, locales.Default, err)
}

// Every fault is named, all at once, in words that point to the place.
func TestFaults(t *testing.T) {
	t.Parallel()
	text := string(office.BuiltIn())
	for _, c := range []struct{ from, to, want string }{
		{"prefix: ZS", "prefix: Z5", "prefix"},
		{`code: "611026"`, `code: "61102"`, "六位"},
		{"sealed_unit: discipline", `sealed_unit: ""`, "sealed_unit"},
		{"sealed_unit: discipline", "sealed_unit: petition", "第 30 条"},
		{"unit: petition", "unit: nobody", "nobody"},
		{`open: "08:00"`, `open: "19:00"`, "open、close"},
		{`open: "08:00"`, `open: "24:00"`, "open、close"},
		{`close: "18:00"`, `close: "24:30"`, "open、close"},
		{"name: 柞水县水利局", "name: \"\"", "没有名称"},
		{"code: water, name", "code: forestry, name", "用了两次"},
		{"kind: court,", "kind: judge,", "judge"},
		{"unit: xialiang, lat", "unit: \"\", lat", "没有填写"},
		{"category: transport,", "category: trafic,", "trafic"},
		{"unit: environment}", "unit: nobody}", "nobody"},
		{"code: construction, name: 城乡建设", "code: construction, parent: construction.municipal, name: 城乡建设", "绕成了圈"},
		{"short: [市政府], above: province-gov", "short: [市政府], above: county-gov", "above 绕成了圈"},
		{"review: county-gov, rereview: city-gov}", "rereview: city-gov}", "没有写复查机关"},
		{"  yellow_day: 45", "  yellow_day: 60", "yellow_day"},
		{"  nudge_days: 7", "  nudge_day: 7", "没有 nudge_day 这个项目"},
		{"  nudge_days: 7", "  nudge_days: seven", "seven 填得不对，这里要一个数"},
		{"example: true", "example: maybe", "这里要 true 或者 false"},
		{"documents: [身份证或者户口本,", "documents: 身份证 # [", "这里要一个列表"},
		{"hours: 周一至周五 8:00–18:00", "hours: \"\"", "hours"},
		{"kind: office, short", "kind: office, organ: 柞信, first_number: 57, short", "first_number 是 57"},
		{"kind: office, short", "kind: office, first_number: 〔2026〕57号, short", "机关代字"},
	} {
		if !strings.Contains(text, c.from) {
			t.Fatalf("the example has no %q", c.from)
		}
		_, _, err := office.Read([]byte(strings.Replace(text, c.from, c.to, 1)))
		if err == nil || !strings.Contains(said(t, err), c.want) {
			t.Errorf("%q: %v, want it to say %q", c.to, err, c.want)
		}
	}
	both := strings.Replace(strings.Replace(text, "prefix: ZS", "prefix: z", 1), "unit: environment}", "unit: nobody}", 1)
	_, _, err := office.Read([]byte(both))
	if err == nil || !strings.Contains(said(t, err), "prefix") || !strings.Contains(said(t, err), "nobody") {
		t.Errorf("two faults: %v", err)
	}
	if o, _, err := office.Read([]byte(strings.Replace(text, `close: "18:00"`, `close: "24:00"`, 1))); err != nil || o.Close != "24:00" {
		t.Errorf("open until midnight: %v", err)
	}
	for _, bad := range []string{"", "units: [", "units: 7"} {
		if _, _, err := office.Read([]byte(bad)); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

// A file written for an older program goes on to be read: what nothing reads any more is
// a warning with its line, and everything else stands.
func TestRetiredSettingsAreWarnings(t *testing.T) {
	t.Parallel()
	old := strings.Replace(string(office.BuiltIn()), "  simple_accept: 3\n", "  simple_hop: 1\n  simple_accept: 4\n", 1)
	o, warnings, err := office.Read([]byte(old))
	if err != nil || o.Settings.SimpleAccept != 4 || len(o.Units) != len(office.Example().Units) {
		t.Fatalf("an older file: %v", err)
	}
	if !slices.ContainsFunc(warnings, func(w error) bool { return strings.Contains(said(t, w), "simple_hop 不再用了") }) {
		t.Errorf("warnings %q", warnings)
	}
	if _, _, err = office.Read([]byte(old + "colour: red\n")); err == nil || !strings.Contains(said(t, err), "没有 colour 这个项目") {
		t.Errorf("another unknown setting besides: %v", err)
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	text := strings.Replace(string(office.BuiltIn()), "example: true", "example: false", 1)
	_, warnings, err := office.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, w := range warnings {
		all += said(t, w) + "\n"
	}
	for _, want := range []string{"咨询投诉电话", "check", "没有电话"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning says %q", want)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "office.yaml")
	if err := os.WriteFile(name, office.BuiltIn(), 0o600); err != nil {
		t.Fatal(err)
	}
	if o, _, err := office.Load(name); err != nil || o.Name != "柞水县信访局" {
		t.Errorf("Load: %v", err)
	}
	if _, _, err := office.Load(name + ".missing"); err == nil {
		t.Error("a file that is not there loads")
	}
	if o, w, err := office.Load(""); err != nil || !o.Example || len(w) == 0 {
		t.Errorf("built-in: %v, %d warnings", err, len(w))
	}
}
