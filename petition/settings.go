package petition

// DefaultSettings are the numbers an office starts with. Where a national or
// provincial document gives one, it is that; the rest are the house's.
func DefaultSettings() Settings {
	return Settings{
		YellowDays: 3, YellowDay: 45, NudgeDays: 7, SuggestionDays: 15, KeepDraftDays: 30,
		MaxFiles: 20, MaxFileMB: 20, SimpleAccept: 3, SimpleReply: 10,
		DecideDays: 5, DeliverDays: 5, ProgressDays: 30, SupplementDays: 15, ConfirmDays: 15,
		UnclaimedMinutes: 120, NoticesMonth: 4,
	}
}

// Filled puts the default where a setting is 0. KeepCaseYears stays: 0 means by the
// archive schedule.
func (s Settings) Filled() Settings {
	d := DefaultSettings()
	for _, p := range []struct {
		have *int
		want int
	}{
		{&s.YellowDays, d.YellowDays}, {&s.YellowDay, d.YellowDay}, {&s.NudgeDays, d.NudgeDays},
		{&s.SuggestionDays, d.SuggestionDays}, {&s.KeepDraftDays, d.KeepDraftDays},
		{&s.MaxFiles, d.MaxFiles}, {&s.MaxFileMB, d.MaxFileMB},
		{&s.SimpleAccept, d.SimpleAccept}, {&s.SimpleReply, d.SimpleReply},
		{&s.DecideDays, d.DecideDays}, {&s.DeliverDays, d.DeliverDays}, {&s.ProgressDays, d.ProgressDays},
		{&s.SupplementDays, d.SupplementDays}, {&s.ConfirmDays, d.ConfirmDays},
		{&s.UnclaimedMinutes, d.UnclaimedMinutes}, {&s.NoticesMonth, d.NoticesMonth},
	} {
		if *p.have == 0 {
			*p.have = p.want
		}
	}
	return s
}
