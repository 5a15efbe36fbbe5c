package petition

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on what is taken in, in characters. A message of the narrowest door has
// 4,096; a story may be several.
const (
	maxFacts   = 20000
	maxRequest = 5000
	maxTitle   = 200
	maxUsed    = 2000
	maxLine    = 300
	maxKey     = 200
	maxArgs    = 40
	maxPeople  = 100000
)

var (
	channels       = []string{"telegram", "wechat", "web", "terminal", "api", Open311, "letter", "visit", "call", "above", "hotline", "portal", "mailbox"}
	staffChannels  = []string{"letter", "visit", "call", "above", "hotline", "portal", "mailbox"}
	passedChannels = []string{"above", "hotline", "portal", "mailbox"} // by which another body passes it on
	kinds          = []string{"photo", "document", "voice", "audio", "video"}
)

// validateFiling checks a filing before anything is stored: whether this actor may lodge
// it, sizes, codes of the office's data, attachments. It answers the filing with defaults
// filled in; Invalid or Forbidden otherwise.
func (s *Service) validateFiling(a Actor, f Filing) (Filing, error) {
	if f.Owner == "" && !a.staff() {
		f.Owner = a.Owner
	}
	f.Channel = or(f.Channel, "api")
	if f.People == 0 {
		f.People = 1
	}
	f.Attachments = slices.Clone(f.Attachments)
	f.Subject, f.Place.Code = s.law.Office.current(f.Subject, f.Place.Code)
	for _, check := range []func(Actor, *Filing) error{s.validateFiler, validateTexts, s.validateOrigin, s.validateCodes, s.validateFiles} {
		if err := check(a, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (s *Service) validateFiler(a Actor, f *Filing) error {
	switch {
	case a.staff() && !a.MayFile():
		return Fail(Forbidden, "file.who")
	case a.staff() && (f.Owner != "" || !slices.Contains(staffChannels, f.Channel)):
		return Fail(Invalid, "file.staff_channel")
	case !a.staff() && slices.Contains(staffChannels, f.Channel):
		return Fail(Forbidden, "file.channel")
	case !a.staff() && (f.Owner != a.Owner || !IsChat(f.Owner)):
		return Fail(Forbidden, "file.owner")
	}
	return s.validateReceived(a, f)
}

// validateReceived lets staff alone say when a letter came, within the last year: the
// periods run from that day.
func (s *Service) validateReceived(a Actor, f *Filing) error {
	if f.Received == "" {
		return nil
	}
	_, err := parseDay(f.Received)
	today := Day(s.now())
	if err != nil || !a.staff() || f.Received > today || f.Received < addDays(today, -366) {
		return Fail(Invalid, "file.received", "date", clip(f.Received, 20))
	}
	return nil
}

// validateOrigin says what of its origin a filing must tell, by its channel: a superior is named,
// the hotline and the platform have a number for everything.
func (s *Service) validateOrigin(_ Actor, f *Filing) error {
	o := &f.Origin
	o.Name, o.Number = strings.TrimSpace(o.Name), strings.TrimSpace(o.Number)
	if !slices.Contains(passedChannels, f.Channel) {
		if *o != (Origin{}) {
			return Fail(Invalid, "file.origin_channel")
		}
		return nil
	}
	received := or(f.Received, Day(s.now()))
	_, dated := parseDay(o.Date)
	_, ends := parseDay(o.Due)
	switch {
	case f.Channel == "above" && o.Name == "":
		return Fail(Invalid, "file.origin_name")
	case (f.Channel == "hotline" || f.Channel == "portal") && o.Number == "":
		return Fail(Invalid, "file.origin_number")
	case o.Date != "" && (dated != nil || o.Date > received):
		return Fail(Invalid, "file.origin_date", "date", clip(o.Date, 20))
	case o.Due != "" && (ends != nil || o.Due < received):
		return Fail(Invalid, "file.origin_due", "date", clip(o.Due, 20))
	}
	return nil
}

// validateTexts limits the length of every text, in characters, and makes it valid UTF-8,
// without which no database and no JSON takes it.
func validateTexts(_ Actor, f *Filing) error {
	for _, t := range []struct {
		name string
		text *string
		max  int
	}{
		{"key", &f.Key, maxKey}, {"owner", &f.Owner, maxKey}, {"channel", &f.Channel, 20}, {"lang", &f.Lang, 20},
		{"subject", &f.Subject, 60}, {"place.code", &f.Place.Code, 60}, {"place.text", &f.Place.Text, maxLine},
		{"title", &f.Title, maxTitle}, {"facts", &f.Facts, maxFacts}, {"request", &f.Request, maxRequest},
		{"used_text", &f.UsedText, maxUsed}, {"about", &f.About, 60}, {"about_text", &f.AboutText, maxLine}, {"name", &f.Contact.Name, 100}, {"address", &f.Contact.Address, maxLine},
		{"old", &f.Old, 60}, {"phone", &f.Contact.Phone, 40}, {"mail", &f.Contact.Mail, 200}, {"origin.name", &f.Origin.Name, 100}, {"origin.number", &f.Origin.Number, 100},
	} {
		if err := validateText(t.name, t.text, t.max); err != nil {
			return err
		}
	}
	switch {
	case f.Key == "":
		return Fail(Invalid, "file.key")
	case strings.TrimSpace(f.Facts) == "" && len(f.Attachments) == 0:
		return Fail(Invalid, "file.facts")
	}
	return nil
}

func validateText(name string, text *string, max int) error {
	*text = strings.ToValidUTF8(*text, "\uFFFD")
	if utf8.RuneCountInString(*text) > max {
		return Fail(Invalid, "text.too_long", "field", name, "max", itoa(max))
	}
	return nil
}

// validateCodes checks what must be one of a list.
func (s *Service) validateCodes(_ Actor, f *Filing) error {
	o := s.law.Office
	_, subject := o.Category(f.Subject)
	_, place := o.Locality(f.Place.Code)
	_, about := o.Find(f.About)
	switch {
	case f.Class != Suggestion && f.Class != Claim && f.Class != Report:
		return Fail(Invalid, "file.class", "class", clip(string(f.Class), 20))
	case f.Urgency != "" && !f.Urgency.Known():
		return Fail(Invalid, "file.urgency", "urgency", clip(string(f.Urgency), 20))
	case !slices.Contains(channels, f.Channel):
		return Fail(Invalid, "file.channel_unknown", "channel", f.Channel)
	case f.Subject != "" && !subject:
		return Fail(Invalid, "file.subject", "subject", f.Subject)
	case (f.About != "" || f.AboutText != "") && f.Class != Report, f.About != "" && f.About != AboutOther && !about:
		return Fail(Invalid, "file.about", "about", f.About)
	case f.Place.Code != "" && !place:
		return Fail(Invalid, "file.place", "place", f.Place.Code)
	case f.Place.Lat < -90 || f.Place.Lat > 90 || f.Place.Lon < -180 || f.Place.Lon > 180 || f.Place.Lat != f.Place.Lat || f.Place.Lon != f.Place.Lon:
		return Fail(Invalid, "file.location")
	case !slices.Contains([]Used{"", UsedYes, UsedNo, UsedUnsure}, f.Used):
		return Fail(Invalid, "file.used")
	case f.People < 1 || f.People > maxPeople:
		return Fail(Invalid, "file.people")
	}
	return nil
}

func (s *Service) validateFiles(_ Actor, f *Filing) error { return s.checkFiles(f.Attachments) }

func (s *Service) checkFiles(files []Attachment) error {
	if max := s.law.Office.Settings.Filled().MaxFiles; len(files) > max {
		return Fail(Invalid, "files.too_many", "max", itoa(max))
	}
	for i := range files {
		f := &files[i]
		if !BlobID(f.ID) || addressesOriginal(f.ID) || len(f.ID) > 120 || !slices.Contains(kinds, f.Kind) || len(f.Album) > 100 || len(f.Type) > 100 {
			return Fail(Invalid, "file.malformed")
		}
		f.Name = FileName(f.Name)
		if err := validateText("file.name", &f.Name, maxTitle); err != nil {
			return err
		}
	}
	return nil
}

// FileName is the name of a file as it is kept and shown: its last part, without control
// characters and those that turn the direction of writing (Unicode Bidi_Control), by which
// "photo\u202Egnp.exe" is shown as "photoexe.png".
func FileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s[strings.LastIndexAny(s, `/\`)+1:])
	if s == "." || s == ".." {
		return ""
	}
	return s
}

// validateMove checks the sizes of a move.
func (s *Service) validateMove(m Move) (Move, error) {
	name, unit, officer := string(m.Name), m.Unit, m.Officer
	for _, t := range []struct {
		name string
		text *string
		max  int
	}{{"key", &m.Key, maxKey}, {"name", &name, 40}, {"text", &m.Text, maxFacts}, {"unit", &unit, 100}, {"officer", &officer, 100}, {"date", &m.Date, 40}} {
		if err := validateText(t.name, t.text, t.max); err != nil {
			return m, err
		}
	}
	if len(m.Args) > maxArgs {
		return m, Fail(Invalid, "move.args")
	}
	args := make(map[string]string, len(m.Args))
	for k, v := range m.Args {
		if err := validateText(clip(k, 40), &v, maxFacts); err != nil || len(k) > 60 {
			return m, Fail(Invalid, "move.args", "field", clip(k, 40))
		}
		args[k] = v
	}
	m.Args, m.Files = args, slices.Clone(m.Files)
	return m, s.checkFiles(m.Files)
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

func itoa(n int) string { return strconv.Itoa(n) }

// Channels are the ways by which a petition can come.
func Channels() []string { return slices.Clone(channels) }

// PassedOn reports whether what comes by a channel was passed on by another body, see Origin.
func PassedOn(channel string) bool { return slices.Contains(passedChannels, channel) }

// ByStaff reports whether what comes by a channel is written down by an officer.
func ByStaff(channel string) bool { return slices.Contains(staffChannels, channel) }
