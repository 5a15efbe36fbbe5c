package replycheck_test

import (
	"slices"
	"testing"
)

// A bank number is found by itself too, however its figures are spaced; what only looks
// like one is not.
func TestBankNumbers(t *testing.T) {
	t.Parallel()
	g := checker()
	for text, found := range map[string]bool{
		"款项已汇入6222021234567890123。":     true,
		"款项已汇入 6222 0212 3456 7890 123": true,
		"款项已汇入6222-0212-3456-7890":      true,
		"汇入 6228480402564890018，请查收":    true,
		"账号：62":                         true,
		"合同编号20260803001":               false,
		"补助面积共 1234 平方米，金额 56789 元":     false,
	} {
		got := slices.Contains(labelled{Text: text}.findings(g), "account")
		if got != found {
			t.Errorf("%q: found %v", text, got)
		}
	}
}
