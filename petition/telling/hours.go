package telling

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// typedHours are quiet hours as people type them: 22:00-7:30, 22：00 到 7：30, 22点到7点半.
var typedHours = regexp.MustCompile(`^(\d{1,2})(?:[:：](\d{2})|[点时](半)?)? *(?:[-–—~～至到]|to) *(\d{1,2})(?:[:：](\d{2})|[点时](半)?)?$`)

// Hours reads quiet hours that somebody typed, as 22:00 and 07:30; false where a text says none.
func Hours(text string) (from, to string, ok bool) {
	m := typedHours.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", "", false
	}
	var clocks [2]string
	for i := range clocks {
		hour, minute, half := m[1+3*i], m[2+3*i], m[3+3*i]
		if half != "" {
			minute = "30"
		}
		h, _ := strconv.Atoi(hour)                      // digits
		n, _ := strconv.Atoi(strings.TrimSpace(minute)) // digits, or none
		clocks[i] = fmt.Sprintf("%02d:%02d", h, n)
		if _, valid := minutes(clocks[i]); !valid {
			return "", "", false
		}
	}
	return clocks[0], clocks[1], clocks[0] != clocks[1]
}
