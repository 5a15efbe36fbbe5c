package bot

import (
	"regexp"
	"strconv"
)

// maxPeople is how many petitioners one petition may name.
const maxPeople = 10000

func askPeople(t *talk) {
	t.say(t.w("people.ask"), []Button{t.btn("people.one", "is:1")}, t.common(false))
}

func pressPeople(t *talk, action, arg string) bool {
	if action != "is" {
		return t.pressCommon(action)
	}
	return t.setPeople(atoi(arg))
}

var number = regexp.MustCompile(`[0-9]{1,5}`)

func textPeople(t *talk) bool {
	n, _ := strconv.Atoi(number.FindString(t.e.Text))
	return t.setPeople(n)
}

func (t *talk) setPeople(n int) bool {
	if n < 1 || n > maxPeople {
		return false
	}
	t.s.Draft.Filing.People = n
	t.known("told")
	return true
}

// cardPeople shows how many are behind it, when it is more than one.
func (t *talk) cardPeople() string {
	if n := t.s.Draft.Filing.People; n > 1 {
		return t.w("card.people", "Count", n)
	}
	return ""
}
