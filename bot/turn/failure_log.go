package turn

import "log/slog"

// failureLog says once that something fails and once that it works again, however often it
// is tried in between. One goroutine uses it.
type failureLog struct {
	what string
	away bool
}

func (o *failureLog) note(log *slog.Logger, err error) {
	switch {
	case err != nil && !o.away:
		log.Warn(o.what, "err", err)
	case err == nil && o.away:
		log.Info(o.what + ": works again")
	}
	o.away = err != nil
}
