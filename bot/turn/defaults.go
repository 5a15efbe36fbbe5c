package turn

import (
	"strings"
	"time"
)

func (o *Options) defaults() {
	setDefault(&o.Lease, 10*time.Second)
	setDefault(&o.Keep, 30*24*time.Hour)
	setDefault(&o.Sweep, 500*time.Millisecond)
	setDefault(&o.Most, 4096)
	setDefault(&o.Tasks, 32)
	setDefault(&o.ReadFor, 3*time.Second)
	setDefault(&o.CaseFor, 5*time.Second)
	setDefault(&o.SendFor, 30*time.Second)
	setDefault(&o.FetchFor, 2*time.Minute)
	setDefault(&o.HearFor, 20*time.Second)
	setDefault(&o.FirstRetry, 200*time.Millisecond)
	setDefault(&o.LastRetry, time.Minute)
	if o.Sorry == nil {
		o.Sorry = defaultSorry
	}
}

func setDefault[T int | time.Duration](v *T, standard T) {
	if *v == 0 {
		*v = standard
	}
}

func defaultSorry(lang string) string {
	if strings.HasPrefix(lang, "en") {
		return "Sorry, something went wrong on our side. Please say it again."
	}
	return "抱歉，我们这边出了点问题，请您再说一遍。"
}
