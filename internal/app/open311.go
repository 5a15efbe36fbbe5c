package app

import (
	"context"
	"time"

	"dengwen/handlers/api"
	"dengwen/handlers/open311"
	"dengwen/internal/netaddr"
	"dengwen/petition"
)

// openOpen311 makes the Open311 interface; nil where it is not asked for.
func (a *App) openOpen311(proxies *netaddr.Proxies) (*open311.Door, error) {
	if a.Settings.Open311 == "" || a.service == nil {
		return nil, nil
	}
	return open311.New(open311.Config{
		Jurisdiction: a.Settings.Open311, Public: a.Settings.Public(), Office: a.Office, Locales: a.Locales, File: a.Cases.File,
		Published: a.service.Published, Find: a.service.FindPublished, Misconduct: a.misconduct,
		Key: func(key string) (string, bool) { return a.apiKeys.Now().Holder(key, api.Open311) }, Now: time.Now, Log: a.log, Proxies: proxies,
	})
}

// sureReport is from where on a reading as a report is not asked about, as in the conversation.
const sureReport = 0.6

// misconduct reports whether a text may be, and whether it surely is, a report on misconduct.
func (a *App) misconduct(ctx context.Context, text string) (may, is bool, err error) {
	r, err := a.reader.Read(ctx, text, "", time.Now())
	may = r.Class.Value == string(petition.Report)
	return may, may && r.Class.Conf >= sureReport, err
}
