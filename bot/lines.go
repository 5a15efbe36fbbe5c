package bot

import "dengwen/petition"

// linesOf are the telephone numbers as sentences name them.
func linesOf(l petition.Lines) map[string]string {
	return map[string]string{
		"Discipline": l.Discipline, "LegalAid": l.LegalAid, "Youth": l.Youth, "Mind": l.Mind, "Hotline": l.Hotline,
	}
}
