package citizen

import (
	"regexp"
	"strconv"

	"dengwen/bot"
)

// maxPeople is how many petitioners one petition may name.
const maxPeople = 10000

func askPeople(t *step) {
	t.say(t.text("people.ask"), []bot.Button{t.btn("people.one", "is:1")}, t.common(false))
	t.out[len(t.out)-1].Say.Number = true
}

func pressPeople(t *step, action, arg string) bool {
	if action != "is" {
		return t.pressCommon(action)
	}
	return t.setPeople(atoi(arg))
}

var number = regexp.MustCompile(`[0-9]{1,5}`)

func textPeople(t *step) bool {
	n, _ := strconv.Atoi(number.FindString(t.e.Text))
	return t.setPeople(n)
}

func (t *step) setPeople(n int) bool {
	if n < 1 || n > maxPeople {
		return false
	}
	t.s.Draft.Filing.People = n
	t.settled("told")
	return true
}

// cardPeople shows how many are behind it, when it is more than one.
func (t *step) cardPeople() string {
	if n := t.s.Draft.Filing.People; n > 1 {
		return t.text("card.people", "Count", n)
	}
	return ""
}
