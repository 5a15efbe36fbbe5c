package replay

import (
	"strings"

	"dengwen/bot"
)

// obvious are the buttons a hurried person presses, the first that is there: send; this
// is a matter to lodge; I am not sure.
var obvious = []string{"send", "lodge", "unsure", "rest", "skip", "done"}

// choose is the button to press under the messages of one step; "" when there is none.
func choose(said []bot.Say) string {
	for _, want := range obvious {
		for i := len(said) - 1; i >= 0; i-- {
			for _, row := range said[i].Rows {
				for _, b := range row {
					if _, action, _ := strings.Cut(b.Data, ":"); action == want {
						return b.Data
					}
				}
			}
		}
	}
	return ""
}
