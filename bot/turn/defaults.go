package turn

import (
	"strings"
	"time"
)

func (o *Options) defaults() {
	or(&o.Lease, 10*time.Second)
	or(&o.Keep, 30*24*time.Hour)
	or(&o.Sweep, 500*time.Millisecond)
	or(&o.Most, 4096)
	or(&o.Errand, 32)
	or(&o.ReadFor, 3*time.Second)
	or(&o.CaseFor, 5*time.Second)
	or(&o.SendFor, 30*time.Second)
	or(&o.FetchFor, 2*time.Minute)
	or(&o.HearFor, 20*time.Second)
	or(&o.FirstRetry, 200*time.Millisecond)
	or(&o.LastRetry, time.Minute)
	if o.Sorry == nil {
		o.Sorry = sorry
	}
}

func or[T int | time.Duration](v *T, standard T) {
	if *v == 0 {
		*v = standard
	}
}

func sorry(lang string) string {
	if strings.HasPrefix(lang, "en") {
		return "Sorry, something went wrong on our side. Please say it again."
	}
	return "抱歉，我们这边出了点问题，请您再说一遍。"
}
