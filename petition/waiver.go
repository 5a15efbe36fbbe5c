package petition

import "regexp"

// waiver is a promise to stop petitioning, suing, appealing or reporting, in any form. Private claims
// may be settled for good (不再追究赔偿); the right to turn to an organ of the state is traded away by
// nobody (Constitution Art 41; Regulation Art 18, 33, 35, 36). The last line is for English.
var waiver = regexp.MustCompile(`(?i)息诉|息访|罢访|停访` +
	`|(?:不再|不得|不能|不会|不许|不准|不可|不去|不到|不来|不要|别再|永不|勿|停止|放弃|撤销|撤回|终止)[^。；;，,\n]{0,10}(?:上访|信访|访了|投诉|举报|检举|控告|申诉|复查|复核|复议|起诉|诉讼|打官司|告状)` +
	`|不(?:上访|信访|投诉|举报|检举|控告|申诉|起诉|打官司|告状|申请复议)` +
	`|(?:不再|不得|不会|不去|永不|不)[^。；;，,\n]{0,4}(?:向|到|找)[^。；;，,\n]{0,12}(?:部门|政府|机关|信访局|镇上|县里|市里|省里|北京|法院|媒体|网上)[^。；;，,\n]{0,6}(?:反映|告|闹|找)` +
	`|(?:never|not|no longer|nor|stop|refrain from|give up|gives up|waive|waives|withdraw)\b[^.,;\n]{0,40}(?:petition|complain|\bsue\b|suing|lawsuit|court|appeal|report to|review)`)

// rightStays says that a right stays: what was found around such words is no waiver.
var rightStays = regexp.MustCompile(`(?i)可以|有权|影响|妨碍|限制|may\b|can\b|affect|limit`)

// plainWaiver is what no minutes of a meeting decide, which may well say that nobody must put off petitions.
var plainWaiver = regexp.MustCompile(`息诉|息访|罢访|停访|不再(?:上访|信访)`)

// Waives are the words of a text that give such a right up, "" for none.
func Waives(text string) string {
	for _, found := range waiver.FindAllString(text, -1) {
		if !rightStays.MatchString(found) {
			return found
		}
	}
	return ""
}
