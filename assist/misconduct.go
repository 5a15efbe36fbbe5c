package assist

import (
	"strings"

	"dengwen/assist/aim"
	"dengwen/assist/extract"
	"dengwen/assist/normalize"
	"dengwen/bot"
	"dengwen/internal/officials"
)

// askClass is a confidence below which the bot asks for the class: it takes nothing
// unasked under 0.6.
const askClass = 0.55

// sureReport is the confidence of the words from which a report is taken unasked.
const sureReport = 0.7

// Chances of misconduct, chosen on letters that were held out of training (docs/understanding.md).
const (
	worthAsking = 0.21 // from here on the person is asked
	likely      = 0.6  // a report, where words of it stand beside an official too
	ordinary    = 0.6  // of a complaint or a call for help, from which nobody is asked
	told        = 0.95 // unless the tale itself is as good as this
	clearly     = 0.98 // a report, where somebody in office is named
)

// classOrReport lowers the confidence in a class where a wrong one does harm, so that the
// person is asked. A report that goes in as a claim may be read by those it is about
// (Art 30); a claim that goes in as a report waits with the discipline organ. Words
// tell the two apart badly: what somebody took is told without naming it, and a slow
// office is called corrupt. So a report is taken unasked only where the words say so and
// the person calls it one or the trained classifier agrees, or where the classifier is sure
// and somebody in office is named.
func classOrReport(class extract.Slot, text string, chance float64, is bot.Guess) extract.Slot {
	text = strings.ToLower(normalize.Text(text))
	switch {
	case chance >= clearly && official(text):
		return extract.Slot{Value: extract.Report, Confidence: sureReport}
	case class.Value == extract.Report:
		if class.Confidence < sureReport || chance < likely && !containsAny(text, accusing) {
			class.Confidence = min(class.Confidence, askClass)
		}
	case is.Value == aim.Complaint && is.Conf >= ordinary && chance < told: // neither model takes it for a report
	case chance >= worthAsking: // a matter that may be sealed is no claim until the person says so
		return extract.Slot{Value: extract.Report, Confidence: askClass}
	}
	return class
}

func official(text string) bool {
	i, _ := officials.Find(text)
	return i >= 0
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

var accusing = []string{"举报", "检举", "控告", "揭发", "实名反映", "report"}
