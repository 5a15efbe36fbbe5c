package turn

import "log/slog"

// failureLog logs the first of a row of failures and the first success after it: a store
// that is down would otherwise fill the log. One goroutine uses it.
type failureLog struct {
	what    string
	failing bool
}

func (o *failureLog) note(log *slog.Logger, err error) {
	switch {
	case err != nil && !o.failing:
		log.Warn(o.what, "err", err)
	case err == nil && o.failing:
		log.Info(o.what + ": works again")
	}
	o.failing = err != nil
}
