package office

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// checker gathers faults and warnings; it never stops at the first.
type checker struct {
	o        *petition.Office
	faults   []error
	warnings []Warning
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

func (c *checker) warn(format string, args ...any) {
	c.warnings = append(c.warnings, Warning(fmt.Sprintf(format, args...)))
}

func (c *checker) all() {
	c.head()
	c.units()
	c.places()
	c.categories()
	c.routing()
	c.settings()
}

var (
	division = regexp.MustCompile(`^[0-9]{6}$`)
	prefix   = regexp.MustCompile(`^[A-HJ-NP-Z]{2}$`) // I and O look like digits
	code     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,58}$`)
	kinds    = []string{"office", "town", "department", "vertical", "party", "county", "city", "province", "court"}
	handling = []string{"office", "town", "department", "vertical"} // their replies can be reviewed
)

func (c *checker) head() {
	o := c.o
	if !division.MatchString(o.Code) {
		c.fault("code：要写六位行政区划代码，现在是 %q", o.Code)
	}
	if !prefix.MatchString(o.Prefix) {
		c.fault("prefix：要写两个大写字母，不用 I 和 O，现在是 %q", o.Prefix)
	}
	for name, v := range map[string]string{"name": o.Name, "county": o.County, "hours": o.Hours} {
		if strings.TrimSpace(v) == "" {
			c.fault("%s：没有填写", name)
		}
	}
	open, err1 := time.Parse("15:04", o.Open)
	shut, err2 := time.Parse("15:04", o.Close)
	if err1 != nil || err2 != nil || !open.Before(shut) {
		c.fault("open、close：要写成 08:00、18:00 这样，开门早于关门，现在是 %q 和 %q", o.Open, o.Close)
	}
	c.known("unit（信访部门）", o.Unit)
	c.known("sealed_unit（检举控告的承接单位）", o.SealedUnit)
	if o.SealedUnit != "" && o.SealedUnit == o.Unit {
		c.fault("sealed_unit：检举控告要由信访部门以外的单位承接（条例第 30 条）")
	}
	if !o.Example && o.Phone == "" {
		c.warn("phone：没有填咨询投诉电话，条例第 18 条要求公布")
	}
	if !o.Example && o.Address == "" {
		c.warn("address：没有填通信和接待地址，条例第 18 条要求公布")
	}
	if o.Example {
		c.warn("这是示例：核对机构名称、电话和地址后再用，并去掉 example: true")
	}
}

// known says that a code must be that of a unit.
func (c *checker) known(what, code string) {
	if code == "" {
		c.fault("%s：没有填写", what)
	} else if _, ok := c.o.Find(code); !ok {
		c.fault("%s：没有代码为 %q 的单位", what, code)
	}
}

func (c *checker) units() {
	seen := map[string]bool{}
	for i, u := range c.o.Units {
		who := fmt.Sprintf("units 第 %d 个（%s）", i+1, or(u.Name, u.Code))
		if !code.MatchString(u.Code) {
			c.fault("%s：代码 %q 只能用字母、数字、点和横线", who, u.Code)
		}
		if seen[u.Code] {
			c.fault("%s：代码 %q 用了两次", who, u.Code)
		}
		seen[u.Code] = true
		if strings.TrimSpace(u.Name) == "" {
			c.fault("%s：没有名称", who)
		}
		if !slices.Contains(kinds, u.Kind) {
			c.fault("%s：kind 是 %q，只能是 %s", who, u.Kind, strings.Join(kinds, "、"))
		}
		c.chain(who, u)
		if !c.o.Example && u.Check {
			c.warn("%s：名称还标着 check，核对后去掉", who)
		}
		if !c.o.Example && u.Phone == "" && slices.Contains(handling, u.Kind) {
			c.warn("%s：没有电话", who)
		}
	}
	c.sealedAbove()
}

// sealedAbove checks where a report about the unit that gets reports goes.
func (c *checker) sealedAbove() {
	o := c.o
	if o.SealedAbove != "" {
		c.known("sealed_above（涉及承接单位自己的检举控告由谁承接）", o.SealedAbove)
		if o.SealedAbove == o.SealedUnit || o.SealedAbove == o.Unit {
			c.fault("sealed_above：不能是承接单位自己，也不能是信访部门（条例第 30 条）")
		}
		return
	}
	sealed, _ := o.Find(o.SealedUnit)
	above, ok := o.Find(sealed.Above)
	switch {
	case !ok:
		c.warn("%s：没有写 sealed_above，也没有写上一级 above，举报它自己的人不知道去哪里", sealed.Name)
	case above.Address == "" && above.Phone == "":
		c.warn("%s：没有写 sealed_above，举报它自己的人会被请到%s去，可是那里没有写地址 address 和电话 phone", sealed.Name, above.Name)
	}
}

// chain checks who stands above a unit and who reviews it.
func (c *checker) chain(who string, u petition.Unit) {
	for what, codes := range map[string]string{"above": u.Above, "review": u.Review, "rereview": u.Rereview} {
		for one := range strings.FieldsFuncSeq(codes, func(r rune) bool { return r == '|' }) {
			if _, ok := c.o.Find(strings.TrimSpace(one)); !ok {
				c.fault("%s：%s 写的 %q 不在 units 里", who, what, one)
			}
			if one == u.Code {
				c.fault("%s：%s 不能是它自己", who, what)
			}
		}
	}
	if slices.Contains(handling, u.Kind) && u.Review == "" {
		c.fault("%s：没有写复查机关 review（条例第 35 条）", who)
	}
	if slices.Contains(handling, u.Kind) && u.Rereview == "" {
		c.fault("%s：没有写复核机关 rereview（条例第 36 条）", who)
	}
	at := u
	for n := 0; at.Above != ""; n++ {
		next, ok := c.o.Find(at.Above)
		if !ok {
			return
		}
		if n > len(c.o.Units) {
			c.fault("%s：above 绕成了圈", who)
			return
		}
		at = next
	}
}

func (c *checker) places() {
	seen := map[string]bool{}
	if len(c.o.Places) == 0 {
		c.fault("places：一个地方都没有")
	}
	for i, p := range c.o.Places {
		who := fmt.Sprintf("places 第 %d 个（%s）", i+1, or(p.Name, p.Code))
		if !code.MatchString(p.Code) || seen[p.Code] {
			c.fault("%s：代码 %q 不对或用了两次", who, p.Code)
		}
		seen[p.Code] = true
		if strings.TrimSpace(p.Name) == "" {
			c.fault("%s：没有名称", who)
		}
		c.known(who+" 的 unit", p.Unit)
		if p.Lat < -90 || p.Lat > 90 || p.Lon < -180 || p.Lon > 180 {
			c.fault("%s：经纬度 %v、%v 不对", who, p.Lat, p.Lon)
		}
	}
}

func (c *checker) categories() {
	seen := map[string]bool{}
	if len(c.o.Categories) == 0 {
		c.fault("categories：一个类别都没有")
	}
	for i, k := range c.o.Categories {
		who := fmt.Sprintf("categories 第 %d 个（%s）", i+1, or(k.Name, k.Code))
		if !code.MatchString(k.Code) || seen[k.Code] {
			c.fault("%s：代码 %q 不对或用了两次", who, k.Code)
		}
		seen[k.Code] = true
		if strings.TrimSpace(k.Name) == "" {
			c.fault("%s：没有名称", who)
		}
		if k.Route < 0 || k.Route > 6 {
			c.fault("%s：route 是 %d，只能是 1 到 6，没有就不写", who, k.Route)
		}
		c.parents(who, k)
	}
}

func (c *checker) parents(who string, k petition.Category) {
	for n := 0; k.Parent != ""; n++ {
		next, ok := c.o.Category(k.Parent)
		if !ok {
			c.fault("%s：上级类别 %q 不存在", who, k.Parent)
			return
		}
		if n > 0 {
			c.fault("%s：上级类别绕成了圈或超过两级", who)
			return
		}
		k = next
	}
}

func (c *checker) routing() {
	for i, r := range c.o.Routing {
		who := fmt.Sprintf("routing 第 %d 条", i+1)
		if _, ok := c.o.Category(r.Category); r.Category != "" && !ok {
			c.fault("%s：没有类别 %q", who, r.Category)
		}
		if _, ok := c.o.Locality(r.Place); r.Place != "" && !ok {
			c.fault("%s：没有地方 %q", who, r.Place)
		}
		if r.Unit != "@place" {
			c.known(who+" 的 unit", r.Unit)
		}
		if r.Unit == c.o.SealedUnit && r.Unit != "" {
			c.warn("%s：投诉和建议会转到承接检举控告的单位，请确认", who)
		}
	}
}

func (c *checker) settings() {
	s := c.o.Settings
	for _, n := range []struct {
		name          string
		value, lo, hi int
	}{
		{"yellow_days", s.YellowDays, 1, 14}, {"yellow_day", s.YellowDay, 1, 59}, {"nudge_days", s.NudgeDays, 1, 60},
		{"suggestion_days", s.SuggestionDays, 1, 365}, {"keep_draft_days", s.KeepDraftDays, 1, 365}, {"keep_case_years", s.KeepCaseYears, 0, 100},
		{"max_files", s.MaxFiles, 1, 100}, {"max_file_mb", s.MaxFileMB, 1, 20},
		{"simple_accept", s.SimpleAccept, 1, 15}, {"simple_reply", s.SimpleReply, 1, 60}, {"decide_days", s.DecideDays, 1, 15},
		{"deliver_days", s.DeliverDays, 1, 30}, {"progress_days", s.ProgressDays, 1, 90}, {"supplement_days", s.SupplementDays, 1, 90},
		{"confirm_days", s.ConfirmDays, 1, 90}, {"notices_month", s.NoticesMonth, 1, 31},
	} {
		if n.value < n.lo || n.value > n.hi {
			c.fault("settings 的 %s：%d 不在 %d 到 %d 之间", n.name, n.value, n.lo, n.hi)
		}
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
